import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Who may import whom: docs/ARCHITECTURE.md, "Layers". A tag that is not listed may import nothing.
// `packages` lists the only npm packages a layer may use, `not` those it must leave to others.
const platformSide = ['type:platform', 'type:contract', 'type:kernel'];
const databases = ['@prisma/*', 'pg', 'bullmq', 'ioredis'];
const cryptography = ['node-forge', 'xml-crypto'];
const layers = {
  kernel: { libs: [], packages: ['decimal.js', 'uuid'] },
  domain: {
    libs: ['type:kernel', 'type:domain'],
    packages: ['libxml2-wasm', 'pdfkit', 'qr', ...cryptography],
  },
  contract: { libs: ['type:kernel', 'scope:ecf'], packages: ['zod'] },
  platform: { libs: platformSide, not: cryptography },
  adapter: { libs: [...platformSide, 'type:domain'], not: [...databases, ...cryptography] },
  feature: {
    libs: ['type:adapter', ...platformSide, 'type:domain'],
    not: [...databases, ...cryptography, 'undici', 'fastify'],
  },
  app: {
    libs: ['type:feature', 'type:adapter', 'type:platform', 'type:kernel'],
    not: [...databases, ...cryptography],
  },
  simulator: {
    libs: ['type:domain', 'type:kernel', 'type:contract'],
    not: [...databases, ...cryptography, '@nestjs/*'],
  },
  testkit: { libs: ['type:adapter', ...platformSide, 'type:domain'] },
};
const depConstraints = Object.entries(layers).map(([tag, { libs, packages, not }]) => ({
  sourceTag: `type:${tag}`,
  onlyDependOnLibsWithTags: libs.length > 0 ? libs : ['type:none'],
  ...(packages ? { allowedExternalImports: packages } : {}),
  ...(not ? { bannedExternalImports: not } : {}),
}));

// Code that only tests run; what it helps with must not depend on it.
const tests = [
  '**/*.spec.ts',
  '**/src/testing/**/*.ts',
  '**/src/conformance/**/*.ts',
  '**/src/test-support.ts',
  'libs/testkit/src/**/*.ts',
  'apps/e2e/**/*.ts',
];
const testHelpers = {
  group: ['**/testing/*', '**/conformance/*', '**/test-support.js', '@getupnet/testkit'],
  message: 'Helpers of tests are for tests only.',
};
const noModules = [
  { name: 'node:child_process', message: 'Services start no other programs.' },
  { name: 'node:process', message: 'Use the global, whose env the linter watches.' },
];
const noNode = { group: ['node:*'], message: 'Runs in browsers too: no Node modules here.' };

const bans = [
  { selector: 'TSAnyKeyword', message: 'No any: name the type, or take unknown and check it.' },
  { selector: 'TSEnumDeclaration', message: 'Use a const list and its union type.' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness comes from node:crypto or is injected.',
  },
  {
    selector: "Property[key.name='rejectUnauthorized'][value.value=false]",
    message: 'TLS is always verified.',
  },
];
const rawSql = {
  selector: 'MemberExpression[property.name=/^\\$(query|execute)RawUnsafe$/]',
  message: 'SQL carries its values as parameters.',
};
const builtSql = {
  selector: "CallExpression[callee.property.name='query'] > TemplateLiteral[expressions.length>0]",
  message: 'SQL is not put together from values: use parameters.',
};
const wallClock = {
  selector:
    "CallExpression[callee.object.name='Date'][callee.property.name='now'], NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'Ask the injected Clock of libs/kernel (or performance.now() for a duration).',
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      'dist',
      'dist-faults',
      '.data',
      '.nx',
      'libs/persistence/src/generated',
      // Linted by tools/lint.mjs, which expects them to fail.
      '**/*.must-fail.ts',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      eqeqeq: ['error', 'smart'],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': ['error', ...bans],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints,
          // A lib's tests use the testkit, which uses the lib.
          ignoredCircularDependencies: [['testkit', '*']],
        },
      ],
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      'max-len': [
        'error',
        {
          code: 110,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreUrls: true,
          ignoreRegExpLiterals: true,
        },
      ],
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
      'no-console': 'error',
      'no-restricted-imports': ['error', { patterns: [testHelpers], paths: noModules }],
      'no-restricted-syntax': ['error', ...bans, rawSql, builtSql],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Declare it with defineEnv (libs/platform).',
        },
      ],
    },
  },
  {
    files: ['libs/{kernel,contracts,ecf}/src/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [testHelpers, noNode] }] },
  },
  {
    files: ['libs/{ecf,features}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bans, rawSql, builtSql, wallClock] },
  },
  {
    files: ['libs/platform/src/config/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts', '*.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Statements that take no parameters: DDL, LISTEN, and tenant lists checked to be UUIDs.
    files: ['libs/persistence/src/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bans, rawSql] },
  },
  {
    files: ['tools/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // They put everything together, apps included.
      '@nx/enforce-module-boundaries': 'off',
      'no-console': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    files: tests,
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', ...bans],
    },
  },
  { files: ['**/*.spec.ts', '**/*.data.ts'], rules: { 'max-lines': ['error', 800] } },
);
