import type { Environment } from '@getupnet/contracts';
import { dataAnswer, parameterProblem, textAnswer, type Answer } from '../http/answer.js';
import { EMISOR_RECEPTOR } from '../http/service-map.js';
import type { DirectoryEntry, Settings } from '../options.js';
import { DGII_RNC } from '../sender/sample-documents.js';
import type { Call, Handler } from './call.js';

const RNC = /^(\d{9}|\d{11})$/;

interface DirectoryParts {
  readonly settings: Settings;
  /** Address at which callers reach this simulator. */
  readonly publicUrl: () => string;
}

/** Every receiver; in testecf DGII's own emisor-receptor, whoever is asked about (p. 33). */
export function directorioListado(parts: DirectoryParts): Handler {
  return (call): Answer => dataAnswer(entriesOf(parts, call).map(row), { wantsXml: false });
}

/** One receiver: an object where the list would have one entry, an empty list for none. */
export function directorioPorRnc(parts: DirectoryParts): Handler {
  return (call): Answer => {
    const rnc = call.query['rnc'] ?? '';
    if (rnc === '') return parameterProblem('RNC', 'The RNC field is required.');
    if (!RNC.test(rnc)) return textAnswer(400, 'El RNC no es válido.');
    const entry = entriesOf(parts, call).find((known) => known.rnc === rnc);
    return dataAnswer(entry === undefined ? [] : row(entry), { wantsXml: false });
  };
}

function entriesOf(parts: DirectoryParts, call: Call): readonly DirectoryEntry[] {
  const configured = configuredFor(parts.settings, call.environment);
  if (configured !== undefined) return configured;
  if (call.environment !== 'testecf') return [];
  const base = `${parts.publicUrl()}/ecf/testecf${EMISOR_RECEPTOR}`;
  const rnc = call.query['rnc'] ?? DGII_RNC;
  return [{ nombre: 'DGII', rnc, urlRecepcion: base, urlAceptacion: base, urlOpcional: base }];
}

const configuredFor = (
  settings: Settings,
  environment: Environment,
): readonly DirectoryEntry[] | undefined => settings.environments[environment].directory;

const row = (entry: DirectoryEntry): Record<string, string | null> => ({
  nombre: entry.nombre,
  rnc: entry.rnc,
  urlRecepcion: entry.urlRecepcion,
  urlAceptacion: entry.urlAceptacion,
  urlOpcional: entry.urlOpcional ?? null,
});
