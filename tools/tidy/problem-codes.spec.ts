import { PROBLEMS, isProblemCode } from '@getupnet/contracts';
import { unfilledProblems, unknownProblemCodes } from './problem-codes.js';
import { readFiles } from './repository.js';

const detailOf = (code: string) => (isProblemCode(code) ? PROBLEMS[code].detail : undefined);
const code = () => readFiles(/^(apps|libs|tools)\/.*(?<!\.spec)\.ts$/);

test('every code that is thrown, compared or named is in the catalogue', () => {
  expect(unknownProblemCodes(code(), isProblemCode)).toEqual([]);
});

test('every text gets what it asks for', () => {
  // The platform also reports faults of which the framework told it no more than the status.
  const thrown = code().filter(({ path }) => !path.startsWith('libs/platform/'));
  expect(unfilledProblems(thrown, detailOf)).toEqual([]);
});

test('codes are area.reason in snake case', () => {
  const odd = Object.keys(PROBLEMS).filter((name) => !/^[a-z]+\.[a-z_]+$/.test(name));
  expect(odd).toEqual(['internal']);
});

test('unknown codes are found, over line breaks too', () => {
  const text = `
    throw new AppError(
      'no.such', {});
    if (isAppError(error, 'nor.this')) return;
    const rule = { problem: 'nor.that' };
    throw new AppError('resource.not_found');`;
  expect(unknownProblemCodes([{ path: 'a.ts', text }], isProblemCode)).toEqual([
    'a.ts: no.such',
    'a.ts: nor.this',
    'a.ts: nor.that',
  ]);
});

test('texts that stay unfilled are found', () => {
  const text = `
    throw new AppError('sequence.used', { encf });
    throw new AppError('sequence.used', { number: encf }, { cause });
    throw new AppError('sequence.exhausted', {
      tipo: '31',
      environment: row.environment,
    });
    throw new AppError('document.state');
    throw new AppError('cert.invalid', FACTS);`;
  expect(unfilledProblems([{ path: 'a.ts', text }], detailOf)).toEqual([
    'a.ts: sequence.used without encf',
    'a.ts: document.state without state',
  ]);
});
