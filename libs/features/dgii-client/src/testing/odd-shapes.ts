import { HttpTransport, type Exchange, type HttpRequest } from '@getupnet/http-client';

type Json = unknown;
type Visit = (key: string, value: Json) => readonly [string, Json];

/** A copy with every member of every object visited, the innermost first. */
function mapMembers(value: Json, visit: Visit): Json {
  if (Array.isArray(value)) return value.map((one) => mapMembers(one, visit));
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([key, member]) =>
    visit(key, mapMembers(member, visit)),
  );
  return Object.fromEntries(members);
}

/** Lists of one as the thing itself, at every depth. */
function unwrapped(value: Json): Json {
  if (Array.isArray(value)) {
    const list = value.map(unwrapped);
    return list.length === 1 ? list[0] : list;
  }
  return mapMembers(value, (key, member) => [key, unwrapped(member)]);
}

/** Every object with one member more. */
function extended(value: Json): Json {
  if (Array.isArray(value)) return value.map(extended);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([key, member]) => [key, extended(member)] as const);
  return { novedad: { x: [1] }, ...Object.fromEntries(members) };
}

const isCode = (key: string): boolean => key.toLowerCase() === 'codigo';
const isMessages = (key: string): boolean => /^mensajes?$/i.test(key);

function otherMessage(message: Json): Json {
  if (typeof message === 'string') return { valor: message, codigo: 0 };
  return message !== null && typeof message === 'object' && 'valor' in message
    ? message.valor
    : message;
}

const rename = (change: (key: string) => string) => (json: Json) =>
  JSON.stringify(mapMembers(json, (key, value) => [change(key), value]));

const recode = (change: (code: string) => Json) => (json: Json) =>
  JSON.stringify(
    mapMembers(json, (key, value) =>
      isCode(key) && (typeof value === 'string' || typeof value === 'number')
        ? [key, change(String(value))]
        : [key, value],
    ),
  );

/** DGII's answers as the field knows them: the same content in other clothes. */
export const ODD_SHAPES: Readonly<Record<string, (json: Json) => string>> = {
  'as documented': (json) => JSON.stringify(json),
  'names in lower case': rename((key) => key.toLowerCase()),
  'names in capitals': rename((key) => key.toUpperCase()),
  'codes as numbers': recode((code) => (/^\d+$/.test(code) ? Number(code) : code)),
  'codes as text with a nought': recode((code) => (/^\d$/.test(code) ? `0${code}` : code)),
  'messages as text where objects are documented, and the reverse': (json) =>
    JSON.stringify(
      mapMembers(json, (key, value) =>
        isMessages(key) && Array.isArray(value) ? [key, value.map(otherMessage)] : [key, value],
      ),
    ),
  'lists of one without the list': (json) => JSON.stringify(unwrapped(json)),
  'flags as text': (json) =>
    JSON.stringify(
      mapMembers(json, (key, value) =>
        typeof value === 'boolean' ? [key, value ? 'True' : 'False'] : [key, value],
      ),
    ),
  'members nobody announced': (json) => JSON.stringify(extended(json)),
  'encoded twice': (json) => JSON.stringify(JSON.stringify(json)),
  'a byte order mark and blanks': (json) => `\uFEFF \r\n${JSON.stringify(json, null, 2)}\r\n`,
};

/** The network to the simulator, on which DGII's JSON takes another shape. */
export class OddTransport extends HttpTransport {
  /** Resources asked for, lower case. */
  readonly paths = new Set<string>();

  constructor(private readonly reshape: (json: unknown) => string) {
    super({ connectTimeoutMs: 1_000 });
  }

  override async send(request: HttpRequest): Promise<Exchange> {
    this.paths.add(request.url.pathname.toLowerCase());
    const exchange = await super.send(request);
    if (exchange.kind !== 'answer' || !/^\s*[[{]/.test(exchange.body)) return exchange;
    const json: unknown = JSON.parse(exchange.body);
    return { ...exchange, body: this.reshape(json) };
  }
}
