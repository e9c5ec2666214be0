import type { RouteRow } from '@getupnet/platform';
import { hostileTexts } from './hostile.data.js';

export interface HostileRequest {
  /** What is wrong with it, for the failing test's name. */
  readonly what: string;
  readonly bytes: Buffer;
}

export interface HostileOptions {
  readonly seed: number;
  readonly count: number;
  readonly routes: readonly RouteRow[];
  readonly apiKey: string;
}

/** Mulberry32: the same seed makes the same requests. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Draft {
  what: string;
  method: string;
  target: string;
  headers: string[];
  body: Buffer;
}

const VALID_BODY =
  '{"ECF":{"Encabezado":{"IdDoc":{"TipoeCF":31}}},"email":"a@b.do","tags":[1,2,3]}';
const ODD_METHODS = [
  'TRACE',
  'TRACK',
  'PROPFIND',
  'MKCOL',
  'LOCK',
  'SEARCH',
  'PURGE',
  'get',
  'G\0T',
];
const ODD_TYPES = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json, text/html',
  '../../etc/passwd',
  '',
];

/** Malformed and hostile requests to the routes a running application has. */
export function hostileRequests(options: HostileOptions): HostileRequest[] {
  const below = generator(options.seed);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const kinds: ((draft: Draft) => void)[] = [
    (draft) => {
      draft.what = 'JSON cut short';
      draft.body = Buffer.from(VALID_BODY.slice(0, below(VALID_BODY.length)));
    },
    (draft) => {
      draft.what = 'JSON with a byte changed';
      draft.body = Buffer.from(VALID_BODY);
      draft.body[below(draft.body.length)] = below(256);
    },
    (draft) => {
      draft.what = 'deep JSON';
      const [open, close] = pick([
        ['[', ']'],
        ['{"a":', '}'],
      ] as const);
      const depth = 65 + below(20_000);
      draft.body = Buffer.from(`${open.repeat(depth)}1${close.repeat(depth)}`);
    },
    (draft) => {
      draft.what = 'JSON that reaches for prototypes';
      const name = pick(['__proto__', 'constructor', 'prototype', '\\u005f_proto__']);
      draft.body = Buffer.from(
        `{"${name}":{"isAdmin":true,"prototype":{"x":1}},"ECF":{"${name}":{}}}`,
      );
    },
    (draft) => {
      draft.what = 'JSON that is no object';
      draft.body = Buffer.from(pick(['null', '[]', '1e999', '"x"', 'true', '-', '[[[]', '{}{}']));
    },
    (draft) => {
      const text = pick(hostileTexts);
      draft.what = `in the body: ${text}`;
      const body = { ECF: { Encabezado: text }, email: text, id: text, [text]: text };
      draft.body = Buffer.from(JSON.stringify(body));
    },
    (draft) => {
      const text = pick(hostileTexts);
      draft.what = `in the path: ${text}`;
      draft.target = `${draft.target}/${encodeURIComponent(text)}`;
    },
    (draft) => {
      const text = pick(hostileTexts);
      const name = pick(['cursor', 'limit', 'state', 'encf', 'from', 'format', 'dryRun', 'x[]']);
      draft.what = `in the query: ${text}`;
      draft.target = `${draft.target}?${name}=${encodeURIComponent(text)}&${name}=2`;
    },
    (draft) => {
      const text = pick(hostileTexts).replaceAll(/[\0-\x1f\x7f]/g, '');
      const name = pick([
        'Idempotency-Key',
        'X-Tenant-ID',
        'X-Request-ID',
        'Authorization',
        'Cookie',
      ]);
      draft.what = `in a header: ${text}`;
      draft.headers.push(`${name}: ${name === 'Authorization' ? 'Bearer ' : ''}${text}`);
    },
    (draft) => {
      draft.what = 'bytes that are not UTF-8';
      draft.body = Buffer.concat([
        Buffer.from('{"ECF":"'),
        Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xff]),
        Buffer.from('"}'),
      ]);
    },
    (draft) => {
      draft.what = 'a path that cannot be decoded';
      draft.target += pick(['/%ff', '/%c0%ae', '/%', '/%zz', '/\xff\xfe', '/%u0041', '/%00']);
    },
    (draft) => {
      draft.what = 'large headers';
      draft.headers.push(`X-Large: ${'a'.repeat(15_000 + below(40_000))}`);
    },
    (draft) => {
      draft.what = 'many headers';
      for (let at = 0; at < 101 + below(400); at += 1) draft.headers.push(`X-${at}: 1`);
    },
    (draft) => {
      draft.what = 'an odd method';
      draft.method = pick(ODD_METHODS);
    },
    (draft) => {
      draft.what = 'an odd content type';
      draft.headers.push(`Content-Type: ${pick(ODD_TYPES)}`);
    },
    (draft) => {
      draft.what = 'a compressed body';
      draft.headers.push(
        `Content-Encoding: ${pick(['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip'])}`,
      );
    },
    (draft) => {
      draft.what = 'a length that is none';
      draft.headers.push(
        `Content-Length: ${pick(['-1', '1e3', '0x10', '9999999999999999999', '+5', ' '])}`,
      );
    },
    (draft) => {
      draft.what = 'two ways to say where it ends';
      draft.headers.push(
        pick(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked, identity']),
      );
    },
    (draft) => {
      draft.what = 'a credential that is none';
      draft.headers = draft.headers.filter((line) => !line.startsWith('Authorization'));
      draft.headers.push(`Authorization: ${pick(BAD_CREDENTIALS)}`);
    },
    (draft) => {
      draft.what = 'a foreign origin';
      draft.headers.push(
        `Origin: ${pick(['null', 'https://evil.example', 'file://', '*', 'x\ty'])}`,
      );
    },
    (draft) => {
      draft.what = 'a long path';
      draft.target += `/${'a'.repeat(300 + below(10_000))}`;
    },
  ];
  const writing = options.routes.filter(({ method }) => WITH_BODY.has(method));
  return Array.from({ length: options.count }, (_, index) => {
    const kind = kinds[index % kinds.length] as (draft: Draft) => void;
    const draft = draftFor(pick(options.routes));
    // Most of them with a good credential, so that more than the door is tried.
    if (below(4) > 0) draft.headers.push(`Authorization: Bearer ${options.apiKey}`);
    kind(draft);
    // A body is read where one is expected.
    if (draft.body.length > 0) Object.assign(draft, placeOf(pick(writing)));
    return { what: `${draft.what} (${draft.method} ${draft.target})`, bytes: toBytes(draft) };
  });
}

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const placeOf = ({ method, path }: RouteRow): Pick<Draft, 'method' | 'target'> => ({
  method,
  target: path.replace(/\{\w+\}/g, '0190a0b0-0000-7000-8000-000000000000'),
});

function draftFor(route: RouteRow): Draft {
  return {
    what: '',
    ...placeOf(route),
    headers: ['Host: localhost', 'Connection: close', 'Idempotency-Key: hostile-1'],
    body: Buffer.alloc(0),
  };
}

const BAD_CREDENTIALS = [
  'Bearer',
  'Bearer gk_',
  `Bearer gk_${'0'.repeat(64)}`,
  'Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiIxIn0.',
  'Bearer ..',
  'Basic YWRtaW46YWRtaW4=',
  'Service billing:x',
  `Bearer ${'a'.repeat(8_000)}`,
  'Negotiate \x80\xff',
];

function toBytes({ method, target, headers, body }: Draft): Buffer {
  const lines = [...headers];
  const has = (name: string): boolean => lines.some((line) => line.startsWith(`${name}:`));
  if (body.length > 0 && !has('Content-Type')) lines.push('Content-Type: application/json');
  if (!has('Content-Length')) lines.push(`Content-Length: ${body.length}`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
