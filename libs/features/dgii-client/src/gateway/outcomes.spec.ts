import { readErrorBody, type VerdictAnswer } from '@getupnet/dgii-api';
import {
  foreignParts,
  isForeign,
  receptionOutcome,
  resultOutcome,
  rfceOutcome,
  statusOutcome,
  tracksOutcome,
} from './outcomes.js';

const subject = { rnc: '131880681', encf: 'E320000000001', trackId: 'TRACK-1' };
const answer = (over: Partial<VerdictAnswer> = {}): VerdictAnswer => ({
  trackId: null,
  codigo: '1',
  estado: 'Aceptado',
  rnc: null,
  encf: 'E320000000001',
  secuenciaUtilizada: true,
  fechaRecepcion: null,
  receivedAt: null,
  mensajes: [{ codigo: '0', valor: '' }],
  ...over,
});
const ok = <T>(value: T) => ({ kind: 'ok', value, raw: '' }) as const;
const refused = {
  kind: 'refused',
  httpStatus: 400,
  codigo: null,
  mensajes: [{ codigo: '', valor: 'no' }],
  raw: '{"mensaje":"no"}',
} as const;
const lost = { kind: 'lost', reason: 'timeout' } as const;
const html = {
  kind: 'unusable',
  reason: 'answer.markup',
  httpStatus: 200,
  raw: '<html>',
} as const;
const down = { kind: 'unavailable', reason: 'ECONNREFUSED', retryAfterMs: 5 } as const;

describe('what a sent document came to', () => {
  it('is received with a trackId, refused with a reason, otherwise unknown or not sent', () => {
    expect(receptionOutcome(ok({ trackId: 'track-1' }))).toEqual({
      kind: 'received',
      trackId: 'track-1',
    });
    expect(receptionOutcome(refused)).toEqual({
      kind: 'refused',
      httpStatus: 400,
      mensajes: refused.mensajes,
      raw: refused.raw,
    });
    expect(receptionOutcome(lost)).toEqual({ kind: 'unknown', reason: 'timeout' });
    expect(receptionOutcome(html)).toEqual({ kind: 'unknown', reason: 'answer.markup' });
    expect(receptionOutcome(down)).toEqual(down);
  });

  it.each(['', '-37', 'x', '<b>', 'a b c d e f', 'x'.repeat(101)])(
    'is unknown, and not adopted, under a trackId that is none: «%s»',
    (trackId) => {
      expect(receptionOutcome(ok({ trackId }))).toMatchObject({ kind: 'unknown' });
      const listed = { trackId, estado: 'Aceptado', fechaRecepcion: null, receivedAt: null };
      expect(tracksOutcome(ok([listed]))).toMatchObject({ kind: 'unavailable' });
    },
  );

  it('is the verdict at once for a summary, DGII’s words kept', () => {
    const rejected = answer({
      codigo: '2',
      estado: 'Rechazado',
      secuenciaUtilizada: false,
      mensajes: [{ codigo: '1209', valor: 'usado' }],
    });
    expect(rfceOutcome(ok(rejected), subject)).toEqual({
      kind: 'verdict',
      verdict: {
        codigo: '2',
        estado: 'Rechazado',
        status: 'REJECTED',
        mensajes: [{ codigo: '1209', valor: 'usado' }],
        secuenciaUtilizada: false,
        fechaRecepcion: null,
      },
    });
  });

  it.each([
    ['another e-NCF', answer({ encf: 'E320000000002' })],
    ['no verdict', answer({ codigo: '3', estado: 'En Proceso' })],
    ['word against code', answer({ codigo: '2' })],
  ])('is unknown when a summary is answered with %s', (_name, value) => {
    expect(rfceOutcome(ok(value), subject)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a verdict', () => {
  it('needs words: a number alone is no verdict and permits no resend', () => {
    for (const codigo of ['0', '1', '2', '4']) {
      const bare = ok(answer({ codigo, estado: '' }));
      expect(rfceOutcome(bare, subject)).toMatchObject({ kind: 'unknown' });
      expect(resultOutcome(bare, subject)).toMatchObject({ kind: 'unavailable' });
      expect(statusOutcome(bare, subject)).toMatchObject({ kind: 'unavailable' });
    }
  });

  it('needs a name: one about nobody in particular could be about anybody', () => {
    const nameless = ok(answer({ encf: null }));
    expect(rfceOutcome(nameless, subject)).toMatchObject({ kind: 'unknown' });
    expect(resultOutcome(nameless, subject)).toMatchObject({ kind: 'unavailable' });
    expect(statusOutcome(nameless, subject)).toMatchObject({ kind: 'unavailable' });
    for (const over of [{ rnc: subject.rnc }, { trackId: subject.trackId }]) {
      const named = ok(answer({ encf: null, ...over }));
      expect(resultOutcome(named, subject)).toMatchObject({ kind: 'verdict' });
    }
  });

  it('of a taxpayer written another way is not foreign', () => {
    const cedula = { ...subject, rnc: '00112345678' };
    expect(isForeign(answer({ rnc: '112345678' }), cedula)).toBe(false);
    expect(isForeign(answer({ rnc: '1-31-88068-1' }), subject)).toBe(false);
  });
});

it('what is handed on is bounded', () => {
  const long = '\u0001'.repeat(900_000);
  const endless = { ...refused, mensajes: [{ codigo: '', valor: long }], raw: long };
  const list = Array.from({ length: 64 }, (_, at) => ({
    trackId: `track-${at}`,
    estado: long.slice(0, 1_000),
    fechaRecepcion: null,
    receivedAt: null,
  }));
  // 64 of the worst fit into what the port over the network takes (10 MB).
  const said = JSON.stringify({ mensajes: Array.from({ length: 300 }, () => long.slice(0, 900)) });
  const { mensajes } = readErrorBody(400, '', said);
  const worst = receptionOutcome({ ...refused, mensajes, raw: long });
  expect(mensajes.length).toBeGreaterThan(5);
  expect(64 * JSON.stringify(worst).length).toBeLessThan(9_000_000);
  expect(JSON.stringify(tracksOutcome(ok(list))).length).toBeLessThan(100_000);
  expect(JSON.stringify(resultOutcome(endless, subject)).length).toBeLessThan(5_000);
  expect(receptionOutcome({ ...refused, raw: long })).toMatchObject({
    raw: `${long.slice(0, 8_191)}…`,
  });
});

describe('the result of a trackId', () => {
  it.each([
    ['0', 'No encontrado', false],
    ['3', 'En Proceso', true],
  ])('%s %s means: ask again', (codigo, estado, known) => {
    expect(resultOutcome(ok(answer({ codigo, estado, encf: null })), subject)).toEqual({
      kind: 'pending',
      estado,
      known,
    });
  });

  it.each([
    ['RNC', { rnc: '101010101' }],
    ['e-NCF', { encf: 'E320000000009' }],
    ['trackId', { trackId: 'TRACK-2' }],
  ])('about another %s is foreign, whatever it says', (_name, over) => {
    expect(resultOutcome(ok(answer(over)), subject)).toMatchObject({ kind: 'foreign' });
  });

  it.each([{ rnc: '-10' }, { rnc: 'x' }, { encf: '-14' }, { encf: 'x' }, { trackId: '-37' }])(
    'with something that is no name in its place (%j) is neither a verdict nor an incident',
    (over) => {
      const odd = ok(answer(over));
      expect(resultOutcome(odd, subject)).toMatchObject({ kind: 'unavailable' });
      expect(statusOutcome(odd, subject)).toMatchObject({ kind: 'unavailable' });
      expect(rfceOutcome(odd, subject)).toMatchObject({ kind: 'unknown' });
      expect(foreignParts(odd, subject)).toBeNull();
    },
  );

  it('compares without regard to case and only what is stated', () => {
    const value = answer({ rnc: '131880681', encf: 'e320000000001', trackId: 'track-1' });
    expect(isForeign(value, subject)).toBe(false);
    expect(isForeign(answer({ encf: null }), subject)).toBe(false);
  });

  it('that cannot be understood is never a verdict', () => {
    for (const bad of [lost, html, refused, down, ok(answer({ codigo: '2' }))]) {
      expect(resultOutcome(bad, subject)).toMatchObject({ kind: 'unavailable' });
    }
  });
});

describe('whether a document arrived', () => {
  it('is told by trackIds, by their absence, or not at all', () => {
    const said = { trackId: 'track-a', estado: 'Aceptado', fechaRecepcion: 'x' };
    const at = '2026-01-02T17:00:00.000Z';
    const tracks = [
      { ...said, receivedAt: new Date(at) },
      { ...said, receivedAt: null },
    ];
    expect(tracksOutcome(ok(tracks))).toEqual({
      kind: 'tracked',
      trackIds: [
        { trackId: 'track-a', estado: 'Aceptado', receivedAt: at },
        { trackId: 'track-a', estado: 'Aceptado', receivedAt: null },
      ],
    });
    expect(tracksOutcome(ok([]))).toEqual({ kind: 'none' });
    expect(tracksOutcome({ kind: 'unsupported' })).toEqual({ kind: 'unsupported' });
  });

  it('is "none" only for "No encontrado" in so many words', () => {
    const notFound = answer({ codigo: '0', estado: 'No encontrado' });
    expect(statusOutcome(ok(notFound), subject)).toEqual({ kind: 'none' });
    expect(statusOutcome(ok(answer()), subject)).toMatchObject({ kind: 'verdict' });
    const others = [
      ok(answer({ codigo: '3', estado: 'En Proceso' })),
      ok(answer({ codigo: '', estado: 'Quién sabe' })),
      ok(answer({ encf: 'E320000000002', codigo: '0', estado: 'No encontrado' })),
      refused,
      lost,
      html,
      down,
    ];
    for (const other of others) {
      expect(statusOutcome(other, subject)).toMatchObject({ kind: 'unavailable' });
    }
    for (const other of [refused, lost, html, down]) {
      expect(tracksOutcome(other)).toMatchObject({ kind: 'unavailable' });
    }
  });
});
