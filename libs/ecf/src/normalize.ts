import {
  formatTree,
  isTipoEcf,
  TIPOS_ECF,
  type FormatNode,
  type TipoEcf,
} from './catalogue/formats.js';
import { Findings, hasErrors, type Finding } from './findings/finding.js';
import type { EcfDraft } from './model/index.js';
import { isTree, type Tree } from './model/tree.js';

export type NormalizeResult =
  | { readonly ok: true; readonly document: EcfDraft; readonly findings: readonly Finding[] }
  | {
      readonly ok: false;
      /** What could be read, for a dry run that shows every fault at once. */
      readonly document: EcfDraft | undefined;
      readonly findings: readonly Finding[];
    };

/** Elements the platform writes itself: what a caller states of them is dropped. */
const OURS = new Set(['FechaHoraFirma', 'Signature']);

/** From this many digits on, a JSON number has lost what the caller wrote. */
const MAX_NUMBER_DIGITS = 15;

interface Shape {
  readonly node: FormatNode | undefined;
  readonly members: ReadonlyMap<string, Shape>;
}

const shapes = new Map<TipoEcf, Shape>();

function shapeOf(tipo: TipoEcf): Shape {
  let shape = shapes.get(tipo);
  if (!shape) shapes.set(tipo, (shape = compile(undefined, formatTree(tipo).children)));
  return shape;
}

function compile(node: FormatNode | undefined, children: readonly FormatNode[]): Shape {
  return {
    node,
    members: new Map(children.map((child) => [child.name, compile(child, child.children)])),
  };
}

/**
 * Brings a request's tree below `ECF` into the shape of the catalogue: leaves are texts, lists are
 * arrays, every name is known. Values are not judged here (see `validate`) and not changed.
 */
export function normalize(input: unknown): NormalizeResult {
  const findings = new Findings();
  if (!isTree(input)) {
    findings.add('ECF-FMT-12', '', { field: 'ECF', expected: 'un objeto' });
    return { ok: false, document: undefined, findings: findings.list };
  }
  const stated = statedTipo(input);
  const tipo = String(stated);
  if (!isTipoEcf(tipo)) {
    findings.add('ECF-FMT-16', '/Encabezado/IdDoc/TipoeCF', { value: shown(stated) });
    return { ok: false, document: undefined, findings: findings.list };
  }
  const document: EcfDraft = new Normalizer(tipo, findings).tree(input, shapeOf(tipo), '');
  const ok = !hasErrors(findings.list);
  return { ok, document, findings: findings.list };
}

function statedTipo(input: Tree): unknown {
  const header = input['Encabezado'];
  const id = isTree(header) ? header['IdDoc'] : undefined;
  return isTree(id) ? id['TipoeCF'] : undefined;
}

class Normalizer {
  constructor(
    private readonly tipo: TipoEcf,
    private readonly findings: Findings,
  ) {}

  tree(input: Tree, shape: Shape, path: string): Tree {
    const result: Tree = {};
    for (const name of Object.keys(input)) {
      const value = input[name];
      // Absent, as JSON writes it.
      if (value === undefined || value === null) continue;
      const at = `${path}/${pointerToken(name)}`;
      if (path === '' && OURS.has(name)) {
        this.findings.add('ECF-FMT-15', at, { field: name });
        continue;
      }
      const member = shape.members.get(name);
      if (!member?.node) this.unknown(name, at);
      else {
        const taken =
          member.node.max > 1 ? this.list(value, member, at) : this.one(value, member, at);
        if (taken !== undefined) result[name] = taken;
      }
    }
    return result;
  }

  private list(value: unknown, shape: Shape, path: string): unknown[] | undefined {
    const max = shape.node?.max ?? 1;
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (entries.length > max) {
      this.findings.add('ECF-FMT-05', path, { field: nameOf(shape), count: entries.length, max });
      return undefined;
    }
    const result: unknown[] = [];
    for (const [index, entry] of entries.entries()) {
      const taken = this.one(entry, shape, `${path}/${index}`);
      if (taken !== undefined) result.push(taken);
    }
    return result;
  }

  private one(value: unknown, shape: Shape, path: string): unknown {
    if (shape.node?.type) return this.leaf(value, shape, path);
    if (isTree(value)) return this.tree(value, shape, path);
    this.findings.add('ECF-FMT-12', path, { field: nameOf(shape), expected: 'un objeto' });
    return undefined;
  }

  private leaf(value: unknown, shape: Shape, path: string): string | undefined {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') {
      const text = String(value);
      const digits = text.replace(/^-?0?\.?0*|\./g, '').length;
      if (/^-?\d+(\.\d+)?$/.test(text) && digits <= MAX_NUMBER_DIGITS) return text;
      this.findings.add('ECF-FMT-13', path, { field: nameOf(shape) });
    } else {
      this.findings.add('ECF-FMT-12', path, {
        field: nameOf(shape),
        expected: 'un texto o un número',
      });
    }
    return undefined;
  }

  private unknown(name: string, path: string): void {
    const names = path
      .slice(1)
      .split('/')
      .filter((part) => !/^\d+$/.test(part));
    const elsewhere = TIPOS_ECF.some((tipo) => knows(shapeOf(tipo), names));
    if (elsewhere) this.findings.add('ECF-FMT-02', path, { field: name, tipo: this.tipo });
    else this.findings.add('ECF-FMT-01', path, { field: shown(name) });
  }
}

function knows(shape: Shape, names: readonly string[]): boolean {
  let at: Shape | undefined = shape;
  for (const name of names) at = at?.members.get(name);
  return at !== undefined;
}

const nameOf = (shape: Shape): string => shape.node?.name ?? 'ECF';

/** RFC 6901 escaping of one name. */
const pointerToken = (name: string): string =>
  /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;

const shown = (value: unknown): string =>
  value === undefined ? '' : String(value as string).slice(0, 60);
