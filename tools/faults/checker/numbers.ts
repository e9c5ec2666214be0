import type { DocumentRow, Evidence, RangeRow } from './evidence.js';
import { Rule, groupBy, type Finding } from './invariant.js';

const ENCF = /^E(\d{2})(\d{10})$/;

const numberOf = (encf: string): number => Number(ENCF.exec(encf)?.[2] ?? NaN);

/** Numbers: once each, without gaps, inside their ranges; again only when DGII freed them. */
export function numbers({ documents, ranges }: Evidence): Finding[] {
  return [unique(documents), gapFree(documents, ranges), generations(documents)];
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

function gapFree(documents: readonly DocumentRow[], ranges: readonly RangeRow[]): Finding {
  const rule = new Rule('INV-2', 'numbers of a range have no gaps, and none is outside');
  const byRange = groupBy(documents, ({ tenant_id, range_id }) => `${tenant_id}/${range_id}`);
  for (const range of ranges) {
    const own = byRange.get(`${range.tenant_id}/${range.id}`) ?? [];
    const issued = new Set(own.map(({ encf }) => numberOf(encf)));
    const next = range.next === null ? Number(range.last) + 1 : Number(range.next);
    const first = Number(range.first);
    for (let number = first; number < next; number += 1) {
      rule.expect(
        issued.has(number),
        () => `${range.id}: ${number} of type ${range.tipo} is missing`,
      );
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
