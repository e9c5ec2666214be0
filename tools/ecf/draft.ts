import {
  complete,
  normalize,
  validate,
  type EcfDocument,
  type Finding,
  type IssuerProfile,
} from '@getupnet/ecf';
import type { Invocation } from '../cli/options.js';
import { isRecord } from './input.js';
import { CliError, type Io } from '../cli/io.js';

/** Options of the commands that complete a request. */
export const DRAFT_OPTIONS = {
  issuer: { type: 'string' },
  encf: { type: 'string' },
  expires: { type: 'string' },
} as const;

export const DRAFT_HELP = `
  --issuer FILE      JSON con los datos del emisor: RNCEmisor, RazonSocialEmisor, DireccionEmisor…
  --encf NUMBER      e-NCF, si el documento no lo dice: E310000000001
  --expires DATE     FechaVencimientoSecuencia, si no la dice: 31-12-2027`;

/** What the platform would put from its own records. */
export interface Records {
  readonly issuer: Partial<IssuerProfile>;
  readonly encf?: string;
  readonly expires?: string;
}

export async function recordsOf(invocation: Invocation, io: Io): Promise<Records> {
  const file = invocation.text('issuer');
  const encf = invocation.text('encf');
  const expires = invocation.text('expires');
  return {
    issuer: file === undefined ? {} : await issuerOf(file, io),
    ...(encf !== undefined && { encf }),
    ...(expires !== undefined && { expires }),
  };
}

async function issuerOf(file: string, io: Io): Promise<Partial<IssuerProfile>> {
  const text = Buffer.from(await io.readFile(file)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CliError(`«${file}» no es JSON válido: es el emisor.`, undefined, { cause });
  }
  if (!isRecord(value)) throw new CliError(`«${file}» no es un objeto JSON: es el emisor.`);
  // Its fields are checked with the document's.
  return value as Partial<IssuerProfile>;
}

export interface Completed {
  /** Undefined when the request could not even be read as an e-CF. */
  readonly document: EcfDocument | undefined;
  readonly findings: readonly Finding[];
}

/** normalise → complete → validate, as the API does. */
export function completeDraft(tree: unknown, records: Records, now: Date): Completed {
  const normalized = normalize(tree);
  if (!normalized.ok) return { document: undefined, findings: normalized.findings };
  const stated = normalized.document.Encabezado?.Emisor?.RNCEmisor;
  const issuer = { ...(stated !== undefined && { RNCEmisor: stated }), ...records.issuer };
  const { document, findings } = complete(normalized.document, {
    issuer: issuer as IssuerProfile,
    now,
    ...(records.encf !== undefined && { encf: records.encf }),
    ...(records.expires !== undefined && { fechaVencimientoSecuencia: records.expires }),
  });
  const all = [...normalized.findings, ...findings, ...validate(document)];
  return { document, findings: all };
}
