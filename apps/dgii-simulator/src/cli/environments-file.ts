import { ENVIRONMENTS } from '@getupnet/contracts';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { EnvironmentOptions } from '../options.js';
import { because, CommandError } from './command-error.js';

const rnc = z.string().regex(/^(\d{9}|\d{11})$/, 'se espera un RNC (9 dígitos) o una cédula (11)');
const date = z.string().regex(/^\d{2}-\d{2}-\d{4}$/, 'se espera una fecha dd-MM-yyyy');
const number = z.int().min(1);

const environmentSchema = z
  .strictObject({
    fechaVencimientoSecuencia: date,
    sequences: z.record(
      z.string().regex(/^\d{2}$/, 'se espera un tipo de e-CF: 31, 32, …'),
      z.strictObject({ first: number, last: number }),
    ),
    delegates: z.record(rnc, z.array(z.string())),
    strictDelegation: z.boolean(),
    inactiveIssuers: z.array(rnc),
    unknownIssuers: z.array(rnc),
    notElectronicIssuers: z.array(rnc),
    electronicSince: z.record(rnc, date),
    deferredIssuers: z.array(rnc),
    directory: z.array(
      z.strictObject({
        nombre: z.string(),
        rnc,
        urlRecepcion: z.url(),
        urlAceptacion: z.url(),
        urlOpcional: z.url().exactOptional(),
      }),
    ),
  })
  .partial();

const schema = z.partialRecord(z.enum(ENVIRONMENTS), environmentSchema);

type Known = Omit<EnvironmentOptions, 'trustedAuthorities'>;
/** What DGII knows about taxpayers, for the environments that a file speaks of. */
export type EnvironmentsFile = Readonly<Partial<Record<(typeof ENVIRONMENTS)[number], Known>>>;

/** Reads `--taxpayers`; what is wrong in it is told with its place. */
export function readEnvironments(path: string): EnvironmentsFile {
  const fail = (reason: string, cause?: unknown): never => {
    throw new CommandError(`--taxpayers: «${path}»: ${reason}`, undefined, { cause });
  };
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    // JSON knows no undefined: what is absent is absent.
    if (parsed.success) return parsed.data as EnvironmentsFile;
    return fail(`\n${z.prettifyError(parsed.error)}`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    return fail(`${because(error)}.`, error);
  }
}
