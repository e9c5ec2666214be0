import { DS, EXCLUSIVE, INCLUSIVE, signatureOf, signer } from './forge.js';
import type { Random } from './random.js';

/** An XML text in pieces: tags, comments, instructions, sections and the text between them. */
type Tokens = string[];
type Mutation = (tokens: Tokens, random: Random) => void;

const TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<[^>]*>|[^<]+/g;
const tokensOf = (xml: string): Tokens => xml.match(TOKEN) ?? [];

const isOpen = (token: string | undefined): boolean => /^<[\w:]/.test(token ?? '');
const isClose = (token: string | undefined): boolean => /^<\//.test(token ?? '');
const isTag = (token: string | undefined): boolean => isOpen(token) || isClose(token);
const isText = (token: string | undefined): boolean =>
  token !== undefined && !token.startsWith('<');

/** A place among those that fit, or -1. */
function place(
  tokens: Tokens,
  random: Random,
  fits: (token: string, index: number) => boolean,
): number {
  const found = tokens.flatMap((token, index) => (fits(token, index) ? [index] : []));
  return found.length === 0 ? -1 : random.pick(found);
}

function signatureStart(tokens: Tokens): number {
  return tokens.findIndex((token) => /^<(?:\w+:)?Signature[ >]/.test(token));
}

/** Where something may be put without touching the Signature. */
function outside(tokens: Tokens, random: Random): number {
  const end = signatureStart(tokens);
  return place(
    tokens,
    random,
    (token, index) => index > 0 && index < end && !token.startsWith('<?'),
  );
}

function insert(tokens: Tokens, at: number, ...added: readonly string[]): void {
  if (at >= 0) tokens.splice(at, 0, ...added);
}

function edit(tokens: Tokens, at: number, change: (token: string) => string): void {
  const token = tokens[at];
  if (token !== undefined) tokens[at] = change(token);
}

function replaceIn(tokens: Tokens, from: string | RegExp, to: string): void {
  const at = tokens.findIndex((token) =>
    typeof from === 'string' ? token.includes(from) : from.test(token),
  );
  edit(tokens, at, (token) => token.replace(from, () => to));
}

/** A character of a text as a reference. */
function reference(text: string, random: Random): string {
  const characters = text.match(/&[^;]+;|[\s\S]/gu) ?? [];
  const at = random.below(characters.length);
  return characters
    .map((character, index) => {
      const code = character.codePointAt(0) ?? 0;
      if (index !== at || character.length > 2) return character;
      return random.chance(0.5) ? `&#${code};` : `&#x${code.toString(16)};`;
    })
    .join('');
}

const SPACES = [' ', '\n', '\r\n', '\t', '\n    ', '\r'];
const COMMENTS = ['<!-- -->', '<!---->', '<!--<MontoTotal>9</MontoTotal>-->', '<!--<Signature>-->'];

/** Changes that no reader of the signed content can see. */
export const HARMLESS: Readonly<Record<string, Mutation>> = {
  'white space between elements': (tokens, random) => {
    const wanted = random.next();
    for (let at = tokens.length - 1; at > 0; at -= 1) {
      const leaf = isOpen(tokens[at - 1]) && isClose(tokens[at]);
      if (isTag(tokens[at]) && isTag(tokens[at - 1]) && !leaf && random.chance(wanted)) {
        insert(tokens, at, random.pick(SPACES));
      }
    }
  },
  'empty tag': (tokens, random) => {
    const at = place(tokens, random, (token, i) => isOpen(token) && isClose(tokens[i + 1]));
    if (at >= 0) tokens.splice(at, 2, (tokens[at] ?? '').replace(/>$/, ' />'));
  },
  'comment outside Signature': (tokens, random) =>
    insert(tokens, outside(tokens, random), random.pick(COMMENTS)),
  'CDATA section': (tokens, random) => {
    const end = signatureStart(tokens);
    const at = place(tokens, random, (t, i) => isText(t) && i < end && !/[&\r]|\]\]/.test(t));
    edit(tokens, at, (text) => {
      const cut = random.below(text.length + 1);
      if (/[\ud800-\udbff]$/.test(text.slice(0, cut))) return text;
      return `${text.slice(0, cut)}<![CDATA[${text.slice(cut)}]]>`;
    });
  },
  'character reference': (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, (t) => isText(t) && /\S/.test(t)),
      (text) => reference(text, random),
    ),
  'single quotes': (tokens) => {
    tokens.forEach((token, at) => {
      if (isOpen(token) && !token.includes("'")) tokens[at] = token.replaceAll('"', "'");
    });
  },
  'blanks inside a tag': (tokens, random) =>
    edit(tokens, place(tokens, random, isTag), (tag) =>
      tag.replace(/(\/?)>$/, `${random.pick(SPACES)}$1>`),
    ),
  'blanks around an attribute': (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, (t) => isOpen(t) && t.includes('=')),
      (tag) => tag.replace('=', ' = ').replace(' ', '\n '),
    ),
  'reference in an attribute': (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, (t) => /Algorithm=/.test(t)),
      (tag) => tag.replace('/', '&#47;').replace('g/', 'g&#x2f;'),
    ),
  'no declaration': (tokens) => {
    if (tokens[0]?.startsWith('<?xml') === true) tokens.shift();
  },
  'another declaration': (tokens, random) => {
    if (tokens[0]?.startsWith('<?xml') === true) tokens.shift();
    tokens.unshift(
      random.pick([
        "<?xml version='1.0'?>",
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n',
      ]),
    );
  },
  'line breaks in base64': (tokens, random) => {
    const at = place(tokens, random, (_t, i) =>
      /(?:SignatureValue|X509Certificate)(?: [^>]*)?>$/.test(tokens[i - 1] ?? ''),
    );
    edit(tokens, at, (text) => text.replace(/.{60}/g, `$&${random.pick(SPACES)}`));
  },
  'Id outside SignedInfo': (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, (t) => /^<(?:\w+:)?(?:Signature|SignatureValue|KeyInfo)[ >]/.test(t)),
      (tag) => (tag.includes(' Id=') ? tag : tag.replace(/>$/, ' Id="a">')),
    ),
  'key name': (tokens) => {
    const at = tokens.findIndex((token) => /^<(?:\w+:)?X509Data/.test(token));
    const prefix = /^<(\w+:)?/.exec(tokens[at] ?? '')?.[1] ?? '';
    insert(tokens, at, `<${prefix}KeyName>`, 'a', `</${prefix}KeyName>`);
  },
  'white space behind the root': (tokens, random) => {
    tokens.push(random.pick(SPACES));
  },
  'line ends': (tokens) => {
    tokens.forEach((token, at) => {
      tokens[at] = token.replace(/\r?\n/g, '\r\n');
    });
  },
  'escaped greater-than': (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, (t) => isText(t) && /&gt;|"/.test(t) && !t.includes(']]')),
      (text) => text.replace('&gt;', '>'),
    ),
};

const ALGORITHMS = [
  INCLUSIVE,
  `${INCLUSIVE}#WithComments`,
  EXCLUSIVE,
  `${EXCLUSIVE}WithComments`,
  'http://www.w3.org/2006/12/xml-c14n11',
  `${DS}enveloped-signature`,
  `${DS}sha1`,
  `${DS}rsa-sha1`,
  `${DS}hmac-sha1`,
  `${DS}base64`,
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
  'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/TR/1999/REC-xpath-19991116',
  'http://www.w3.org/TR/1999/REC-xslt-19991116',
];
const NAMESPACES = [
  ' xmlns="urn:x"',
  ' xmlns=""',
  ` xmlns="${DS}"`,
  ` xmlns:ds="${DS}"`,
  ' xmlns:x="urn:x"',
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
  ' xml:lang="es"',
  ' xml:space="preserve"',
  ' Id="x"',
  ' xsi:nil="true"',
  ' xsi:schemaLocation="x"',
];
const ATTRIBUTE = /Algorithm=(["'])[^"']*\1/;

/** Indices of the first and behind the last token of an element. */
function element(tokens: Tokens, from: number): readonly [number, number] {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (isOpen(tokens[at]) && !/\/>$/.test(tokens[at] ?? '')) depth += 1;
    else if (isClose(tokens[at])) depth -= 1;
    if (depth === 0) return [from, at + 1];
  }
  return [from, from + 1];
}

function copyOf(tokens: Tokens, random: Random): string[] {
  const [from, to] = element(tokens, place(tokens, random, isOpen));
  return tokens.slice(from, to);
}

/** Changes that an honest sender has no reason to make; some of them happen to be void. */
export const HARMFUL: Readonly<Record<string, Mutation>> = {
  'character of a text': (tokens, random) =>
    edit(tokens, place(tokens, random, isText), (text) => {
      const at = random.below(text.length);
      return text.slice(0, at) + random.pick([...'01aZ=+ .']) + text.slice(at + 1);
    }),
  'character of anything': (tokens, random) =>
    edit(tokens, random.below(tokens.length), (text) => {
      const at = random.below(text.length);
      return text.slice(0, at) + random.pick([...'<>&"\'/=: x9']) + text.slice(at + 1);
    }),
  'text removed': (tokens, random) => edit(tokens, place(tokens, random, isText), () => ''),
  'text around a text': (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, isText),
      (text) => random.pick(['0', ' ', '\n', '&#9;', '']) + text + random.pick(['9', ' ', '&#13;']),
    ),
  'element removed': (tokens, random) => {
    const [from, to] = element(tokens, place(tokens, random, isOpen));
    tokens.splice(from, to - from);
  },
  'element repeated': (tokens, random) => {
    const at = place(tokens, random, isOpen);
    insert(tokens, at, ...tokens.slice(...element(tokens, at)));
  },
  'element copied elsewhere': (tokens, random) =>
    insert(tokens, place(tokens, random, isTag), ...copyOf(tokens, random)),
  'element moved': (tokens, random) => {
    const [from, to] = element(
      tokens,
      place(tokens, random, (t, i) => isOpen(t) && i > 2),
    );
    const moved = tokens.splice(from, to - from);
    insert(tokens, place(tokens, random, isTag), ...moved);
  },
  'element renamed': (tokens, random) => {
    const at = place(tokens, random, isOpen);
    const [from, to] = element(tokens, at);
    const name = random.pick(['Object', 'X', 'MontoTotal', 'Signature', 'ds:X']);
    edit(tokens, from, (tag) => tag.replace(/^<[^\s/>]+/, `<${name}`));
    if (to - 1 > from) edit(tokens, to - 1, () => `</${name}>`);
  },
  'element wrapped': (tokens, random) => {
    const [from, to] = element(tokens, place(tokens, random, isOpen));
    insert(tokens, to, '</Object>');
    insert(tokens, from, '<Object>');
  },
  'attribute or namespace': (tokens, random) =>
    edit(tokens, place(tokens, random, isOpen), (tag) =>
      tag.replace(/(\/?)>$/, `${random.pick(NAMESPACES)}$1>`),
    ),
  'attribute removed': (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, (t) => isOpen(t) && t.includes('=')),
      (tag) => tag.replace(/\s[\w:]+\s*=\s*(["'])[^"']*\1/, ''),
    ),
  'processing instruction': (tokens, random) =>
    insert(tokens, random.below(tokens.length + 1), random.pick(['<?x 9?>', '<?xml-x?>'])),
  'comment anywhere': (tokens, random) =>
    insert(tokens, random.below(tokens.length + 1), random.pick(COMMENTS)),
  'comment inside a text': (tokens, random) =>
    edit(tokens, place(tokens, random, isText), (text) => {
      const at = random.below(text.length);
      return text.slice(0, at) + random.pick(COMMENTS) + text.slice(at);
    }),
  'document type': (tokens, random) =>
    insert(
      tokens,
      tokens.findIndex(isOpen),
      random.pick([
        '<!DOCTYPE ECF>',
        '<!DOCTYPE ECF [<!ENTITY a "9">]>',
        '<!DOCTYPE ECF [<!ATTLIST MontoTotal x CDATA "9">]>',
      ]),
    ),
  entity: (tokens, random) => edit(tokens, place(tokens, random, isText), (text) => `${text}&a;`),
  algorithm: (tokens, random) =>
    edit(
      tokens,
      place(tokens, random, (t) => ATTRIBUTE.test(t)),
      (tag) => tag.replace(ATTRIBUTE, `Algorithm="${random.pick(ALGORITHMS)}"`),
    ),
  'reference to something else': (tokens, random) =>
    replaceIn(
      tokens,
      /URI=(["'])\1/,
      random.pick(['URI="#x"', 'URI="#xpointer(/)"', 'Type="x"', 'URI="" Id="r"', 'URI="a.xml"']),
    ),
  'second Signature': (tokens, random) => {
    const copy = tokensOf(signatureOf(tokens.join('')));
    insert(tokens, place(tokens, random, isTag), ...copy);
  },
  'Signature elsewhere': (tokens, random) => {
    const [from, to] = element(tokens, signatureStart(tokens));
    const moved = tokens.splice(from, to - from);
    insert(tokens, place(tokens, random, isTag), ...moved);
  },
  'another certificate': (tokens, random) => {
    const at = tokens.findIndex(
      (t, i) => isText(t) && /X509Certificate>$/.test(tokens[i - 1] ?? ''),
    );
    edit(tokens, at, () => random.pick(OTHER_CERTIFICATES));
  },
  'root inside another': (tokens) => {
    const at = tokens.findIndex(isOpen);
    insert(tokens, at, '<ECF>', '<Encabezado>', '<MontoTotal>9</MontoTotal>', '</Encabezado>');
    tokens.push('</ECF>');
  },
  'cut off': (tokens, random) => {
    tokens.length = random.below(tokens.length) + 1;
  },
};

const der = signer.certificate.der.toString('base64');
const OTHER_CERTIFICATES = [
  der.slice(0, -8),
  `${der.slice(0, 40)}A${der.slice(41)}`,
  `${der}AAAA`,
  Buffer.from(signer.certificate.pem).toString('base64'),
  'AAAA',
];

/** A text with some of these changes, drawn by a seeded generator. */
export function mutate(xml: string, mutations: readonly Mutation[]): (random: Random) => string {
  return (random) => {
    let text = xml;
    for (let left = 1 + random.below(3); left > 0; left -= 1) {
      const tokens = tokensOf(text);
      if (tokens.length > 0) random.pick(mutations)(tokens, random);
      text = tokens.join('');
    }
    return text;
  };
}
