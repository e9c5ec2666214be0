import { judgeVoid, rejected } from './void-verdict.js';
import type { Numbers } from './void-plan.js';

const numbers = (first: bigint, last: bigint, tipo = 31): Numbers => ({ tipo, first, last });
const says = (status: 'ACCEPTED' | 'REJECTED', ...texts: string[]) => ({
  status,
  mensajes: texts.map((valor) => ({ codigo: '', valor })),
});
const shown = ({ state, ranges }: ReturnType<typeof judgeVoid>) => [
  state,
  ...ranges.map((r) => `${r.tipo}:${r.first}-${r.last} ${r.outcome}`),
];

describe('judgeVoid', () => {
  it('takes an acceptance without exceptions for all of them', () => {
    const verdict = says('ACCEPTED', 'Secuencias anuladas.');
    expect(shown(judgeVoid([numbers(1n, 9n)], verdict, false))).toEqual([
      'ACCEPTED',
      '31:1-9 VOIDED',
    ]);
    expect(shown(judgeVoid([numbers(1n, 9n)], verdict, true))[0]).toBe('ACCEPTED');
  });

  it('keeps the numbers DGII names apart: single ones, and from one to another', () => {
    const verdict = says(
      'ACCEPTED',
      'Secuencias anuladas con excepción de las del detalle.',
      'Secuencias ya utilizadas: E310000000005, E310000000008.',
      'No autorizadas: E310000000020 - E310000000029, E320000000001 hasta E320000000002',
    );
    const asked = [numbers(1n, 9n), numbers(15n, 22n), numbers(1n, 3n, 32)];
    expect(shown(judgeVoid(asked, verdict, false))).toEqual([
      'PARTIALLY_ACCEPTED',
      '31:1-4 VOIDED',
      '31:5-5 UNCLEAR',
      '31:6-7 VOIDED',
      '31:8-8 UNCLEAR',
      '31:9-9 VOIDED',
      '31:15-19 VOIDED',
      '31:20-22 UNCLEAR',
      '32:1-2 UNCLEAR',
      '32:3-3 VOIDED',
    ]);
  });

  it('takes nothing for voided when exceptions are spoken of and none of ours is named', () => {
    const verdict = says('ACCEPTED', 'Anuladas con excepción de las del detalle.');
    expect(shown(judgeVoid([numbers(1n, 9n)], verdict, false))).toEqual([
      'PARTIALLY_ACCEPTED',
      '31:1-9 UNCLEAR',
    ]);
  });

  it('believes a rejection only if no earlier sending can be meant', () => {
    const verdict = says('REJECTED', 'Secuencias ya utilizadas: E310000000005.');
    expect(shown(judgeVoid([numbers(5n, 5n)], verdict, false))).toEqual([
      'REJECTED',
      '31:5-5 NOT_VOIDED',
    ]);
    expect(shown(judgeVoid([numbers(5n, 5n)], verdict, true))).toEqual([
      'REVIEW',
      '31:5-5 UNCLEAR',
    ]);
    expect(rejected([numbers(5n, 5n)], true).state).toBe('REVIEW');
  });
});
