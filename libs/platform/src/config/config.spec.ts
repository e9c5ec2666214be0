import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { BootError } from '../boot/boot-error.js';
import { renderEnvExample } from './env-example.js';
import { defineEnv } from './env-spec.js';
import { loadConfig, type EnvSource } from './load-config.js';
import { secretText } from './secret.js';

const first = defineEnv('first', {
  LIMIT: z.coerce.number().int().min(1).default(5).describe('How many at once'),
  MODE: z.enum(['fast', 'slow']).describe('How it works'),
});
const second = defineEnv('second', {
  API_KEY: secretText(16).describe('Key of the other system'),
  NOTE: z.string().optional().describe('Free text'),
});

const KEY = 'k8Zq1vXw93LmPq0s';
const problems = (source: EnvSource): readonly string[] => {
  try {
    loadConfig([first, second], source);
  } catch (error) {
    if (error instanceof BootError) return error.problems;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test('answers typed values per spec, with defaults', () => {
    const config = loadConfig([first, second], { MODE: 'fast', API_KEY: KEY, NOTE: '' });
    const values = config.get(first);
    expect(values).toEqual({ LIMIT: 5, MODE: 'fast' });
    expect(config.get(second).NOTE).toBeUndefined();
  });

  test('names every problem of every spec at once, and no value', () => {
    const found = problems({ LIMIT: 'many-many', API_KEY: 'h4sL0wRt' });
    expect(found).toEqual([
      'API_KEY: must have at least 16 characters',
      'LIMIT: Invalid input: expected number, received NaN',
      'MODE: is required (How it works)',
    ]);
    expect(found.join()).not.toMatch(/many-many|h4sL0wRt/);
  });

  test('values that do not fit together are one problem, once each is right', () => {
    const pair = defineEnv(
      'pair',
      {
        LEAST: z.coerce.number().describe('Fewest'),
        MOST: z.coerce.number().default(5).describe('Most'),
      },
      ({ LEAST, MOST }) => (LEAST > MOST ? 'LEAST: must not be more than MOST' : undefined),
    );
    const load = (source: EnvSource) => () => loadConfig([pair], source);
    expect(load({ LEAST: '5' })().get(pair)).toEqual({ LEAST: 5, MOST: 5 });
    expect(load({ LEAST: '6' })).toThrow(new BootError(['LEAST: must not be more than MOST']));
    expect(load({})).toThrow(new BootError(['LEAST: is required (Fewest)']));
  });

  test('an empty variable is an absent one', () => {
    expect(problems({ MODE: '', API_KEY: KEY })).toEqual(['MODE: is required (How it works)']);
  });

  test.each([
    ['placeholder', 'changeme-changeme-1', 'is a well-known placeholder'],
    ['monotonous', 'abababababababababab', 'is too simple'],
  ])('refuses a %s secret', (_, key, reason) => {
    expect(problems({ MODE: 'slow', API_KEY: key })).toEqual([`API_KEY: ${reason}`]);
  });

  test('a reason that would quote the value is withheld', () => {
    const leaky = defineEnv('leaky', {
      WORD: z
        .string()
        .refine((text) => text === 'x', { error: (issue) => `not ${String(issue.input)}` })
        .describe('A word'),
      TREE: z
        .string()
        .transform((text): unknown => JSON.parse(text))
        .describe('JSON'),
    });
    expect(() => loadConfig([leaky], { WORD: 'swordfish', TREE: '{swordfish' })).toThrow(
      new BootError(['TREE: is not valid', 'WORD: is not valid']),
    );
  });

  test('X_FILE holds the value of X, last line break removed', () => {
    const path = join(directory, 'key');
    writeFileSync(path, `${KEY}\n`);
    const config = loadConfig([second], { API_KEY_FILE: path });
    expect(config.get(second).API_KEY).toBe(KEY);
  });

  test('X and X_FILE together, and unreadable files, are problems', () => {
    const path = join(directory, 'absent');
    expect(problems({ MODE: 'fast', API_KEY: KEY, API_KEY_FILE: path })).toEqual([
      'API_KEY: set API_KEY or API_KEY_FILE, not both',
    ]);
    expect(problems({ MODE: 'fast', API_KEY_FILE: path })).toEqual([
      'API_KEY_FILE: the file cannot be read (ENOENT)',
    ]);
  });

  test('a spec nobody listed is a bug', () => {
    expect(() => loadConfig([second], { API_KEY: KEY }).get(first)).toThrow(/first/);
  });

  test('a variable without description cannot be declared', () => {
    expect(() => defineEnv('bad', { X: z.string() })).toThrow('bad: X needs .describe()');
  });
});

test('env.example lists every variable once, with description, default and duty', () => {
  expect(renderEnvExample([first, second, first])).toBe(
    `# Generated from the code. An empty variable is an absent one; X_FILE may name a file that holds
# the value of X.

# ── first

# How many at once.
#LIMIT=5

# How it works. One of: fast, slow. Required.
MODE=

# ── second

# Key of the other system. Secret. Required.
API_KEY=

# Free text.
#NOTE=
`,
  );
});
