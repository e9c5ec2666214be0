import { readReception, readVerdict } from './answers.js';
import { readErrorBody } from './error-body.js';
import { messagesOf } from './lenient-json.js';
import { cleanText, cutText } from './texts.js';

const NUL = '\u0000';
const LONE = '\uD83D';

it('what no database keeps as text is replaced visibly', () => {
  expect(cleanText(`a${NUL}b${LONE}c😀`)).toBe('a\uFFFDb\uFFFDc😀');
  const verdict = readVerdict({
    estado: `Rechazado${NUL}`,
    mensajes: [{ codigo: LONE, valor: `x${NUL}` }, LONE],
  });
  const texts = JSON.stringify(verdict);
  expect(texts).not.toMatch(/\\u0000|\\ud83d/i);
  expect(texts).toContain('\uFFFD');
  for (const body of [NUL, `{"mensaje":"${LONE}"}`, `{"title":"t","errors":{"${LONE}":["x"]}}`]) {
    const { mensajes } = readErrorBody(400, 'text/plain', `x${body}`.slice(body === NUL ? 0 : 1));
    expect(JSON.stringify(mensajes)).toContain('\uFFFD');
  }
});

it('a cut never leaves half a character and shows', () => {
  expect(cutText('abc', 3)).toBe('abc');
  expect(cutText('abcd', 3)).toBe('ab…');
  expect(cutText('ab😀', 3)).toBe('ab…');
  expect(cutText('a😀b', 3)).toBe('a…');
});

describe('messages', () => {
  const total = (messages: readonly { codigo: string; valor: string }[]): number =>
    messages.reduce((sum, { codigo, valor }) => sum + codigo.length + valor.length, 0);

  it('as DGII writes them stay as they are', () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ codigo: `${at}`, valor: 'Campo malo' }));
    expect(messagesOf(many)).toEqual(many);
  });

  it.each([
    ['one that is endless', [{ codigo: 'c'.repeat(900_000), valor: 'v'.repeat(900_000) }]],
    ['long ones', Array.from({ length: 100 }, () => 'v'.repeat(5_000))],
    ['thousands', Array.from({ length: 50_000 }, () => 'v')],
    ['empty codes by the thousand', Array.from({ length: 50_000 }, () => ({ codigo: '1' }))],
  ])('%s: bounded, and the cut is seen', (_name, value) => {
    for (const messages of [
      messagesOf(value),
      readErrorBody(400, '', JSON.stringify({ title: 't', errors: { x: value } })).mensajes,
      readReception({ error: value, mensaje: value, mensajes: value }),
    ]) {
      const list = messages !== null && 'mensajes' in messages ? messages.mensajes : messages;
      const said = Array.isArray(list) ? list : [];
      expect(said.length).toBeLessThanOrEqual(101);
      expect(total(said)).toBeLessThanOrEqual(8_200);
    }
    expect(messagesOf(value).at(-1)?.valor).toMatch(/…/);
  });

  it('other fields are bounded too', () => {
    const verdict = readVerdict({ estado: 'x'.repeat(900_000), codigo: 1 });
    expect(verdict?.estado).toHaveLength(1_000);
  });
});
