import type { ContingencyResource } from '@getupnet/contracts';
import { dominicanDateTime } from '@getupnet/kernel';
import type { NumbersOfType } from './contingencies.repository.js';

export interface NoticeFacts {
  readonly rnc: string;
  readonly name: string;
  readonly episode: ContingencyResource;
  readonly numbers: readonly NumbersOfType[];
  readonly now: Date;
}

const ENVIRONMENT_NAMES = {
  testecf: 'Pre-certificación',
  certecf: 'Certificación',
  ecf: 'Producción',
} as const;

/**
 * Text of the notice a taxpayer owes DGII at once, through the contingency module of its virtual
 * office or by telephone (Informe Técnico e-CF v1.0, pp. 49-50). Plain text: that form takes no other.
 */
export function noticeOf({ rnc, name, episode, numbers, now }: NoticeFacts): string {
  const { kind, endedAt } = episode;
  const title = endedAt === null ? 'INICIO DE CONTINGENCIA' : 'CIERRE DE CONTINGENCIA';
  const lines = [
    `NOTIFICACIÓN DE ${title} — FACTURACIÓN ELECTRÓNICA`,
    '',
    `Contribuyente: ${name}`,
    `RNC: ${rnc}`,
    `Ambiente: ${ENVIRONMENT_NAMES[episode.environment]}`,
    `Tipo: ${kindInWords(kind)}`,
    `Alcance: ${scopeInWords(episode)}`,
    `Causa: ${episode.cause}`,
    `Inicio: ${inDominicanTime(episode.begunAt)}`,
    `Fin: ${endedAt === null ? 'continúa a la fecha de este aviso' : inDominicanTime(endedAt)}`,
    '',
    ...(kind === 'NO_CONNECTION' ? issuedLines(episode, numbers) : paperLines(episode, numbers)),
    '',
    `Referencia interna: ${episode.id}`,
    `Preparado: ${dominicanDateTime(now)} (hora de República Dominicana)`,
  ];
  return `${lines.join('\n')}\n`;
}

function kindInWords(kind: ContingencyResource['kind']): string {
  return kind === 'NO_CONNECTION'
    ? 'sin conexión con la DGII; se emiten e-CF que se remiten al restablecerse'
    : 'imposibilidad de emitir e-CF; se usan comprobantes de la serie B';
}

function scopeInWords({ scope, branches }: ContingencyResource): string {
  return scope === 'TOTAL' ? 'total' : `parcial, sucursales ${branches.join(', ')}`;
}

function inDominicanTime(instant: string): string {
  return dominicanDateTime(new Date(instant));
}

function issuedLines(
  { documents: { issued, received, waiting, unanswered, sendBy } }: ContingencyResource,
  numbers: readonly NumbersOfType[],
): string[] {
  const open = waiting + unanswered;
  return [
    `e-CF emitidos en contingencia: ${issued} (recibidos por la DGII ${received}, por remitir ${open})`,
    ...rangesOf(numbers, 'ecf'),
    ...(sendBy === null ? [] : [`Plazo del más antiguo por remitir: ${inDominicanTime(sendBy)}`]),
    'Cada e-CF lleva en su representación impresa la leyenda de contingencia (72 horas) y se ' +
      'remite en el orden de su emisión, con los mismos bytes firmados.',
  ];
}

function paperLines(
  { paper: { captured, replaced } }: ContingencyResource,
  numbers: readonly NumbersOfType[],
): string[] {
  return [
    `Comprobantes de la serie B entregados: ${captured} (reemplazados ${replaced}, por reemplazar ${captured - replaced})`,
    ...rangesOf(numbers, 'paper'),
    'Cada uno se reemplaza con el e-CF equivalente, que lo refiere (NCFModificado) con ' +
      'CodigoModificacion 4 y se remite solo a la DGII.',
  ];
}

function rangesOf(numbers: readonly NumbersOfType[], what: NumbersOfType['what']): string[] {
  return numbers
    .filter((one) => one.what === what)
    .map(({ tipo, documents, first, last }) =>
      first === last
        ? `  Tipo ${tipo}: ${documents}, ${first}`
        : `  Tipo ${tipo}: ${documents}, entre ${first} y ${last}`,
    );
}
