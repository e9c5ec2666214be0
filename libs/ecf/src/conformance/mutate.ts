import type { Random } from './random.js';
import type { XmlNode } from './generate.js';

/** Texts that tell near-equal rules apart: spellings of numbers, dates, lengths, odd characters. */
const TEXTS = [
  '',
  ' ',
  '0',
  '00',
  '0.00',
  '1',
  '01',
  '001',
  '+1',
  '-1',
  '-0.01',
  '1.',
  '.5',
  '1.0',
  '1.00',
  '1.000',
  '1.00000',
  '1,00',
  '1e3',
  ' 1 ',
  '18',
  '62',
  '63',
  '99',
  '100',
  '1000',
  '1001',
  '10001',
  '12345',
  '123456',
  '1234567.1',
  '1234567890123456',
  '1234567890123456.12',
  '12345678901234567',
  '123456789012345678',
  '1234567890123456789',
  '12345678901234567890.1234',
  '123456789',
  '00112345678',
  '1234567890',
  '1-1-2020',
  '01-01-2020',
  '32-01-2020',
  '31-13-2020',
  '01-01-1899',
  ' 01-01-2020',
  '01-01-2020 1:2:3',
  '01-01-2020 24:00:00',
  '2024-05-05T10:00:00-04:00',
  'A',
  'AB',
  'ABC',
  'ABCD',
  'A1C',
  'ñandú',
  'Ü',
  'a+b@c.do',
  'a@b',
  '809-555-0000',
  'E310000000001',
  'E3100000001',
  'e31000000000$',
  '\u0663\u0664',
  'é'.normalize('NFD'),
  '𝒳𝒳',
  '\t\n',
  'a\rb',
  'x'.repeat(13),
  'x'.repeat(20),
  'x'.repeat(21),
  'x'.repeat(81),
  'x'.repeat(151),
  'x'.repeat(1001),
  'USD',
  '%',
  '$',
  'D',
  'CT',
];

function flatten(root: XmlNode): { parent: XmlNode; index: number; element: XmlNode }[] {
  return root.children.flatMap((element, index) => [
    { parent: root, index, element },
    ...flatten(element),
  ]);
}

/** Changes one thing of a document in place, and says what. */
export function mutate(root: XmlNode, random: Random): string {
  const places = flatten(root).filter(({ element }) => element.name !== 'TipoeCF');
  const { parent, index, element } = random.pick(places);
  const at = `${parent.name}/${element.name}`;
  if (element.text !== undefined && random.chance(0.6)) {
    const type = element.node?.type;
    const limit = type?.maxLength;
    const texts =
      limit === undefined ? TEXTS : [...TEXTS, 'á'.repeat(limit), 'á'.repeat(limit + 1)];
    element.text = random.pick([...texts, `${element.text}0`, `${element.text} `]);
    return `${at} = ${JSON.stringify(element.text.slice(0, 40))}`;
  }
  switch (random.below(6)) {
    case 0:
      parent.children.splice(index, 1);
      return `without ${at}`;
    case 1:
      parent.children.splice(index, 0, element);
      return `${at} twice`;
    case 2: {
      const stranger = { name: 'Otro', node: undefined, text: 'x', children: [] };
      parent.children.splice(index, 0, stranger);
      return `stranger before ${at}`;
    }
    case 3: {
      const to = random.below(parent.children.length);
      parent.children.splice(index, 1);
      parent.children.splice(to, 0, element);
      return `${at} moved to ${to}`;
    }
    case 4: {
      const max = element.node?.max ?? 1;
      if (max > 40) return 'nothing';
      parent.children.splice(index, 0, ...Array.from({ length: max }, () => element));
      return `${at} ${max} times more`;
    }
    default:
      element.children = [];
      if (element.text !== undefined) element.text = '';
      return `${at} emptied`;
  }
}
