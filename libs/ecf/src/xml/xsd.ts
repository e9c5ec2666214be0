import { formatTree, type Format, type FormatNode } from '../catalogue/formats.js';
import type { SimpleType } from '../catalogue/simple-types.data.js';

/** Names of types that XML Schema brings along. */
function builtIn(type: SimpleType): string | undefined {
  return Object.keys(type).length === 1 ? `xs:${type.base}` : undefined;
}

/** `#TipoPago` → `numeroTipoPago`, `=TipoIngresos` → `codigoTipoIngresos`, others as they are. */
const xsdName = (typeName: string): string =>
  typeName.replace(/^#/, 'numero').replace(/^=/, 'codigo');

const texts = new Map<Format, string>();

/**
 * The XML Schema we publish for a format, derived from the catalogue. Like DGII's it wants an
 * element after the last one, where the signature goes, so an unsigned document does not pass.
 */
export function xsdFor(format: Format): string {
  let text = texts.get(format);
  if (text === undefined) texts.set(format, (text = render(format)));
  return text;
}

function render(format: Format): string {
  const tree = formatTree(format);
  const types = new Map<string, SimpleType>();
  const body = tree.children.map((node) => element(node, '        ', types)).join('\n');
  return `<?xml version="1.0" encoding="utf-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="${tree.root}">
    <xs:complexType>
      <xs:sequence>
${body}
        <xs:any minOccurs="${tree.signature}" maxOccurs="1" processContents="skip"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
${[...types].map(([name, type]) => simpleType(name, type)).join('\n')}
</xs:schema>
`;
}

function element(node: FormatNode, indent: string, types: Map<string, SimpleType>): string {
  const occurs = `minOccurs="${node.min}" maxOccurs="${node.max}"`;
  if (node.type) {
    const native = builtIn(node.type);
    if (!native) types.set(xsdName(node.typeName), node.type);
    const type = native ?? xsdName(node.typeName);
    return `${indent}<xs:element name="${node.name}" type="${type}" ${occurs}/>`;
  }
  const children = node.children.map((child) => element(child, `${indent}      `, types));
  return `${indent}<xs:element name="${node.name}" ${occurs}>
${indent}  <xs:complexType>
${indent}    <xs:sequence>
${children.join('\n')}
${indent}    </xs:sequence>
${indent}  </xs:complexType>
${indent}</xs:element>`;
}

const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function simpleType(name: string, type: SimpleType): string {
  const facets = Object.entries(type).flatMap(([facet, value]) => {
    if (facet === 'base') return [];
    if (facet === 'codes') {
      return (value as readonly string[]).map((code) => `<xs:enumeration value="${code}"/>`);
    }
    return [`<xs:${facet} value="${escaped(String(value))}"/>`];
  });
  return `  <xs:simpleType name="${name}">
    <xs:restriction base="xs:${type.base}">
${facets.map((facet) => `      ${facet}`).join('\n')}
    </xs:restriction>
  </xs:simpleType>`;
}
