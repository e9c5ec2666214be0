import { dataAnswer, textAnswer, type Answer, type Value } from '../http/answer.js';
import { flippedAnswer, foreignAnswer, repeatedTrackId } from './false-answers.js';

const answer = (value: Value): Answer => dataAnswer(value, { wantsXml: false });
const bodyOf = (given: Answer | undefined): unknown =>
  given === undefined ? undefined : JSON.parse(given.body);

const RESULT = { trackId: 'a-0', codigo: '1', estado: 'Aceptado', rnc: '1', encf: 'E310000000009' };

describe('foreign', () => {
  it('names somebody else in every field, or in the wanted one', () => {
    const others = { trackId: 'a-1', rnc: '999000063', encf: 'E310000000000' };
    expect(bodyOf(foreignAnswer(answer(RESULT)))).toEqual({ ...RESULT, ...others });
    const { rnc } = others;
    expect(bodyOf(foreignAnswer(answer(RESULT), 'rnc'))).toEqual({ ...RESULT, rnc });
  });

  it('knows the names of the other services, and rows', () => {
    const row = { rncEmisor: '1', ncfElectronico: 'E1', montoTotal: 1 };
    const other = { rncEmisor: '999000063', ncfElectronico: 'E2', montoTotal: 1 };
    expect(bodyOf(foreignAnswer(answer([row, row])))).toEqual([other, other]);
  });

  it('cannot falsify what names nobody', () => {
    expect(foreignAnswer(answer({ mensaje: [] }))).toBeUndefined();
    expect(foreignAnswer(answer({ rnc: null }))).toBeUndefined();
    expect(foreignAnswer(answer(RESULT), 'trackId')).toBeDefined();
    expect(foreignAnswer(textAnswer(400, 'x'))).toBeUndefined();
  });
});

describe('flipped', () => {
  it.each([
    [RESULT, { codigo: '2', estado: 'Rechazado' }],
    [
      { codigo: 1, estado: 'Aceptado condicional', secuenciaUtilizada: true },
      { codigo: 2, estado: 'Rechazado', secuenciaUtilizada: false },
    ],
    [
      { codigo: '2', estado: 'Rechazado', secuenciaUtilizada: false },
      { codigo: '1', estado: 'Aceptado', secuenciaUtilizada: true },
    ],
  ])('%j tells the other final state', (value, other) => {
    expect(bodyOf(flippedAnswer(answer(value)))).toEqual({ ...value, ...other });
  });

  it('flips each row, and nothing that is not final', () => {
    const rows = [{ trackId: 'a', estado: 'Aceptado' }];
    expect(bodyOf(flippedAnswer(answer(rows)))).toEqual([{ trackId: 'a', estado: 'Rechazado' }]);
    expect(flippedAnswer(answer({ codigo: '3', estado: 'En Proceso' }))).toBeUndefined();
    expect(flippedAnswer(answer([{ estado: 'No encontrado' }]))).toBeUndefined();
    expect(flippedAnswer(answer([]))).toBeUndefined();
  });
});

it('repeats a trackId: the one before, or each row', () => {
  const reception = answer({ trackId: 'b', error: null });
  expect(bodyOf(repeatedTrackId(reception, 'a'))).toEqual({ trackId: 'a', error: null });
  expect(repeatedTrackId(reception, undefined)).toBeUndefined();
  expect(bodyOf(repeatedTrackId(answer([{ trackId: 'b' }]), undefined))).toHaveLength(2);
});
