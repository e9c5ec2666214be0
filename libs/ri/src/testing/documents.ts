import { readdirSync, readFileSync } from 'node:fs';
import { complete, normalize, serialize, type EcfDocument, type TipoEcf } from '@getupnet/ecf';
import {
  createSigner,
  issueCertificate,
  readP12,
  signCanonical,
  type Signer,
} from '@getupnet/xmldsig';

let signer: Signer | undefined;

/** Signs with a certificate made for the run. */
export async function signed(canonical: string): Promise<string> {
  if (!signer) {
    const options = { holderId: '00199999996', name: 'Firmante de Prueba', password: 'de-prueba' };
    const { p12, password } = issueCertificate(options);
    const { privateKey, certificatePem } = readP12(p12, password);
    signer = createSigner(privateKey, certificatePem);
  }
  return (await signCanonical(canonical, signer)).xml;
}

const EXAMPLES = new URL('../../../ecf/examples/', import.meta.url);

/** The worked examples of `ecf`, `31/dollars` and so on, not signed yet. */
export function examples(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const tipo of readdirSync(EXAMPLES)) {
    for (const file of readdirSync(new URL(`${tipo}/`, EXAMPLES))) {
      if (!file.endsWith('.xml') || file.endsWith('.rfce.xml')) continue;
      const text = readFileSync(new URL(`${tipo}/${file}`, EXAMPLES), 'utf8');
      found.set(`${tipo}/${file.replace('.xml', '')}`, text);
    }
  }
  return found;
}

export const ISSUER = {
  RNCEmisor: '131880738',
  RazonSocialEmisor: 'Comercial Cibao Ñandú, SRL',
  NombreComercial: 'Comercial Cibao',
  DireccionEmisor: 'Av. 27 de Febrero 210, Los Jardines',
  Municipio: '250101',
  Provincia: '250000',
  CorreoEmisor: 'facturacion@cibao.example.com',
  WebSite: 'www.cibao.example.com',
  TablaTelefonoEmisor: { TelefonoEmisor: ['809-555-0100'] },
};

/** Completes what an ERP would post. */
export function completed(tree: object, tipo: TipoEcf = '31'): EcfDocument {
  const draft = normalize(tree);
  if (!draft.ok) throw new Error(JSON.stringify(draft));
  return complete(draft.document, {
    issuer: ISSUER,
    now: new Date('2026-06-15T14:30:45Z'),
    encf: `E${tipo}0000000001`,
    ...(tipo !== '32' && tipo !== '34' && { fechaVencimientoSecuencia: '31-12-2027' }),
  }).document;
}

export const signedDocument = (document: EcfDocument): Promise<string> =>
  signed(serialize(document));
