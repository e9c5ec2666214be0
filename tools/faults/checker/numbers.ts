import type { DocumentRow, Evidence, VoidRow } from './evidence.js';
import { Rule, groupBy, type Finding } from './invariant.js';

const VOIDS_SETTLED: ReadonlySet<string> = new Set([
  'ACCEPTED',
  'PARTIALLY_ACCEPTED',
  'REJECTED',
  'REVIEW',
]);
const ENCF = /^E(\d{2})(\d{10})$/;

const numberOf = (encf: string): number => Number(ENCF.exec(encf)?.[2] ?? NaN);

/** Numbers: once each, without gaps, inside their ranges; again only when DGII freed them. */
export function numbers(evidence: Evidence): Finding[] {
  const { documents } = evidence;
  return [unique(documents), gapFree(evidence), generations(documents), ...voids(evidence)];
}

function unique(documents: readonly DocumentRow[]): Finding {
  const rule = new Rule('INV-2', 'a number and generation is one document');
  const groups = groupBy(
    documents,
    (row) => `${row.tenant_id} ${row.environment} ${row.encf}/${row.generation}`,
  );
  for (const [key, rows] of groups) {
    rule.expect(rows.length === 1, () => `${key}: ${rows.length} documents`);
  }
  return rule.finding;
}

function gapFree({ documents, ranges, voids: voided }: Evidence): Finding {
  const rule = new Rule('INV-2', 'numbers of a range have no gaps, and none is outside');
  const outOfUse = new Set(voided.flatMap(numbersOf));
  const byRange = groupBy(documents, ({ tenant_id, range_id }) => `${tenant_id}/${range_id}`);
  for (const range of ranges) {
    const own = byRange.get(`${range.tenant_id}/${range.id}`) ?? [];
    const issued = new Set(own.map(({ encf }) => numberOf(encf)));
    const next = range.next === null ? Number(range.last) + 1 : Number(range.next);
    const first = Number(range.first);
    for (let number = first; number < next; number += 1) {
      const { tenant_id, environment, tipo } = range;
      const known = issued.has(number) || outOfUse.has(keyOf(tenant_id, environment, tipo, number));
      rule.expect(known, () => `${range.id}: ${number} of type ${tipo} is missing`);
    }
    for (const { encf, tipo } of own) {
      const number = numberOf(encf);
      const type = Number(ENCF.exec(encf)?.[1]);
      const inside = number >= first && number < next && number <= Number(range.last);
      rule.expect(
        inside && type === tipo && tipo === range.tipo,
        () => `${encf} outside ${range.id}`,
      );
    }
  }
  return rule.finding;
}

const keyOf = (tenant: string, environment: string, tipo: number, number: number): string =>
  `${tenant} ${environment} ${tipo} ${number}`;

/** Keys of the numbers of a void request. */
function numbersOf({ tenant_id, environment, tipo, first, last }: VoidRow): string[] {
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, at) =>
    keyOf(tenant_id, environment, tipo, Number(first) + at),
  );
}

/** Numbers taken out of use: as the client was told, settled with DGII, and nobody's. */
function voids({ acks, voids: rows, documents, ledger, artefacts }: Evidence): Finding[] {
  const told = new Rule('INV-1', 'every acknowledged void exists once and is settled');
  const nobody = new Rule('INV-2', 'a voided number is nobody’s, and DGII got our bytes of it');
  const asked = new Map(acks.filter(({ t }) => t === 'void').map((line) => [line.key, line]));
  for (const { key, id } of acks.filter(({ t }) => t === 'void-ack')) {
    const { tenantId, first, last } = asked.get(key) ?? {};
    const own = rows.filter((row) => row.idempotency_key === key && row.tenant_id === tenantId);
    const same = own.every((row) => Number(row.first) === first && Number(row.last) === last);
    const settled = own.every(({ state }) => VOIDS_SETTLED.has(state));
    const once = own.length === 1 && own[0]?.id === id;
    told.expect(once && same && settled, () => `${key}: ${own.length} × ${own[0]?.state}`);
  }
  const outOfUse = new Set(rows.flatMap(numbersOf));
  for (const { tenant_id, environment, tipo, encf } of documents) {
    const key = keyOf(tenant_id, environment, tipo, numberOf(encf));
    nobody.expect(!outOfUse.has(key), () => `${encf}: voided, and a document`);
  }
  const stored = new Set(artefacts.map(({ computed }) => computed));
  for (const { service, sha256, seq } of ledger) {
    if (service !== 'anulacionrangos') continue;
    nobody.expect(stored.has(sha256 ?? ''), () => `line ${seq}: a void of other bytes`);
  }
  return [told.finding, nobody.finding];
}

function generations(documents: readonly DocumentRow[]): Finding {
  const rule = new Rule('INV-2', 'a number is taken again only after DGII freed it, and linked');
  const byId = new Map(documents.map((row) => [`${row.tenant_id}/${row.id}`, row]));
  for (const row of documents) {
    if (row.generation === 1 && row.corrects === null) continue;
    const former = byId.get(`${row.tenant_id}/${row.corrects}`);
    const freed = former?.state === 'REJECTED' && former.secuencia_utilizada === false;
    const linked = former?.encf === row.encf && former.generation + 1 === row.generation;
    rule.expect(freed && linked, () => `${row.encf}/${row.generation} ${row.id}`);
  }
  const living = groupBy(
    documents.filter(({ state }) => state !== 'REJECTED'),
    (row) => `${row.tenant_id} ${row.environment} ${row.encf}`,
  );
  for (const [key, rows] of living) {
    rule.expect(rows.length === 1, () => `${key}: ${rows.length} living generations`);
  }
  return rule.finding;
}
