import type { ProblemCode } from '@getupnet/contracts';
import { EcfBuilder, ecf31, ecf32, ecf34 } from '@getupnet/testkit';

/** A request that must be refused, and how. */
export interface BadRequest {
  readonly name: string;
  /** An object is sent as JSON; a text as it is. */
  readonly body: unknown;
  /** Null takes a header away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly query?: string;
  readonly code: ProblemCode;
  /** Pointer → rule code, where fields are at fault; nothing else may be named… */
  readonly errors?: Readonly<Record<string, string>>;
  /** …except what is derived from the field at fault. */
  readonly derived?: true;
}

const ITEM = '/ECF/DetallesItems/Item/0';
const TOTALS = '/ECF/Encabezado/Totales';
const BUYER = '/ECF/Encabezado/Comprador';
const REFERENCE = '/ECF/InformacionReferencia';

const fine = ecf31().body();
const note = (encf: string) => ecf34({ encf, fecha: '01-01-2026' }).body();
const withLine = (line: object) => ecf31().withLine(line).body();
const withBuyer = (fields: object) =>
  ecf31()
    .withHeader('Comprador', { ...fields })
    .body();
const withTotals = (fields: object) =>
  ecf31()
    .withHeader('Totales', { ...fields })
    .body();
const json = JSON.stringify(fine);

/** One MB more than any route takes would be enough; this is what an attacker sends. */
const TEN_MB = 10 * 1024 * 1024;

/** What the body says is wrong. */
export const BAD_DOCUMENTS: readonly BadRequest[] = [
  {
    name: 'an unknown field inside ECF',
    body: ecf31().withHeader('IdDoc', { TipoDePago: '1' }).body(),
    code: 'ecf.schema_invalid',
    errors: { '/ECF/Encabezado/IdDoc/TipoDePago': 'ECF-FMT-01' },
  },
  {
    name: 'a field in the wrong case',
    body: ecf31().withHeader('idDoc', { TipoPago: '1' }).body(),
    code: 'ecf.schema_invalid',
    errors: { '/ECF/Encabezado/idDoc': 'ECF-FMT-01' },
  },
  {
    name: 'an unknown field beside ECF',
    body: ecf31().with({ tenantId: 'x' }).body(),
    code: 'validation.failed',
    errors: { '/tenantId': 'schema.unknown_field' },
  },
  {
    name: 'no ECF',
    body: {},
    code: 'validation.failed',
    errors: { '/ECF': 'schema.type' },
  },
  {
    name: 'a list instead of the envelope',
    body: [fine],
    code: 'validation.failed',
    errors: { '': 'schema.type' },
  },
  {
    name: 'an object where a text belongs',
    body: withLine({ price: { valor: 1 } }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/PrecioUnitarioItem`]: 'ECF-FMT-12' },
  },
  {
    name: 'letters where a number belongs',
    body: withLine({ price: 'mil' }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/PrecioUnitarioItem`]: 'ECF-FMT-08' },
    derived: true,
  },
  {
    name: 'a JSON number that JSON cannot keep',
    body: json.replace('"1000.00"', '12345678901234567.89'),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/PrecioUnitarioItem`]: 'ECF-FMT-13' },
  },
  {
    name: 'an empty text',
    body: withLine({ name: '' }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/NombreItem`]: 'ECF-FMT-04' },
  },
  {
    name: 'a code that is in no table',
    body: withLine({ billing: '9' }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/IndicadorFacturacion`]: 'ECF-FMT-07' },
  },
  {
    name: 'a type that does not exist',
    body: EcfBuilder.of('48', {}).body(),
    code: 'ecf.schema_invalid',
    errors: { '/ECF/Encabezado/IdDoc/TipoeCF': 'ECF-FMT-16' },
  },
  {
    name: 'a malformed RNC',
    body: withBuyer({ RNCComprador: '1-31-88068-1' }),
    code: 'ecf.rnc_invalid',
    errors: { [`${BUYER}/RNCComprador`]: 'ECF-RNC-01' },
  },
  {
    name: 'an RNC of ten digits',
    body: withBuyer({ RNCComprador: '1318806810' }),
    code: 'ecf.rnc_invalid',
    errors: { [`${BUYER}/RNCComprador`]: 'ECF-RNC-01' },
  },
  {
    name: 'another issuer than the tenant',
    body: ecf31().withHeader('Emisor', { RNCEmisor: '131880738' }).body(),
    code: 'ecf.rule_failed',
    errors: { '/ECF/Encabezado/Emisor/RNCEmisor': 'ECF-EMI-01' },
  },
  {
    name: 'a negative amount',
    body: withLine({ price: '-1000.00' }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/PrecioUnitarioItem`]: 'ECF-FMT-14' },
  },
  {
    name: 'a total beyond tolerance',
    body: withTotals({ MontoTotal: '1182.50' }),
    code: 'ecf.totals_mismatch',
    errors: { [`${TOTALS}/MontoTotal`]: 'ECF-TOT-06' },
  },
  {
    name: 'an ITBIS beyond tolerance',
    body: withTotals({ TotalITBIS: '190.00' }),
    code: 'ecf.totals_mismatch',
    errors: { [`${TOTALS}/TotalITBIS`]: 'ECF-TOT-04' },
  },
  {
    name: 'a date that is in no calendar',
    body: ecf31().withHeader('Emisor', { FechaEmision: '31-02-2026' }).body(),
    code: 'ecf.rule_failed',
    errors: { '/ECF/Encabezado/Emisor/FechaEmision': 'ECF-FEC-01' },
  },
  {
    name: 'a type 32 of 250,000.00 without buyer',
    body: ecf32().withLine({ price: '250000.00', billing: '4' }).body(),
    code: 'ecf.rule_failed',
    errors: { [`${BUYER}/RNCComprador`]: 'ECF-COM-02' },
  },
  {
    name: 'a type 31 without buyer',
    body: EcfBuilder.of('31', {}).body(),
    code: 'ecf.schema_invalid',
    errors: { [BUYER]: 'ECF-FMT-03' },
  },
  {
    name: 'a note without reference',
    body: EcfBuilder.of('34', { Comprador: { RNCComprador: '131880681' } }).body(),
    code: 'ecf.schema_invalid',
    errors: { [REFERENCE]: 'ECF-NOT-01' },
    derived: true,
  },
  {
    name: 'a note on a number of ours that was never issued',
    body: note('E310000000777'),
    code: 'reference.not_found',
  },
  {
    name: 'a note on a note',
    body: note('E340000000777'),
    code: 'ecf.rule_failed',
    errors: { [`${REFERENCE}/NCFModificado`]: 'ECF-NOT-04' },
  },
  {
    name: 'a control character',
    body: withLine({ name: 'Servicio\u0000' }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/NombreItem`]: 'ECF-TXT-01' },
  },
  {
    name: 'a vertical tab',
    body: withLine({ name: 'a\u000bb' }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/NombreItem`]: 'ECF-TXT-01' },
  },
  {
    name: 'half a surrogate pair',
    body: json.replace('"Servicio"', '"Servicio \\ud83d"'),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/NombreItem`]: 'ECF-TXT-01' },
  },
  {
    name: 'U+FFFE',
    body: withLine({ name: 'a\ufffe' }),
    code: 'ecf.schema_invalid',
    errors: { [`${ITEM}/NombreItem`]: 'ECF-TXT-01' },
  },
  {
    name: 'a name that XML cannot carry',
    body: withBuyer({ RazonSocialComprador: 'Cliente\uffff' }),
    code: 'ecf.schema_invalid',
    errors: { [`${BUYER}/RazonSocialComprador`]: 'ECF-TXT-01' },
  },
  {
    name: 'an externalRef that the database cannot hold',
    body: ecf31().with({ externalRef: 'F\u0000-1' }).body(),
    code: 'validation.failed',
    errors: { '/externalRef': 'schema.format' },
  },
  {
    name: 'half a surrogate pair in the externalRef',
    body: json.replace('{', '{"externalRef":"F-\\udc00",'),
    code: 'validation.failed',
    errors: { '/externalRef': 'schema.format' },
  },
  {
    name: 'a branch that the database cannot hold',
    body: ecf31().with({ branch: 'S\u0000' }).body(),
    code: 'validation.failed',
    errors: { '/branch': 'schema.format' },
  },
  {
    name: 'corrects that is no id',
    body: ecf31().with({ corrects: 'E310000000001' }).body(),
    code: 'validation.failed',
    errors: { '/corrects': 'schema.format' },
  },
  {
    name: 'corrects of nobody',
    body: ecf31().with({ corrects: '0190a0a0-0000-7000-8000-000000000000' }).body(),
    code: 'resource.not_found',
  },
  {
    name: 'an externalRef of 65 characters',
    body: ecf31()
      .with({ externalRef: 'x'.repeat(65) })
      .body(),
    code: 'validation.failed',
    errors: { '/externalRef': 'schema.too_big' },
  },
  {
    name: 'an unknown query parameter',
    query: '?simular=true',
    body: fine,
    code: 'validation.failed',
    errors: { '?simular': 'schema.unknown_field' },
  },
];

/** What is wrong before anybody looks into the body. */
export const BAD_REQUESTS: readonly BadRequest[] = [
  {
    name: 'a body of 10 MB',
    body: `{"ECF":"${'x'.repeat(TEN_MB)}"}`,
    code: 'request.too_large',
  },
  { name: 'broken JSON', body: `${json},`, code: 'request.malformed_json' },
  { name: 'JSON cut short', body: json.slice(0, -2), code: 'request.malformed_json' },
  { name: 'an empty body', body: '', code: 'request.malformed_json' },
  {
    name: 'a polluted prototype',
    body: json.replace('{', '{"__proto__":{},'),
    code: 'request.malformed_json',
  },
  {
    name: 'nesting without end',
    body: '['.repeat(5_000),
    code: 'request.malformed_json',
  },
  {
    name: 'XML instead of JSON',
    body: '<ECF/>',
    headers: { 'content-type': 'application/xml' },
    code: 'request.unsupported_media_type',
  },
  {
    name: 'no content type',
    body: json,
    headers: { 'content-type': null },
    code: 'request.unsupported_media_type',
  },
  {
    name: 'no credential',
    body: fine,
    headers: { authorization: null },
    code: 'auth.token_missing',
  },
  {
    name: 'a key that does not exist',
    body: fine,
    headers: { authorization: `Bearer gk_${'0'.repeat(64)}` },
    code: 'auth.token_invalid',
  },
  {
    name: 'a key in the wrong scheme',
    body: fine,
    headers: { authorization: 'Basic Z2s6Z2s=' },
    code: 'auth.token_invalid',
  },
  {
    name: 'another company in X-Tenant-ID',
    body: fine,
    headers: { 'x-tenant-id': '0190a0a0-0000-7000-8000-000000000000' },
    code: 'tenant.mismatch',
  },
  {
    name: 'no Idempotency-Key',
    body: fine,
    headers: { 'idempotency-key': null },
    code: 'idempotency.key_required',
  },
  {
    name: 'a blank Idempotency-Key',
    body: fine,
    headers: { 'idempotency-key': ' ' },
    code: 'idempotency.key_required',
  },
  {
    name: 'an Idempotency-Key of 256 characters',
    body: fine,
    headers: { 'idempotency-key': 'k'.repeat(256) },
    code: 'idempotency.key_required',
  },
];
