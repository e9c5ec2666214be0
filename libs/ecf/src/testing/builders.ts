import { complete } from '../complete/complete.js';
import type { IssuerProfile } from '../complete/options.js';
import type { Finding } from '../findings/finding.js';
import type { TipoEcf } from '../catalogue/formats.js';
import type { EcfDocument } from '../model/index.js';
import { isTree, type Tree } from '../model/tree.js';
import { normalize } from '../normalize.js';
import { validate } from '../validate/validate.js';

/** Test data of this library's specs. */
export const ISSUER: IssuerProfile = {
  RNCEmisor: '131880738',
  RazonSocialEmisor: 'FERRETERÍA EL YUNQUE SRL',
  DireccionEmisor: 'Calle Duarte 15',
  Municipio: '010100',
  Provincia: '010000',
};
export const NOW = new Date('2026-03-10T15:04:05Z');

const BUYER = { RNCComprador: '131880681', RazonSocialComprador: 'CONSTRUCTORA DEL ESTE SRL' };
const REFERENCE = {
  NCFModificado: 'E310000000009',
  FechaNCFModificado: '01-03-2026',
  CodigoModificacion: '3',
};
const LINE = {
  NombreItem: 'Cemento',
  CantidadItem: '2',
  PrecioUnitarioItem: '500.00',
  IndicadorFacturacion: '1',
};

/** A small request of a type that validates without findings of its own. */
export function request(tipo: TipoEcf): Tree {
  const exempt = { ...LINE, IndicadorFacturacion: '4' };
  const header: Tree = { IdDoc: { TipoeCF: tipo }, Comprador: BUYER };
  const body: Tree = { Encabezado: header, DetallesItems: { Item: [LINE] } };
  if (tipo === '33' || tipo === '34') body['InformacionReferencia'] = REFERENCE;
  if (tipo === '43' || tipo === '47') delete header['Comprador'];
  if (tipo === '43' || tipo === '44') body['DetallesItems'] = { Item: [exempt] };
  if (tipo === '46') body['DetallesItems'] = { Item: [{ ...LINE, IndicadorFacturacion: '3' }] };
  if (tipo === '41') {
    const Retencion = { MontoITBISRetenido: '180.00', MontoISRRetenido: '100.00' };
    body['DetallesItems'] = { Item: [{ ...LINE, Retencion }] };
  }
  if (tipo === '47') {
    body['DetallesItems'] = { Item: [{ ...exempt, Retencion: { MontoISRRetenido: '270.00' } }] };
  }
  return structuredClone(body);
}

export const OPTIONS = {
  issuer: ISSUER,
  now: NOW,
  fechaVencimientoSecuencia: '31-12-2027',
};

/** The tree with values put at `/`-separated paths; `undefined` removes. */
export function withValues(tree: Tree, values: Readonly<Record<string, unknown>>): Tree {
  const copy = structuredClone(tree);
  for (const [path, value] of Object.entries(values)) {
    const names = path.split('/');
    const last = names.pop() ?? '';
    let at = copy;
    for (const name of names) {
      const next: unknown = at[name] ?? (at[name] = {});
      if (!isTree(next) && !Array.isArray(next)) throw new Error(`no container at ${path}`);
      at = next as Tree;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return copy;
}

/** Normalises and completes; throws when the request is not well formed. */
export function completed(input: Tree): { document: EcfDocument; findings: readonly Finding[] } {
  const result = normalize(input);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  const tipo = result.document.Encabezado?.IdDoc?.TipoeCF ?? '';
  return complete(result.document, { ...OPTIONS, encf: `E${tipo}0000000001` });
}

/** Findings of all three steps for a request with changes. */
export function findingsOf(
  tipo: TipoEcf,
  values: Readonly<Record<string, unknown>> = {},
): readonly Finding[] {
  const normalized = normalize(withValues(request(tipo), values));
  if (!normalized.ok) return normalized.findings;
  const encf = `E${tipo}0000000001`;
  const { document, findings } = complete(normalized.document, { ...OPTIONS, encf });
  return [...normalized.findings, ...findings, ...validate(document)];
}

/** Findings of `validate` for a complete document that is changed afterwards. */
export function findingsAfter(
  tipo: TipoEcf,
  values: Readonly<Record<string, unknown>>,
): readonly Finding[] {
  const { document } = completed(request(tipo));
  const changed = withValues(document as unknown as Tree, values);
  return validate(changed as unknown as EcfDocument);
}
