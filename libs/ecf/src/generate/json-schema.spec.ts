import { TIPOS_ECF } from '../catalogue/formats.js';
import { request } from '../testing/builders.js';
import { jsonSchemaFor, type JsonSchema } from './json-schema.js';
import { requestSchema } from './request-schema.js';

type Node = JsonSchema & {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Node[];
  readonly enum?: readonly unknown[];
};

/** Names of a value's members that the schema does not have. */
function strangers(value: unknown, schema: Node): string[] {
  if (Array.isArray(value)) {
    const [, one] = schema.anyOf ?? [];
    return value.flatMap((entry) => (one ? strangers(entry, one) : ['list']));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const next = schema.properties?.[name];
    return next ? strangers(member, next) : [name];
  });
}

test.each(TIPOS_ECF)('the schema of type %s knows the request', (tipo) => {
  expect(strangers(request(tipo), jsonSchemaFor(tipo) as Node)).toEqual([]);
  expect(strangers({ Extra: 1 }, jsonSchemaFor(tipo) as Node)).toEqual(['Extra']);
});

test.each(TIPOS_ECF)('the schema of all types knows the request of type %s', (tipo) => {
  const schema = requestSchema() as Node;
  expect(strangers(request(tipo), schema)).toEqual([]);
  expect(strangers(request(tipo), jsonSchemaFor(tipo) as Node)).toEqual([]);
  expect(JSON.stringify(schema)).not.toContain('$ref');
});

test('references resolve, and codes may be numbers where nothing is lost', () => {
  const schema = jsonSchemaFor('31');
  const definitions = schema['$defs'] as Readonly<Record<string, Node>>;
  const used = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
  expect(new Set(used)).toEqual(new Set(Object.keys(definitions)));
  expect(definitions['TipoPago']?.enum).toEqual(['1', '2', '3', 1, 2, 3]);
  expect(definitions['TipoIngresos']?.enum).not.toContain(1);
  expect(schema['required']).toEqual(['Encabezado']);
});

test('patterns are JavaScript', () => {
  for (const tipo of TIPOS_ECF) {
    const definitions = jsonSchemaFor(tipo)['$defs'] as Readonly<Record<string, Node>>;
    for (const { pattern } of Object.values(definitions)) {
      if (typeof pattern === 'string') expect(() => new RegExp(pattern, 'u')).not.toThrow();
    }
  }
});
