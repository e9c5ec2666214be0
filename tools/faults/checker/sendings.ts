import type { DocumentRow, Evidence, LedgerLine } from './evidence.js';
import { Rule, groupBy, type Finding } from './invariant.js';

const RECEPTIONS: ReadonlySet<string> = new Set(['recepcion', 'recepcionfc']);
const QUERIES: ReadonlySet<string> = new Set([
  'consultatrackids',
  'consultaestado',
  'consultarfce',
]);
const ACCEPTING: ReadonlySet<string | null> = new Set(['1', '4']);
const UNAUTHORIZED = 401;
/** Clocks of two processes on one machine, in whole milliseconds. */
const SLACK_MS = 5;

const arrival = (line: LedgerLine): number => Date.parse(line.arrivedAt ?? line.time);
/** Turned away at the door: nothing was uploaded. */
const isUpload = (line: LedgerLine): boolean =>
  RECEPTIONS.has(line.service) && line.httpStatus !== UNAUTHORIZED;
const keyOf = (environment: string | null, rnc: string | null, encf: string | null): string =>
  `${environment} ${rnc} ${encf}`;

/** One number: its documents, generation by generation, and what DGII saw of it, in time. */
interface NumberCase {
  readonly key: string;
  readonly documents: readonly DocumentRow[];
  readonly lines: readonly LedgerLine[];
  readonly uploads: readonly LedgerLine[];
}

/** What DGII saw, against what we hold. */
export function sendings(evidence: Evidence): Finding[] {
  const cases = casesOf(evidence);
  const sent = sentBytes(evidence);
  return [
    sameBytes(cases, sent),
    afterFreed(cases, sent),
    acceptedOnce(cases),
    blindResends(cases),
    notTooLate(cases, evidence, sent),
    journalled(evidence),
  ];
}

function casesOf({ documents, ledger }: Evidence): NumberCase[] {
  const rows = groupBy(documents, (row) => keyOf(row.environment, row.issuer_rnc, row.encf));
  const lines = groupBy(
    ledger.filter(({ encf, rnc }) => encf !== null && rnc !== null),
    (line) => keyOf(line.environment, line.rnc, line.encf),
  );
  return [...new Set([...rows.keys(), ...lines.keys()])].map((key) => {
    const own = [...(lines.get(key) ?? [])].sort((a, b) => a.seq - b.seq);
    const generations = [...(rows.get(key) ?? [])].sort((a, b) => a.generation - b.generation);
    const uploads = own.filter(isUpload).sort((a, b) => arrival(a) - arrival(b));
    return { key, documents: generations, lines: own, uploads };
  });
}

/** Of each document the digest of what travels: the summary where there is one. */
function sentBytes({ artefacts }: Evidence): ReadonlyMap<string, string> {
  const sent = new Map<string, string>();
  for (const { document_id, kind, computed } of artefacts) {
    if (kind === 'rfce' || (kind === 'signed' && !sent.has(document_id))) {
      sent.set(document_id, computed);
    }
  }
  return sent;
}

function sameBytes(cases: readonly NumberCase[], sent: ReadonlyMap<string, string>): Finding {
  const rule = new Rule('INV-3', 'DGII sees one byte string for a number and generation: ours');
  for (const { key, documents, uploads } of cases) {
    const ours = new Set(documents.map(({ id }) => sent.get(id)));
    for (const { sha256, seq } of uploads) {
      rule.expect(sha256 !== null && ours.has(sha256), () => `${key}: line ${seq}, other bytes`);
    }
  }
  return rule.finding;
}

function afterFreed(cases: readonly NumberCase[], sent: ReadonlyMap<string, string>): Finding {
  const rule = new Rule('INV-3', 'no next generation before DGII said that the number is free');
  for (const { key, documents, uploads } of cases) {
    for (const [at, document] of documents.entries()) {
      const former = documents[at - 1];
      const first = uploads.find(({ sha256 }) => sha256 === sent.get(document.id));
      if (former === undefined || first === undefined) continue;
      const freed = uploads.some(
        (line) =>
          line.sha256 === sent.get(former.id) &&
          line.processed &&
          line.codigo === '2' &&
          line.secuenciaUtilizada === false &&
          line.seq < first.seq,
      );
      rule.expect(freed, () => `${key}/${document.generation}: sent before it was free`);
    }
  }
  return rule.finding;
}

function acceptedOnce(cases: readonly NumberCase[]): Finding {
  const rule = new Rule('INV-5', 'DGII accepted a number once, and we say what it decided');
  for (const { key, documents, uploads } of cases) {
    const accepted = uploads.filter((line) => line.processed && ACCEPTING.has(line.codigo));
    const ours = documents.filter(({ state }) => /^(CONDITIONALLY_)?ACCEPTED$/.test(state));
    rule.expect(accepted.length <= 1, () => `${key}: accepted ${accepted.length} times`);
    rule.expect(
      accepted.length === ours.length,
      () => `${key}: DGII accepted ${accepted.length}, we say ${ours.length}`,
    );
    const known = new Set(uploads.map(({ trackId }) => trackId));
    for (const { track_id, id } of documents) {
      const isTheirs = track_id === null || known.has(track_id);
      rule.expect(isTheirs, () => `${key} ${id}: trackId ${track_id} is not of this number`);
    }
  }
  return rule.finding;
}

function blindResends(cases: readonly NumberCase[]): Finding {
  const rule = new Rule('INV-5', 'nothing is sent again before DGII said that it does not know it');
  for (const { key, lines, uploads } of cases) {
    if (key.startsWith('certecf')) continue;
    for (const [at, upload] of uploads.entries()) {
      const former = uploads[at - 1];
      if (former === undefined || former.sha256 !== upload.sha256) continue;
      const asked = lines.some(
        (line) =>
          QUERIES.has(line.service) &&
          arrival(line) >= arrival(former) &&
          Date.parse(line.time) <= arrival(upload) &&
          saysUnknown(
            line,
            uploads.filter(({ sha256 }) => sha256 === upload.sha256),
          ),
      );
      rule.expect(asked, () => `${key}: line ${upload.seq} follows ${former.seq} blindly`);
    }
  }
  return rule.finding;
}

/** An answer that says that nothing of these bytes is there; a former generation may be. */
function saysUnknown(query: LedgerLine, uploads: readonly LedgerLine[]): boolean {
  if (!query.processed || query.answer !== 'delivered' || query.httpStatus !== 200) return false;
  const shown = uploads.filter(
    (line) =>
      line.processed &&
      line.seq < query.seq &&
      // The trackIds query lists what is not judged yet; the others show verdicts once visible.
      (query.service === 'consultatrackids' ||
        line.visibleAt === null ||
        line.visibleAt <= query.time),
  );
  return query.fault === 'late' || shown.length === 0;
}

/**
 * A sender that slept longer than the in-flight window would send after "DGII does not know it" was
 * believed: each upload arrives within the window of an intent that was committed before it.
 */
function notTooLate(
  cases: readonly NumberCase[],
  { events, run }: Evidence,
  sent: ReadonlyMap<string, string>,
): Finding {
  const rule = new Rule('EMI-4', 'every upload follows an intent of its own, within the window');
  const intents = groupBy(
    events.filter(({ type }) => type === 'document.sending'),
    ({ subject_id }) => subject_id,
  );
  for (const { key, documents, uploads } of cases) {
    for (const { id } of documents) {
      const own = uploads.filter(({ sha256 }) => sha256 === sent.get(id));
      const committed = (intents.get(id) ?? []).map(({ occurred_at }) => occurred_at.getTime());
      rule.expect(
        own.length <= committed.length,
        () => `${key} ${id}: ${own.length} uploads, ${committed.length} intents`,
      );
      for (const upload of own) {
        const at = arrival(upload) + SLACK_MS;
        const latest = Math.max(...committed.filter((time) => time <= at));
        rule.expect(
          at - latest <= run.windowMs,
          () => `${key}: line ${upload.seq}, ${at - latest} ms after its intent`,
        );
      }
    }
  }
  return rule.finding;
}

function journalled({ artefacts, journal, documents, ledger }: Evidence): Finding {
  const rule = new Rule(
    'INV-4',
    'no signature without journal; journal, stored and sent are equal',
  );
  const signed = new Map(journal.map((row) => [`${row.document_id}/${row.kind}`, row]));
  const stored = new Map(artefacts.map((row) => [`${row.document_id}/${row.kind}`, row]));
  for (const row of artefacts) {
    rule.expect(row.stated === row.computed, () => `${row.document_id} ${row.kind}: other digest`);
    const kind = row.kind === 'signed' ? 'ecf' : row.kind;
    if (kind !== 'ecf' && kind !== 'rfce') continue;
    const entry = signed.get(`${row.document_id}/${kind}`);
    rule.expect(
      entry?.signed_sha256 === row.computed,
      () => `${row.document_id} ${row.kind}: journal ${entry?.signed_sha256 ?? 'has none'}`,
    );
  }
  for (const { id, state, encf } of documents) {
    const bytesDue = !['QUEUED', 'HELD', 'VOIDED'].includes(state);
    rule.expect(!bytesDue || stored.has(`${id}/signed`), () => `${encf} ${id}: no signed bytes`);
  }
  const known = new Set(journal.map(({ signed_sha256 }) => signed_sha256));
  for (const line of ledger.filter(isUpload)) {
    if (line.encf === null) continue;
    rule.expect(known.has(line.sha256 ?? ''), () => `line ${line.seq}: sent, not in the journal`);
  }
  return rule.finding;
}
