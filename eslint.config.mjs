import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Who may import whom: docs/ARCHITECTURE.md, "Layers". A tag that is not listed may import nothing.
const platformSide = ['type:platform', 'type:contract', 'type:kernel'];
const layers = {
  kernel: [],
  domain: ['type:kernel', 'type:domain'],
  contract: ['type:kernel', 'scope:ecf'],
  platform: platformSide,
  adapter: [...platformSide, 'type:domain'],
  feature: ['type:adapter', ...platformSide, 'type:domain'],
  app: ['type:feature', 'type:adapter', 'type:platform', 'type:kernel'],
  simulator: ['type:domain', 'type:kernel', 'type:contract'],
  testkit: ['type:adapter', ...platformSide, 'type:domain'],
  tool: [
    'type:feature',
    'type:adapter',
    ...platformSide,
    'type:domain',
    'type:app',
    'type:simulator',
  ],
};
const depConstraints = Object.entries(layers).map(([tag, allowed]) => ({
  sourceTag: `type:${tag}`,
  onlyDependOnLibsWithTags: allowed.length > 0 ? allowed : ['type:none'],
}));

const bans = [
  { selector: "CallExpression[callee.name='eval']", message: 'No eval.' },
  { selector: 'TSAnyKeyword', message: 'No any: name the type, or take unknown and check it.' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness comes from node:crypto or is injected.',
  },
  {
    selector: "Property[key.name='rejectUnauthorized'][value.value=false]",
    message: 'TLS is always verified.',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a const list and its union type.' },
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      'dist',
      '.data',
      '.nx',
      'libs/persistence/src/generated',
      '**/*.must-fail.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      'max-lines': ['error', 400],
      'max-params': ['error', 5],
      'no-restricted-syntax': ['error', ...bans],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Declare it with defineEnv (libs/platform).',
        },
      ],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'smart'],
    },
  },
  {
    files: [
      'libs/platform/src/**/*.ts',
      'libs/testkit/src/**/*.ts',
      'tools/**/*.ts',
      '**/*.spec.ts',
      'bench/**/*.ts',
      'prisma.config.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.spec.ts', '**/*.data.ts'],
    rules: {
      'max-lines': ['error', 800],
      '@nx/enforce-module-boundaries': 'off',
    },
  },
);
