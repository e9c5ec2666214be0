import { z } from 'zod';

const address = z.url({ protocol: /^https?$/ });
/** An empty address means the same as none. */
const optionalAddress = z
  .union([address, z.literal(''), z.null()])
  .optional()
  .transform((url) => (url === '' || url === null ? undefined : url));
const text = z.union([z.string(), z.number()]).transform(String);
const rnc = text.pipe(z.string().regex(/^(\d{9}|\d{11})$/));

const emission = z.object({
  rnc,
  tipoencf: text.pipe(z.string().regex(/^E?\d{2}$/i)).transform((tipo) => tipo.slice(-2)),
  urlrecepcion: address,
  urlautenticacion: optionalAddress,
});

const approval = z.object({
  rnc,
  encf: z
    .string()
    .toUpperCase()
    .regex(/^E\d{12}$/),
  urlaprobacioncomercial: address,
  urlautenticacion: optionalAddress,
  estadoaprobacion: text.pipe(z.string().regex(/^0?[12]$/)).transform((estado) => estado.slice(-1)),
});

export type EmissionRequest = z.output<typeof emission>;
export type ApprovalRequest = z.output<typeof approval>;

/** What is asked for, or the field that is wrong. */
export const emissionRequest = (body: unknown): EmissionRequest | string => read(emission, body);
export const approvalRequest = (body: unknown): ApprovalRequest | string => read(approval, body);

function read<T>(schema: z.ZodType<T>, body: unknown): T | string {
  const result = schema.safeParse(fieldsOf(body));
  if (result.success) return result.data;
  return `El campo ${String(result.error.issues[0]?.path[0] ?? '')} no es válido.`;
}

/** Fields in lower case, of JSON or of one flat XML element. */
function fieldsOf(body: unknown): Record<string, unknown> {
  const entries: (readonly [string, unknown])[] = Buffer.isBuffer(body)
    ? [...body.toString('utf8').matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(
        ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')] as const,
      )
    : Object.entries(body ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}
