import { FORMATS, type Format } from '../catalogue/formats.js';
import { fieldsOf } from '../catalogue/fields.js';
import { escapeText } from '../xml/text.js';
import type { XmlNode } from './generate.js';
import type { Random } from './random.js';
import { NUMBER_TEXTS, TEXTS } from './texts.data.js';

interface Place {
  readonly parent: XmlNode;
  readonly index: number;
  readonly element: XmlNode;
}

interface Context {
  readonly random: Random;
  /** Codes of all tables, and those of the official schema where it is there. */
  readonly codes: readonly string[];
}

interface Kind {
  /** Whether the change makes sense there. */
  readonly at?: (place: Place) => boolean;
  readonly change: (place: Place, context: Context) => string;
}

const isLeaf = ({ element }: Place): boolean => element.text !== undefined;
const nameOf = ({ parent, element }: Place): string => `${parent.name}/${element.name}`;
const insert = ({ parent, index }: Place, ...nodes: XmlNode[]): void => {
  parent.children.splice(index, 0, ...nodes);
};
const leaf = (name: string, text: string): XmlNode => ({
  name,
  node: undefined,
  text,
  children: [],
});
/** Text or mark-up between elements. */
const between = (raw: string): XmlNode => ({ ...leaf('', ''), raw });

const setText = (place: Place, text: string): string => {
  place.element.text = text;
  return `${nameOf(place)} = ${JSON.stringify(text.slice(0, 40))}`;
};

/** A list is filled beyond its limit up to here; longer ones are the sweep's business. */
const MAX_SURPLUS = 40;

const KINDS = {
  drop: {
    change(place) {
      place.parent.children.splice(place.index, 1);
      return `without ${nameOf(place)}`;
    },
  },
  duplicate: {
    change(place) {
      insert(place, place.element);
      return `${nameOf(place)} twice`;
    },
  },
  stranger: {
    change(place) {
      insert(place, leaf('Otro', 'x'));
      return `stranger before ${nameOf(place)}`;
    },
  },
  foreign: {
    change(place, { random }) {
      const name = random.pick(allNames());
      insert(place, leaf(name, '1'));
      return `${name} before ${nameOf(place)}`;
    },
  },
  reorder: {
    at: ({ parent }) => parent.children.length > 1,
    change(place, { random }) {
      const to = random.below(place.parent.children.length);
      place.parent.children.splice(place.index, 1);
      place.parent.children.splice(to, 0, place.element);
      return `${nameOf(place)} moved to ${to}`;
    },
  },
  surplus: {
    at: ({ element }) => (element.node?.max ?? 1) <= MAX_SURPLUS,
    change(place) {
      const more = place.element.node?.max ?? 1;
      insert(place, ...Array.from({ length: more }, () => place.element));
      return `${nameOf(place)} ${more} times more`;
    },
  },
  overLength: {
    at: isLeaf,
    change(place, { random }) {
      const limit = place.element.node?.type?.maxLength ?? place.element.text?.length ?? 0;
      return setText(place, random.pick(['x', 'á', '𝒳', '1']).repeat(limit + random.below(2)));
    },
  },
  wrongCode: {
    at: (place) => isLeaf(place) && place.element.node?.type?.codes !== undefined,
    change(place, { random, codes }) {
      const text = place.element.text ?? '';
      const near = [
        `${text}0`,
        `0${text}`,
        ` ${text}`,
        `${text} `,
        text.toLowerCase(),
        `${text}.0`,
      ];
      return setText(place, random.chance(0.7) ? random.pick(codes) : random.pick(near));
    },
  },
  wrongNumber: {
    at: (place) => isLeaf(place) && /integer|decimal/.test(place.element.node?.type?.base ?? ''),
    change(place, { random }) {
      const text = place.element.text ?? '';
      const near = [`${text}0`, `${text}.0`, `${text}.000`, `0${text}`, `-${text}`, `+${text}`];
      return setText(place, random.chance(0.6) ? random.pick(NUMBER_TEXTS) : random.pick(near));
    },
  },
  text: {
    at: isLeaf,
    change(place, { random }) {
      const { text = '' } = place.element;
      const characters = Array.from(text);
      const shorter = [characters.slice(1).join(''), characters.slice(0, -1).join('')];
      const near = [`${text}0`, `${text} `, ` ${text}`, ...shorter];
      return setText(place, random.chance(0.7) ? random.pick(TEXTS) : random.pick(near));
    },
  },
  empty: {
    change(place) {
      place.element.children = [];
      if (place.element.text !== undefined) place.element.text = '';
      return `${nameOf(place)} emptied`;
    },
  },
  attribute: {
    change(place, { random }) {
      place.element.attributes = random.pick(ATTRIBUTES);
      return `${nameOf(place)} with${place.element.attributes}`;
    },
  },
  between: {
    change(place, { random }) {
      const raw = random.pick(['x', ' \n', '<!-- x -->', '<?x y?>', '&#x41;']);
      insert(place, between(raw));
      return `${JSON.stringify(raw)} before ${nameOf(place)}`;
    },
  },
  markup: {
    at: (place) => isLeaf(place) && (place.element.text ?? '') !== '',
    change(place, { random }) {
      const text = place.element.text ?? '';
      const cut = random.below(text.length);
      // Between the halves of a pair there is no place.
      const at = /[\udc00-\udfff]/.test(text[cut] ?? '') ? 0 : cut;
      const raw = random.pick(['<!-- x -->', '<?x y?>', '<b>1</b>', '<![CDATA[]]>', '&#x30;']);
      place.element.raw = escapeText(text.slice(0, at)) + raw + escapeText(text.slice(at));
      return `${raw} inside ${nameOf(place)}`;
    },
  },
} as const satisfies Readonly<Record<string, Kind>>;

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const ATTRIBUTES = [
  ' Id="x"',
  ' xmlns:q="urn:q"',
  ' xmlns="urn:q"',
  ' xml:lang="es"',
  ` ${XSI} xsi:nil="true"`,
  ` ${XSI} xsi:noNamespaceSchemaLocation="x.xsd"`,
] as const;

/** The ways in which {@link mutate} changes a document. */
export type MutationKind = keyof typeof KINDS;
export const MUTATION_KINDS = Object.keys(KINDS) as readonly MutationKind[];

let names: readonly string[] | undefined;
/** Names of all formats: a field that another type has, in the wrong document. */
function allNames(): readonly string[] {
  names ??= [
    ...new Set(FORMATS.flatMap((format) => [...fieldsOf(format).values()].map(({ name }) => name))),
  ];
  return names;
}

function placesOf(root: XmlNode): Place[] {
  return root.children.flatMap((child, index) => [
    { parent: root, index, element: child },
    ...placesOf(child),
  ]);
}

/** Codes of a format's own tables. */
export function codesIn(format: Format): readonly string[] {
  const codes = [...fieldsOf(format).values()].flatMap(({ type }) => type?.codes ?? []);
  return [...new Set(codes)];
}

/** Changes one thing of a document in place, in the way stated, and says what. */
export function mutate(
  root: XmlNode,
  kind: MutationKind,
  random: Random,
  codes: readonly string[],
): string {
  const { at, change }: Kind = KINDS[kind];
  // The reader finds out by TipoeCF which format a document has.
  const places = placesOf(root).filter(({ element: one }) => one.name !== 'TipoeCF');
  const fitting = at ? places.filter(at) : places;
  return fitting.length === 0 ? 'nothing' : change(random.pick(fitting), { random, codes });
}
