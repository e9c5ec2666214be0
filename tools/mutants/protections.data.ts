import type { Protection } from './protection.js';

const TRANSITION = 'libs/persistence/src/emission/transition.sql.ts';
const EMISSION = 'libs/persistence/src/emission/emission.int.spec.ts';
const ACCEPT = 'libs/persistence/src/emission/accept-writer.int.spec.ts';
const SIGN = 'libs/features/sign/src/sign-documents/sign-documents.int.spec.ts';

/** What the promises rest on. Whoever adds a protection adds it here with the test that guards it. */
export const PROTECTIONS: readonly Protection[] = [
  {
    id: 'fencing-epoch',
    rule: 'EMI-4',
    what: 'a worker that slept past its lease changes nothing',
    tests: [EMISSION],
    without: { file: TRANSITION, from: '    AND d.lease_epoch = i.epoch\n', to: '' },
  },
  {
    id: 'fencing-state',
    rule: 'EMI-4',
    what: 'a step applies to the state it was decided for',
    tests: [EMISSION],
    without: { file: TRANSITION, from: ' AND d.state = i.from_state', to: '' },
  },
  {
    id: 'living-number',
    rule: 'EMI-3',
    what: 'one living document a number',
    tests: [ACCEPT],
    without: { sql: 'DROP INDEX document_living_encf_key' },
  },
  {
    id: 'idempotency-key',
    rule: 'EMI-1',
    what: 'a key is bound once',
    tests: [ACCEPT],
    without: { sql: 'DROP INDEX document_tenant_id_idempotency_key_key' },
  },
  {
    id: 'journal-unique',
    rule: 'KEY-4',
    what: 'one signature a document',
    tests: [SIGN],
    without: {
      file: 'libs/features/sign/src/sign-documents/sign-documents.use-case.ts',
      from: 'if (await this.journal.add(batch)) return new Map();',
      to: 'await this.journal.add(batch); return new Map();',
    },
  },
];
