import { approvalOutcome, isOther, voidOutcome } from './declaration-outcomes.js';

const ok = <T>(value: T, raw = '{}') => ({ kind: 'ok', value, raw }) as const;
const mensajes = [{ codigo: '', valor: 'no' }];
const approval = { codigo: '1', estado: 'Aprobación Comercial Aprobada.', mensajes: [] };
const voided = { rnc: '131880738', nombre: 'ACME', codigo: '1', mensajes: [] };
const RNC = '131880738';

const refused = { kind: 'refused', httpStatus: 400, codigo: null, mensajes, raw: '"no"' } as const;
const lost = { kind: 'lost', reason: 'timeout' } as const;
const html = { kind: 'unusable', reason: 'answer.markup', httpStatus: 200, raw: '<p>' } as const;
const down = { kind: 'unavailable', reason: 'ECONNREFUSED', retryAfterMs: 5 } as const;
const unsupported = { kind: 'unsupported' } as const;

describe('what a declaration came to', () => {
  it.each([
    [approvalOutcome(ok(approval)), 'ACCEPTED', approval.estado],
    [
      approvalOutcome(ok({ ...approval, codigo: '02', estado: 'Aprobacion Comercial Rechazada.' })),
      'REJECTED',
      'Aprobacion Comercial Rechazada.',
    ],
    [approvalOutcome(ok({ ...approval, codigo: '' })), 'ACCEPTED', approval.estado],
    [voidOutcome(ok(voided), RNC), 'ACCEPTED', null],
    [voidOutcome(ok({ ...voided, codigo: '2', mensajes }), RNC), 'REJECTED', null],
  ])('is answered when DGII says so in known words (%#)', (outcome, status, estado) => {
    expect(outcome).toMatchObject({ kind: 'answered', verdict: { status, estado } });
  });

  it.each([
    ['other words', approvalOutcome(ok({ ...approval, estado: 'En Proceso' }, 'R'))],
    ['words against the code', approvalOutcome(ok({ ...approval, codigo: '2' }, 'R'))],
    ['a code alone', approvalOutcome(ok({ ...approval, estado: '' }, 'R'))],
    ['a code that names nobody', voidOutcome(ok({ ...voided, rnc: null }, 'R'), RNC)],
    ['another code', voidOutcome(ok({ ...voided, codigo: '7' }, 'R'), RNC)],
    ['another issuer', voidOutcome(ok({ ...voided, rnc: '101010101' }, 'R'), RNC)],
  ])('is unknown after %s, with what did come', (_name, outcome) => {
    expect(outcome).toMatchObject({ kind: 'unknown', raw: 'R' });
  });

  it.each([
    ['refused', refused, { kind: 'refused', httpStatus: 400, mensajes, raw: '"no"' }],
    ['lost', lost, { kind: 'unknown', reason: 'timeout', raw: null }],
    ['an HTML page', html, { kind: 'unknown', reason: 'answer.markup', raw: '<p>' }],
    ['not sent', down, down],
    ['not there', unsupported, unsupported],
  ])('is honest about what was %s', (_name, answer, outcome) => {
    expect(approvalOutcome(answer)).toEqual(outcome);
    expect(voidOutcome(answer, RNC)).toEqual(outcome);
  });

  it('hands on no more than 8 KB of a body', () => {
    const raw = 'x'.repeat(100_000);
    for (const outcome of [
      approvalOutcome({ ...refused, raw }),
      voidOutcome({ ...html, raw }, RNC),
    ]) {
      expect(outcome).toMatchObject({ raw: `${'x'.repeat(8_191)}…` });
    }
  });
});

it('compares taxpayers without regard to hyphens and noughts in front', () => {
  expect(isOther('1-31-88073-8', RNC)).toBe(false);
  expect(isOther('100000001', '00100000001')).toBe(false);
  expect(isOther(null, RNC)).toBe(false);
  expect(isOther('131880739', RNC)).toBe(true);
});
