import { AppError } from '@getupnet/kernel';
import { Logger } from '@nestjs/common';
import { logFailure } from './log-failure.js';

class Kept extends Logger {
  readonly lines: (readonly [level: string, line: unknown])[] = [];
  override warn(line: unknown): void {
    this.lines.push(['warn', line]);
  }
  override error(line: unknown): void {
    this.lines.push(['error', line]);
  }
}

it.each([
  ['warn', new AppError('dependency.unavailable', { dependency: 'base de datos' })],
  ['warn', new AppError('dependency.timeout')],
  ['error', new AppError('storage.full')],
  ['error', new TypeError('a bug')],
  ['error', 'a text'],
])('is a line of level %s for %s', (level, error) => {
  const logger = new Kept();
  logFailure(logger, error, { message: 'it waits', id: 7 });
  expect(logger.lines).toEqual([[level, { message: 'it waits', id: 7, err: error }]]);
});
