import {
  FINDINGS,
  type DgiiReaction,
  type FindingCode,
  type FindingDefinition,
} from '@getupnet/ecf';
import { argumentOf, type Command } from '../command.js';
import { CliError, EXIT } from '../../cli/io.js';
import { json } from '../report.js';
import { didYouMean } from '../../cli/suggest.js';

export const explainCommand: Command = {
  name: 'explain',
  argument: 'CODE',
  summary: 'explica un código de hallazgo: causa, remedio, fuente, qué haría la DGII',
  help: `
CODE es como ECF-TOT-01 (también «tot-01»). Todos los códigos: docs/reference/findings.md.`,
  options: {},
  async run(invocation, io) {
    const code = codeOf(argumentOf(explainCommand, invocation));
    const definition: FindingDefinition = FINDINGS[code];
    io.out(
      invocation.flag('json')
        ? json({ code, ...definition })
        : `${code} — ${SEVERITY[definition.severity]}\n\n${facts(definition)}\n`,
    );
    return EXIT.ok;
  },
};

const SEVERITY = { error: 'error', warning: 'aviso', info: 'nota' } as const;

const REACTION: Readonly<Record<DgiiReaction, string>> = {
  rejects: 'rechaza el documento',
  conditional: 'lo acepta condicionalmente',
  accepts: 'lo acepta',
  unknown: 'no se sabe: sus documentos no lo dicen',
};

function facts(definition: FindingDefinition): string {
  const { message, cause, fix, source, dgii, reusesNumber, formats, at } = definition;
  const reuse =
    reusesNumber === null
      ? ''
      : reusesNumber
        ? '; el e-NCF se puede reusar'
        : '; el e-NCF se pierde';
  const every = at ? 'todo e-CF que tenga el campo' : 'todos';
  return [
    ['Mensaje', message],
    ['Causa', cause],
    ['Remedio', fix],
    ['Fuente', source],
    ['DGII', REACTION[dgii] + (dgii === 'rejects' ? reuse : '')],
    ['Tipos', formats?.join(', ') ?? every],
    ['Campos', at?.join('\n           ') ?? 'cualquiera'],
  ]
    .map(([title = '', text = '']) => `  ${title.padEnd(9)}${text}`)
    .join('\n');
}

const CODES = Object.keys(FINDINGS) as readonly FindingCode[];

function codeOf(written: string): FindingCode {
  const whole = `ECF-${written.toUpperCase().replace(/^ECF-/, '')}`;
  const code = CODES.find((one) => one === whole);
  if (code) return code;
  throw new CliError(`No existe el código «${written}».${didYouMean(whole, CODES)}`);
}
