import { z } from 'zod';
import type { EnvSpec } from './env-spec.js';

const WIDTH = 98;

/**
 * Text of `deploy/env.example`: every variable once, under the first spec that declares it, with
 * its description; set if required, commented out with its default otherwise.
 */
export function renderEnvExample(specs: readonly EnvSpec[]): string {
  const seen = new Set<string>();
  const sections: string[] = [];
  for (const spec of new Set(specs)) {
    const entries = Object.entries(spec.variables).filter(([name]) => !seen.has(name));
    entries.forEach(([name]) => seen.add(name));
    if (entries.length === 0) continue;
    const body = entries.map(([name, schema]) => renderVariable(name, schema)).join('\n\n');
    sections.push(`# ── ${spec.name}\n\n${body}\n`);
  }
  const head = wrap(
    'Generated from the code. An empty variable is an absent one; X_FILE may name a file that holds the value of X.',
  );
  return `${head}\n\n${sections.join('\n')}`;
}

function renderVariable(name: string, schema: z.ZodType): string {
  const facts = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const fallback = facts.default;
  const optional = schema.safeParse(undefined).success;
  const notes = [sentence(facts.description ?? '')];
  if (Array.isArray(facts.enum)) notes.push(`One of: ${facts.enum.join(', ')}.`);
  if (facts['secret'] === true) notes.push('Secret.');
  if (!optional) notes.push('Required.');
  const value = fallback === undefined ? '' : String(fallback);
  return `${wrap(notes.join(' '))}\n${optional ? '#' : ''}${name}=${value}`;
}

function sentence(text: string): string {
  return /[.:]$/.test(text) ? text : `${text}.`;
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  lines.push(line);
  return lines.join('\n');
}
