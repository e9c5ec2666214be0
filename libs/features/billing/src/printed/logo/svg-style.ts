import { logoFault } from './logo-fault.js';

export type Declarations = ReadonlyMap<string, string>;
/** Class → its declarations, in the order of the sheet. */
export type ClassRules = ReadonlyMap<string, Declarations>;

const COMMENT = /\/\*[^]*?\*\//g;
const RULE = /([^{}]*)\{([^{}]*)\}/gy;
const CLASS = /^\.([A-Za-z_][\w-]*)$/;
const MAX_RULES = 500;
const SHOWN = 40;

/** `fill:#123456;stroke:none` as properties; refuses what is no such list. */
export function declarations(text: string): Declarations {
  refuseReferences(text);
  const found = new Map<string, string>();
  for (const part of text.replace(COMMENT, '').split(';')) {
    if (part.trim() === '') continue;
    const colon = part.indexOf(':');
    if (colon < 1) throw logoFault('svg_style', { reason: part.trim().slice(0, SHOWN) });
    const value = part.slice(colon + 1).replace(/!\s*important\s*$/i, '');
    found.set(part.slice(0, colon).trim().toLowerCase(), value.trim());
  }
  return found;
}

/** The rules of a sheet as Illustrator writes it: `.cls-1, .cls-2 { fill: #123456 }`. */
export function classRules(sheets: readonly string[]): ClassRules {
  const rules = new Map<string, Map<string, string>>();
  for (const sheet of sheets) {
    refuseReferences(sheet);
    const text = sheet.replace(COMMENT, '').replace(/<!--|-->/g, '');
    let end = 0;
    for (const [whole, selectors = '', body = ''] of text.matchAll(RULE)) {
      end += whole.length;
      for (const selector of selectors.split(',')) {
        const name = CLASS.exec(selector.trim())?.[1];
        if (name === undefined) {
          throw logoFault('svg_style', { reason: selector.trim().slice(0, SHOWN) });
        }
        const known = rules.get(name) ?? new Map<string, string>();
        for (const [property, value] of declarations(body)) known.set(property, value);
        rules.set(name, known);
        if (rules.size > MAX_RULES) throw logoFault('svg_too_complex', { reason: 'estilos' });
      }
    }
    const rest = text.slice(end).trim();
    if (rest !== '') throw logoFault('svg_style', { reason: rest.slice(0, SHOWN) });
  }
  return rules;
}

/** A backslash spells any of the others, so it is refused as well. */
function refuseReferences(text: string): void {
  if (text.includes('\\')) throw logoFault('svg_style', { reason: 'una barra invertida' });
  const found = /@import|@font-face|url\s*\(\s*(?!["']?\s*#)|expression\s*\(|javascript:/i.exec(
    text,
  );
  if (found) throw logoFault('svg_external', { reason: found[0] });
}
