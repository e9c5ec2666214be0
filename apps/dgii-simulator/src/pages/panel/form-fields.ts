import { z } from 'zod';

/** One input of a form, as its schema describes it. */
export interface FormField {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text' | 'choice' | 'flag' | 'list' | 'choices' | 'json';
  readonly required: boolean;
  readonly hint: string | undefined;
  readonly choices: readonly string[];
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly maxLength: number | undefined;
  readonly pattern: string | undefined;
}

/** One member of a union: its word in the union's key, and the fields only it has. */
export interface FormVariant {
  readonly kind: string;
  readonly hint: string | undefined;
  readonly fields: readonly FormField[];
}

export interface FormShape {
  /** Name of the key that tells the variants apart; undefined for a plain object. */
  readonly key: string | undefined;
  readonly variants: readonly FormVariant[];
  /** Fields that every variant has. */
  readonly common: readonly FormField[];
}

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/**
 * Inputs for what a schema of the control API takes, so that the page offers whatever the API does:
 * an object, or a union of objects told apart by one constant text.
 */
export function formShape(schema: z.ZodType): FormShape {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const members = json.oneOf ?? json.anyOf;
  if (members === undefined) return { key: undefined, variants: [], common: fieldsOf(json) };
  const key = keyOf(members);
  const all = members.map((member) => ({
    kind: member.properties?.[key]?.const ?? '',
    hint: member.description,
    fields: fieldsOf(member).filter(({ name }) => name !== key),
  }));
  const isCommon = ({ name }: FormField): boolean =>
    all.every(({ fields }) => fields.some((field) => field.name === name));
  return {
    key,
    variants: all.map((variant) => ({
      ...variant,
      fields: variant.fields.filter((field) => !isCommon(field)),
    })),
    common: (all[0]?.fields ?? []).filter(isCommon),
  };
}

function keyOf(members: readonly JsonSchema[]): string {
  const key = Object.keys(members[0]?.properties ?? {}).find((name) =>
    members.every((member) => member.properties?.[name]?.const !== undefined),
  );
  if (key === undefined) throw new Error('the schema is no union told apart by a constant');
  return key;
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema): FormField[] {
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeOf(property),
    required: required.includes(name),
    hint: property.description,
    choices: property.enum ?? property.items?.enum ?? [],
    min: bound(property.minimum),
    max: bound(property.maximum),
    maxLength: property.maxLength,
    pattern: property.pattern,
  }));
}

function typeOf({ type, enum: choices, items, anyOf }: JsonSchema): FormField['type'] {
  if (choices !== undefined) return 'choice';
  if (items?.enum !== undefined) return 'choices';
  if (items?.type === 'string') return 'list';
  if (type === 'integer' || type === 'number') return type;
  if (type === 'boolean') return 'flag';
  const takesText = type === 'string' || anyOf?.some((member) => member.type === 'string');
  return takesText === true ? 'text' : 'json';
}

/** Zod states the ends of the safe integers where a schema states none. */
const bound = (value: number | undefined): number | undefined =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
