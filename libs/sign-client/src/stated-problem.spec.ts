import { statedProblem } from './stated-problem.js';

describe('statedProblem', () => {
  it('gives back code and parameters', () => {
    const detail = 'El archivo P12 no se pudo usar: la clave (RSA) no sirve.';
    const problem = statedProblem({ code: 'cert.invalid', detail, status: 422 });
    expect(problem).toMatchObject({
      code: 'cert.invalid',
      params: { reason: 'la clave (RSA) no sirve' },
    });
  });

  it('does without parameters when the text is another', () => {
    const problem = statedProblem({ code: 'cert.expired', detail: 'Something else' });
    expect(problem).toMatchObject({ code: 'cert.expired', params: {} });
    expect(statedProblem({ code: 'cert.missing' })).toMatchObject({ code: 'cert.missing' });
  });

  it.each([[undefined], ['<html>'], [{}], [{ code: 'no.such_code' }], [{ code: 7 }]])(
    'is null for %j',
    (body) => {
      expect(statedProblem(body)).toBeNull();
    },
  );
});
