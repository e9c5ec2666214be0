import {
  FORMATS,
  TIPOS_ECF,
  formatTree,
  isTipoEcf,
  type Format,
  type FormatNode,
} from '../catalogue/formats.js';

/** An element as a TypeScript property: the union of what several formats say of it. */
interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly list: boolean;
  readonly children: Property[];
}

const HEADER =
  '// Generated from the catalogue: run generate/typescript.spec.ts with UPDATE_GENERATED=1.';

/** The text of `model/ecf.ts`: an interface for each container of the ten e-CF types. */
export function renderEcfModel(): string {
  return `${[HEADER, ...renderDocument('Ecf', TIPOS_ECF)].join('\n\n')}\n`;
}

/** The text of `model/others.ts`: the same for the formats beside the e-CF. */
export function renderOtherModels(): string {
  const others = FORMATS.filter((format) => !isTipoEcf(format)).flatMap((format) =>
    renderDocument(`${format.slice(0, 1)}${format.slice(1).toLowerCase()}`, [format]),
  );
  return `${[HEADER, ...others].join('\n\n')}\n`;
}

function renderDocument(prefix: string, formats: readonly Format[]): string[] {
  const properties = merge(formats.map((format) => formatTree(format).children));
  const parts: string[] = [];
  const taken = new Set<string>();
  const roots = formats.map((format) => formatTree(format).root);
  const title = `The tree below \`${roots[0]}\`${formats.length > 1 ? ', all types together' : ''}.`;
  renderInterface(`${prefix}Document`, properties, `/** ${title} */\n`);
  return parts;

  function renderInterface(name: string, members: readonly Property[], comment: string): void {
    const at = parts.push('') - 1;
    const lines = members.map((member) => {
      const type = member.children.length > 0 ? nameFor(member.name, name) : 'string';
      if (type !== 'string') renderInterface(type, member.children, '');
      const mark = member.required ? '' : '?';
      return `  ${member.name}${mark}: ${type}${member.list ? '[]' : ''};`;
    });
    parts[at] = `${comment}export interface ${name} {\n${lines.join('\n')}\n}`;
  }

  function nameFor(element: string, parent: string): string {
    let name = `${prefix}${element}`;
    if (taken.has(name)) name = `${parent}${element}`;
    taken.add(name);
    return name;
  }
}

/** One list of properties for several formats, in catalogue order. */
function merge(levels: readonly (readonly FormatNode[])[]): Property[] {
  const order: string[] = [];
  for (const level of levels) {
    let at = 0;
    for (const { name } of level) {
      const known = order.indexOf(name);
      if (known >= 0) at = known + 1;
      else order.splice(at++, 0, name);
    }
  }
  return order.map((name) => {
    const found = levels.map((level) => level.find((node) => node.name === name));
    const nodes = found.filter((node) => node !== undefined);
    return {
      name,
      required: nodes.length === levels.length && nodes.every((node) => node.min === 1),
      list: nodes.some((node) => node.max > 1),
      children: merge(nodes.map((node) => node.children)),
    };
  });
}
