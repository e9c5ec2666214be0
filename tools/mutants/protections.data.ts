import type { CodeChange, Protection, SchemaChange } from './protection.js';

const B = 'libs/features/billing/src';
const P = 'libs/persistence/src';
const LAST_LINE = [`${P}/testing/last-line.int.spec.ts`];
const ACCEPT = [`${P}/emission/accept-writer.int.spec.ts`];
const RELAY = [`${P}/emission/relay-store.int.spec.ts`];
const CHAIN = [`${P}/audit/audit-chain.int.spec.ts`];
const BATCH = [`${B}/issue-document/batch/batch-run.spec.ts`];
const ISOLATION = [`${P}/testing/isolation.int.spec.ts`];
const EMISSION = [`${P}/emission/emission.int.spec.ts`];
const GATE = ['libs/xmldsig/src/verify.spec.ts', 'libs/xmldsig/src/traps.spec.ts'];

const change = (file: string, from: string, to = ''): CodeChange => ({ file, from, to });
const schema = (sql: string): SchemaChange => ({ sql });

function protection(
  rule: string,
  id: string,
  what: string,
  without: CodeChange | SchemaChange,
  tests: readonly string[],
): Protection {
  return { id, rule, what, without, tests };
}

const NUMBERS: readonly Protection[] = [
  protection(
    'EMI-3',
    'living-number',
    'one living document a number',
    schema('DROP INDEX document_living_encf_key'),
    LAST_LINE,
  ),
  protection(
    'EMI-3',
    'generation',
    'one document a generation of a number',
    schema('DROP INDEX document_tenant_id_encf_generation_environment_key'),
    LAST_LINE,
  ),
  protection(
    'EMI-3',
    'range-overlap',
    'no number in two ranges',
    schema('ALTER TABLE encf_range DROP CONSTRAINT encf_range_overlap_excl'),
    LAST_LINE,
  ),
  protection(
    'EMI-1',
    'idempotency-key',
    'a key is bound once',
    schema('DROP INDEX document_tenant_id_idempotency_key_key'),
    [...ACCEPT, ...LAST_LINE],
  ),
  protection(
    'EMI-1',
    'external-reference',
    'a reference is used once',
    schema('DROP INDEX document_external_ref_key'),
    LAST_LINE,
  ),
];

const MACHINE: readonly Protection[] = [
  protection(
    'EMI-4',
    'fencing',
    'a worker that slept past its lease changes nothing',
    change(`${P}/emission/transition.sql.ts`, '    AND d.lease_epoch = i.epoch\n'),
    EMISSION,
  ),
  protection(
    'EMI-4',
    'frozen-sender',
    'a sender stopped after its intent does not send when it wakes up',
    change(`${B}/emission/send-stage.ts`, 'if (intended.elapsedMs > intended.limitMs / 2) return;'),
    [`${B}/emission/send-stage.spec.ts`],
  ),
  protection(
    'EMI-2',
    'state-table',
    'no step that the table does not have',
    change(`${B}/emission/document-machine.ts`, 'if (mayBecome(from, to, by)) return;', 'return;'),
    [`${B}/emission/document-machine.spec.ts`],
  ),
  protection(
    'DGI-2',
    'in-flight-window',
    'what DGII does not know yet may still be on its way',
    change(`${B}/emission/ask-stage.ts`, 'if (leftMs <= 0) return true;', 'return true;'),
    [`${B}/emission/ask-stage.spec.ts`],
  ),
  protection(
    'DGI-2',
    'ask-before-resend',
    'a send without an answer is asked about first',
    change(
      `${B}/emission/drive-documents.use-case.ts`,
      `const resend = await this.stages.ask.run(
      unknown.filter((document) => document !== null),
      stint,
    );`,
      'const resend = unknown.filter((document) => document !== null);',
    ),
    [`${B}/emission/drive-documents.spec.ts`],
  ),
  protection(
    'EMI-5',
    'sweeper',
    'open documents are found without outbox and queue',
    change(`${P}/emission/relay-store.sql.ts`, 'i.next_attempt_at <= now()', 'false'),
    RELAY,
  ),
  protection(
    'EMI-5',
    'inbox',
    'an event has its effect once',
    change(`${P}/inbox/inbox.ts`, 'return taken === 1;', 'return taken >= 0;'),
    RELAY,
  ),
  protection(
    'EMI-4',
    'epoch-of-each-change',
    'a state a document came back to is not taken for the one it left',
    change(
      `${P}/emission/transition.sql.ts`,
      'CASE WHEN i.lease_ms IS NULL AND i.to_state = d.state THEN 0 ELSE 1 END',
      'CASE WHEN i.lease_ms IS NULL THEN 0 ELSE 1 END',
    ),
    EMISSION,
  ),
  protection(
    'EMI-4',
    'stale-question',
    'what DGII said before a worker was stopped is not acted on',
    change(
      `${B}/emission/drive-documents.use-case.ts`,
      'if (stint.isOver) return;\n    const intended',
      'const intended',
    ),
    [`${B}/emission/drive-documents.spec.ts`],
  ),
  protection(
    'EMI-4',
    'end-of-lease',
    'dgii-client sends nothing after the lease of whoever asked it to',
    change(
      'libs/features/dgii-client/src/gateway/local-dgii-gateway.ts',
      'Deadline.in(Math.min(CALL_DEADLINE_MS, Math.max(leftMs, 0)))',
      'Deadline.in(CALL_DEADLINE_MS)',
    ),
    ['libs/features/dgii-client/src/gateway/local-dgii-gateway.spec.ts'],
  ),
  protection(
    'EMI-5',
    'dead-letter',
    'a document whose handling always fails is set aside',
    change(`${B}/emission/trouble.ts`, 'return faults >= MOST_FAULTS ||', 'return'),
    [`${B}/emission/drive-documents.spec.ts`],
  ),
  protection(
    'EMI-5',
    'lost-workers',
    'a document its workers die of is begun in writing, alone',
    change(
      `${B}/emission/drive-documents.use-case.ts`,
      'const suspects = documents.filter(isSuspect);',
      'const suspects = documents.filter((one) => isSuspect(one) && false);',
    ),
    [`${B}/emission/drive-documents.spec.ts`],
  ),
  protection(
    'EMI-5',
    'tenants-in-turn',
    'one tenant’s batch leaves places free for the others',
    change(
      `${B}/relay/outstanding.ts`,
      'rows: Math.max(0, this.most - jobs.length) * MOST_IDS,',
      'rows: MOST_IDS * MOST_IDS,',
    ),
    [`${B}/relay/document-relay.int.spec.ts`],
  ),
  protection(
    'KEY-4',
    'journal',
    'one signature a document, also after the certificate was replaced',
    change(
      'libs/features/sign/src/sign-documents/sign-documents.use-case.ts',
      'if (await this.journal.add(batch)) return new Map();',
      'await this.journal.add(batch); return new Map();',
    ),
    ['libs/features/sign/src/sign-documents/sign-documents.int.spec.ts'],
  ),
  protection(
    'KEY-4',
    'signed-kind',
    'the signer signs what the label says and nothing else',
    change(
      'libs/features/sign/src/sign-documents/kind-check.ts',
      "if (!named || !xml.startsWith(`<${root}>`) || xml.includes('<!')) {",
      'if (!xml) {',
    ),
    ['libs/features/sign/src/sign-documents/sign-documents.int.spec.ts'],
  ),
];

const AUDIT: readonly Protection[] = [
  protection(
    'AUD-1',
    'chain-fork',
    'no two entries after the same one',
    schema('ALTER TABLE audit_link DROP CONSTRAINT audit_link_tenant_id_prev_key'),
    LAST_LINE,
  ),
  protection(
    'AUD-1',
    'chained-once',
    'an event is in its chain once',
    schema('ALTER TABLE audit_link DROP CONSTRAINT audit_link_tenant_id_event_id_event_month_key'),
    LAST_LINE,
  ),
  protection(
    'AUD-1',
    'late-commit',
    'an event whose transaction commits late is not passed over',
    change(
      `${P}/audit/append.sql.ts`,
      '    AND e.txid < (SELECT pg_snapshot_xmin(pg_current_snapshot()))\n',
    ),
    CHAIN,
  ),
  protection(
    'AUD-2',
    'write-once',
    'a checkpoint in the store is never replaced',
    change(
      'libs/storage/src/directory-worm-store.ts',
      'if (!present.equals(bytes)) throw conflict(name);',
    ),
    ['libs/storage/src/directory-worm-store.int.spec.ts'],
  ),
];

const TENANTS: readonly Protection[] = [
  protection(
    'TEN-3',
    'policy-of-documents',
    'a tenant sees its own documents only',
    schema('ALTER TABLE document NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY'),
    ISOLATION,
  ),
  protection(
    'AUD-1',
    'raw-events-stay',
    'nobody changes or removes what was written',
    schema('GRANT UPDATE, DELETE ON audit_event TO getupnet_app'),
    ISOLATION,
  ),
];

const PEOPLE: readonly Protection[] = [
  protection(
    'AUT-5',
    'second-factor-once',
    'a code of the second factor is accepted once',
    change(
      'libs/features/auth/src/mfa/second-factor.ts',
      'where: { id, totpLastStep: { lt: step } }',
      'where: { id }',
    ),
    ['libs/features/auth/src/mfa/mfa.int.spec.ts'],
  ),
  protection(
    'AUT-4',
    'refresh-once',
    'a refresh token used twice ends its session',
    change(
      'libs/features/auth/src/sessions/refresh-session.use-case.ts',
      'if (token.usedAt !== null) return this.again(tx, token, from);',
    ),
    ['libs/features/auth/src/sessions/sessions.int.spec.ts'],
  ),
];

const RECEIVED: readonly Protection[] = [
  protection(
    'RCV-2',
    'digest',
    'what was altered after signing is refused',
    change(
      'libs/xmldsig/src/verify.ts',
      "if (digest.toString('base64') !== parts.digestValue) return null;",
    ),
    GATE,
  ),
  protection(
    'RCV-2',
    'signature-value',
    'a signature of another key is refused',
    change(
      'libs/xmldsig/src/verify.ts',
      'if (asReceived !== null && holds(received)) {',
      'if (asReceived !== null) {',
    ),
    GATE,
  ),
  protection(
    'RCV-2',
    'comments',
    'no comment splits what the signature says',
    change('libs/xmldsig/src/verify.ts', '  refuseComments(source, bytes);\n'),
    GATE,
  ),
  protection(
    'RCV-2',
    'trust',
    'a key that comes with the document proves nothing',
    change('libs/xmldsig/src/verify.ts', '  checkCertificate(certificate, options);\n'),
    GATE,
  ),
];

const BATCHES: readonly Protection[] = [
  protection(
    'LIM-2',
    'group-turns',
    'one tenant does not fill every group commit',
    change(`${P}/group/group-writer.ts`, '#waiting.push(party, {', "#waiting.push('one', {"),
    [`${P}/group/group-writer.spec.ts`],
  ),
  protection(
    'LIM-2',
    'batch-share',
    'the batches of one tenant share its lines under way',
    change(
      `${B}/issue-document/batch/batch-turns.ts`,
      'this.lane = new Lane({ total, perParty });',
      'this.lane = new Lane({ total, perParty: total });',
    ),
    BATCH,
  ),
  protection(
    'LIM-1',
    'batch-rate',
    'the lines of a batch count like requests',
    change(`${B}/issue-document/batch/batch-run.ts`, 'else await turns.pace(context, end);'),
    BATCH,
  ),
  protection(
    'EMI-1',
    'batch-key',
    'a key that stands twice in a batch is one document',
    change(
      `${B}/issue-document/batch/batch-run.ts`,
      'earlier ?? Promise.resolve()',
      'Promise.resolve()',
    ),
    BATCH,
  ),
  protection(
    'EMI-6',
    'batch-order',
    'a note is looked at again when the lines above it are committed',
    change(`${B}/issue-document/batch/batch-run.ts`, '      await Promise.all(line.before);\n'),
    BATCH,
  ),
  protection(
    'NET-7',
    'batch-end',
    'nothing is issued for a caller who went away',
    change(
      `${B}/issue-document/batch/batch-end.ts`,
      "if (this.signals.gone.aborted) throw notReached('la conexión se cerró');",
    ),
    BATCH,
  ),
];

const LINES = [`${B}/contingency/lines.int.spec.ts`];
const PAPER = [`${B}/contingency/log/log.int.spec.ts`];

const CONTINGENCY: readonly Protection[] = [
  protection(
    'DGI-5',
    'one-episode',
    'an outage is one episode of a taxpayer, however many processes notice it',
    schema('DROP INDEX contingency_open_key'),
    LINES,
  ),
  protection(
    'DGI-5',
    'one-driver',
    'of a taxpayer’s episodes only the oldest is driven',
    change(
      `${P}/contingency/contingency-store.ts`,
      'AND older.next_try_at IS NOT NULL AND older.id < contingency.id)',
      'AND false)',
    ),
    LINES,
  ),
  protection(
    'DGI-5',
    'order-of-issue',
    'what waited goes in the order of its issue',
    change(
      `${P}/contingency/contingency-store.ts`,
      'ORDER BY created_at, encf LIMIT $4',
      'ORDER BY encf DESC LIMIT $4',
    ),
    LINES,
  ),
  protection(
    'DGI-2',
    'doubt-ends-the-turn',
    'after a document without an answer the next one waits',
    change(
      `${B}/contingency/drive-line.use-case.ts`,
      "if (!GONE.has(after.state) && !after.parked) return { sent, end: 'failed' };",
    ),
    LINES,
  ),
  protection(
    'DGI-2',
    'doubt-stays-doubt',
    'what was sent without an answer joins no line',
    change(
      `${B}/contingency/wait-steps.ts`,
      "new Set(['SIGNED', 'DEFERRED'])",
      "new Set(['SIGNED', 'DEFERRED', 'UNKNOWN'])",
    ),
    [`${B}/emission/send-stage.spec.ts`],
  ),
  protection(
    'DGI-5',
    'late-joiner',
    'a document that joins an episode in the moment of its end is not forgotten',
    change(
      `${B}/emission/send-stage.ts`,
      "if (moved?.state === 'CONTINGENCY') await this.waits.keepLines([moved]);",
    ),
    LINES,
  ),
  protection(
    'DGI-5',
    'deadline-once',
    'a deadline is told of once',
    change(
      `${P}/contingency/deadlines.ts`,
      'AND deadline_level < ${Prisma.raw(DEADLINE_LEVEL)}',
      'AND ${Prisma.raw(DEADLINE_LEVEL)} > 0',
    ),
    LINES,
  ),
  protection(
    'DGI-4',
    'no-storm',
    'in an outage one try at a time is enough',
    change(
      `${B}/contingency/link-watch.ts`,
      'if (FOR_ALL.has(reason) || this.outage(way) !== null) {',
      'if (FOR_ALL.has(reason)) {',
    ),
    [`${B}/contingency/link-watch.spec.ts`],
  ),
  protection(
    'DGI-5',
    'paper-once',
    'a paper number is replaced by one document',
    change(
      `${B}/contingency/paper/paper.repository.ts`,
      '${PAPERS} WHERE p.environment = ${environment} AND p.ncf = ${ncf} FOR UPDATE OF p',
      '${PAPERS} WHERE p.environment = ${environment} AND p.ncf = ${ncf}',
    ),
    PAPER,
  ),
];

const STORE = `${P}/contingency/contingency-store.ts`;
const VERIFY = 'libs/features/audit/src/verify';

/** What an outage, an end or a repeat must not take away. */
const RECOVERY: readonly Protection[] = [
  protection(
    'DGI-5',
    'line-kept',
    'no wake takes a line from its driver',
    change(STORE, 'AND (claimed_until IS NULL OR claimed_until <= now()) AND NOT', 'AND NOT'),
    LINES,
  ),
  protection(
    'DGI-5',
    'line-owner',
    'only who has a line gives it back',
    change(STORE, 'AND claimed_until = $5::timestamptz', 'AND $5::timestamptz IS NOT NULL'),
    LINES,
  ),
  protection(
    'DGI-5',
    'turn-ends',
    'a turn of a line ends with its process',
    change(
      `${B}/contingency/drive-line.use-case.ts`,
      'stopped() || performance.now() > endsAtMs',
      'performance.now() > endsAtMs',
    ),
    LINES,
  ),
  protection(
    'EMI-5',
    'tries-again',
    'a document that is woken has all its tries again',
    change(
      `${B}/documents/documents.repository.ts`,
      'parkedAt: null, handOvers: 0, faults: 0, starts: 0',
      'parkedAt: null',
    ),
    [`${B}/documents/documents.repository.int.spec.ts`],
  ),
  protection(
    'EMI-5',
    'all-handed-over',
    'whatever fell due at once fits into the queue’s calls',
    change(
      `${B}/relay/document-relay.worker.ts`,
      'jobs.slice(at, at + MAX_JOBS_PER_ADD)',
      'jobs.slice(at)',
    ),
    [`${B}/relay/document-relay.int.spec.ts`],
  ),
  protection(
    'DGI-2',
    'voids-waited-for',
    'no answer to a void is lost because another request failed',
    change(`${B}/sequences/voids/void.worker.ts`, 'Promise.allSettled(', 'Promise.all('),
    [`${B}/sequences/voids/void.worker.spec.ts`],
  ),
  protection(
    'AUD-2',
    'archive-vouched',
    'nothing passes for archived that no checkpoint vouches for',
    change(
      `${VERIFY}/walk.ts`,
      "if (archive === null || walk.beyond || seq > archive.upTo) return 'event_missing';",
      'if (archive === null) return null;',
    ),
    [`${VERIFY}/walk.spec.ts`],
  ),
  protection(
    'AUD-2',
    'cut-while-walked',
    'a chain that becomes shorter under a verification is told',
    change(
      `${VERIFY}/verify-chain.use-case.ts`,
      'if (links.length === 0) return { walk, bad: missingAfter(walk), recovered };',
      'if (links.length === 0) break;',
    ),
    [`${VERIFY}/verify-chain.spec.ts`],
  ),
  protection(
    'AUD-2',
    'loss-stays-told',
    'what a recovery sealed is not in order',
    change(`${VERIFY}/verify-chain.use-case.ts`, 'if (held.bad !== null) return held;'),
    ['libs/features/audit/src/audit.int.spec.ts'],
  ),
  protection(
    'AUD-2',
    'loss-told-unchained',
    'a loss that was told counts before it is in the chain',
    change(
      `${VERIFY}/verify-chain.use-case.ts`,
      'return lost ?? this.seals.hold(',
      'return this.seals.hold(',
    ),
    ['libs/features/audit/src/audit.int.spec.ts'],
  ),
  protection(
    'AUD-1',
    'security-refused',
    'a security event that the database refuses holds up no other',
    change(
      `${P}/audit/security-audit.ts`,
      "if (!REFUSED.test(sqlState(error) ?? '')) return this.keep(rows, error);",
      'return this.keep(rows, error);',
    ),
    [`${P}/audit/security-audit.int.spec.ts`],
  ),
  protection(
    'EMI-1',
    'paper-repeat',
    'a repeat takes up the claim of its own key',
    change(
      `${B}/contingency/paper/paper-replacements.ts`,
      'if (paper.takenBy === key) return this.papers.join(tx, paper.id, key);',
    ),
    PAPER,
  ),
  protection(
    'EMI-1',
    'declared-once',
    'declarations at the same moment make one contingency',
    change(
      `${B}/contingency/log/contingencies.service.ts`,
      'await this.repository.lockDeclaring(tx, tenant.tenantId);',
    ),
    PAPER,
  ),
];

/** What the promises rest on. Whoever adds a protection adds it here with the test that guards it. */
export const PROTECTIONS: readonly Protection[] = [
  ...NUMBERS,
  ...MACHINE,
  ...AUDIT,
  ...TENANTS,
  ...PEOPLE,
  ...RECEIVED,
  ...BATCHES,
  ...CONTINGENCY,
  ...RECOVERY,
];
