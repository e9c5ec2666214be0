import { z } from 'zod';
import { formShape } from './form-fields.js';
import { schemaForm } from './form.js';

const scope = { rnc: z.string().max(11).optional() };
const schema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('slow'), ms: z.int().min(1).max(9), ...scope }),
    z.strictObject({
      kind: z.literal('brand-new').describe('x'),
      days: z.array(z.string().regex(/^\d+$/)),
      some: z.array(z.enum(['a', 'b'])).optional(),
      seed: z.union([z.string(), z.int()]),
      deep: z.object({ a: z.number() }).optional(),
      on: z.boolean().optional(),
      ...scope,
    }),
  ])
  .superRefine(() => undefined);

describe('formShape', () => {
  it('tells variants, their own fields and those they share', () => {
    const { key, variants, common } = formShape(schema);
    expect(key).toBe('kind');
    expect(variants.map(({ kind, fields }) => [kind, ...fields.map(({ name }) => name)])).toEqual([
      ['slow', 'ms'],
      ['brand-new', 'days', 'some', 'seed', 'deep', 'on'],
    ]);
    expect(common.map(({ name, maxLength }) => [name, maxLength])).toEqual([['rnc', 11]]);
  });

  it('knows what each field takes', () => {
    const [slow, fresh] = formShape(schema).variants;
    expect(slow?.fields[0]).toMatchObject({ type: 'integer', min: 1, max: 9, required: true });
    expect(fresh?.fields.map(({ name, type, required }) => [name, type, required])).toEqual([
      ['days', 'list', true],
      ['some', 'choices', false],
      ['seed', 'text', true],
      ['deep', 'json', false],
      ['on', 'flag', false],
    ]);
  });

  it('takes a plain object too, and nothing that it cannot tell apart', () => {
    const plain = formShape(z.strictObject({ encf: z.string(), times: z.int().optional() }));
    expect(plain).toMatchObject({ key: undefined, variants: [] });
    expect(plain.common.map(({ name }) => name)).toEqual(['encf', 'times']);
    expect(() => formShape(z.union([z.object({ a: z.string() }), z.object({})]))).toThrow();
  });
});

describe('schemaForm', () => {
  it('shows a kind that nobody has described yet', () => {
    const { text } = schemaForm({ id: 'f', target: '/x', button: 'Sí', schema });
    expect(text).toContain('<option>brand-new</option>');
    expect(text).toMatch(/data-variant="brand-new"\s+hidden\s+disabled/);
    expect(text).toMatch(/name="ms"\s+type="number"\s+data-type="number"\s+step="1"\s+min="1"/);
  });
});
