import type { Format } from '../catalogue/formats.js';
import { toXml, type XmlNode } from './generate.js';
import { accepted, agree, Judges, type Objections, type Verdicts } from './judges.js';
import { explain } from './strictness.js';
import { STRICTNESSES, type Side, type StrictnessId } from './strictnesses.data.js';

/** A document on which the verdicts differ, and nothing explains it. */
export interface Difference {
  readonly format: Format;
  /** Which document of the run, and what was done to it. */
  readonly what: string;
  readonly verdicts: Verdicts;
  readonly objections: Objections;
  readonly xml: string;
}

/** Nobody reads more than these, and one fault usually shows in many documents. */
const MAX_KEPT = 20;
const MAX_XML = 4_000;

const SIDES = new Map<StrictnessId, Side>(STRICTNESSES.map(({ id, side }) => [id, side]));

/** Compares documents of one format and keeps the accounts. */
export class Comparison {
  readonly strictnesses = new Map<StrictnessId, number>();
  readonly differences: Difference[] = [];
  unexplained = 0;
  private readonly judges: Judges;

  constructor(
    private readonly format: Format,
    officialXsd: string | undefined,
  ) {
    this.judges = new Judges(format, officialXsd);
  }

  dispose(): void {
    this.judges.dispose();
  }

  /** A text that stands for itself: all must say the same. Answers whether all accept it. */
  text(xml: string, what: string): boolean {
    const verdicts = this.judges.verdicts(xml);
    if (!agree(verdicts)) this.report(what, verdicts, xml);
    return accepted(verdicts);
  }

  /** One that must pass, once what is documented is out of the way. */
  valid(root: XmlNode, what: string): boolean {
    const xml = toXml(root);
    const verdicts = this.judges.verdicts(xml);
    if (accepted(verdicts)) return true;
    if (agree(verdicts) || !this.explained(root, true, verdicts)) this.report(what, verdicts, xml);
    return false;
  }

  /** Any document: all say the same, or what is documented explains why not. */
  document(root: XmlNode, what: string, signed = true): boolean {
    const xml = toXml(root, signed);
    const verdicts = this.judges.verdicts(xml);
    if (!agree(verdicts) && !this.explained(root, signed, verdicts)) {
      this.report(what, verdicts, xml);
    }
    return accepted(verdicts);
  }

  /**
   * Whether documented differences are behind unequal verdicts: of the side that stands apart, and
   * with them repaired everybody accepts what somebody accepted before.
   */
  private explained(root: XmlNode, signed: boolean, found: Verdicts): boolean {
    const { ids, repaired } = explain(root, this.format, signed);
    const sides = new Set(ids.map((id) => SIDES.get(id)));
    if (!areOf(found, sides)) return false;
    if (!accepted(this.judges.verdicts(toXml(repaired, signed)))) return false;
    for (const id of ids) this.strictnesses.set(id, (this.strictnesses.get(id) ?? 0) + 1);
    return true;
  }

  private report(what: string, verdicts: Verdicts, xml: string): void {
    this.unexplained++;
    if (this.differences.length >= MAX_KEPT) return;
    const objections = this.judges.objections(xml);
    const { format } = this;
    this.differences.push({ format, what, verdicts, objections, xml: xml.slice(0, MAX_XML) });
  }
}

/** Whether every step from one verdict to the next has a side that explains it. */
function areOf(
  { official, schema, validator }: Verdicts,
  sides: ReadonlySet<Side | undefined>,
): boolean {
  // Our check never lets pass what our schema refuses.
  if (!schema && validator) return false;
  if (schema && !validator && !sides.has('validator')) return false;
  if (official === undefined || official === schema) return true;
  return sides.has('official') || (official && (sides.has('schema') || sides.has('judge')));
}
