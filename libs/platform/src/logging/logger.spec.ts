import { RequestContext, runInContext } from '../context/request-context.js';
import { PlatformLogger, createLogger } from './logger.js';

const lines: Record<string, unknown>[] = [];
const stream = { write: (text: string) => void lines.push(JSON.parse(text) as never) };
const logger = new PlatformLogger(createLogger({ service: 'billing', level: 'debug', stream }));

beforeEach(() => {
  lines.length = 0;
});

test('fields and text come out as one JSON line', () => {
  logger.log({ message: 'signed', documentId: 'd1' }, 'Signer');
  logger.warn('careful', 'Signer');
  logger.verbose('not at this level');
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      message: 'signed',
      documentId: 'd1',
      context: 'Signer',
    }),
    expect.objectContaining({ level: 'warn', message: 'careful', service: 'billing' }),
  ]);
});

test('a line break in a value cannot forge a line', () => {
  const texts: string[] = [];
  const raw = createLogger({
    service: 'billing',
    level: 'info',
    stream: { write: (text) => void texts.push(text) },
  });
  raw.info({ who: 'a\n{"level":"fatal"}' }, 'x\ny');
  expect(texts).toHaveLength(1);
  expect(texts[0]?.trimEnd()).not.toContain('\n');
});

test('INV-8: members that hold secrets, and credentials in texts, are redacted', () => {
  const secret = 'S3cr3tS3cr3tS3cr3t';
  logger.log({ message: 'x', password: secret, request: { authorization: secret, p12: secret } });
  logger.error(`refused Bearer ${secret}`, new Error(`key -----BEGIN PRIVATE KEY-----\n${secret}`));
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain(secret);
});

test('an error is logged with type, code, stack and cause, and without its other members', () => {
  const cause = Object.assign(new Error('duplicate'), { code: '23505', detail: 'Key (rnc)=(1)' });
  logger.error('failed', new TypeError('bad', { cause }));
  expect(lines[0]).toMatchObject({
    message: 'failed',
    err: {
      type: 'TypeError',
      stack: expect.stringContaining('logger.spec') as string,
      cause: { message: 'duplicate', code: '23505' },
    },
  });
  expect(JSON.stringify(lines)).not.toContain('Key (rnc)');
});

test('TEN-5: lines inside a job carry its trace, tenant and service', () => {
  const context = new RequestContext({ traceId: 'trace-123', tenantId: 't1', service: 'sign' });
  runInContext(context, () => logger.log('working'));
  expect(lines[0]).toMatchObject({ trace_id: 'trace-123', tenant_id: 't1', service: 'sign' });
});

test('Nest’s start-up chatter is debug', () => {
  logger.log('Mapped {/x, GET} route', 'RouterExplorer');
  expect(lines[0]).toMatchObject({ level: 'debug' });
});
