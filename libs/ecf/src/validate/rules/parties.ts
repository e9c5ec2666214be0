import { reachesRfceLimit, RFCE_LIMIT } from '../../rules/rfce.js';
import { hasValidCheckDigit } from '../../rules/rnc.js';
import type { Rule } from '../context.js';

const BUYER = '/Encabezado/Comprador';

/** A check digit that fails is a hint: real RNCs exist that fail it. */
export const checkDigits: Rule = ({ header, document, findings }) => {
  const stated = [
    ['/Encabezado/Emisor/RNCEmisor', header.Emisor.RNCEmisor],
    [`${BUYER}/RNCComprador`, header.Comprador?.RNCComprador],
    [
      '/InformacionReferencia/RNCOtroContribuyente',
      document.InformacionReferencia?.RNCOtroContribuyente,
    ],
  ] as const;
  for (const [path, rnc] of stated) {
    if (rnc !== undefined && !hasValidCheckDigit(rnc)) findings.add('ECF-RNC-02', path, { rnc });
  }
};

/** A municipality begins with the two digits of its province (Formato e-CF V1.0, code tables). */
export const checkPlaces: Rule = ({ header: { Emisor, Comprador }, findings }) => {
  const stated = [
    ['/Encabezado/Emisor/Municipio', Emisor.Municipio, Emisor.Provincia],
    [`${BUYER}/MunicipioComprador`, Comprador?.MunicipioComprador, Comprador?.ProvinciaComprador],
  ] as const;
  for (const [path, municipio, provincia] of stated) {
    if (municipio === undefined || provincia === undefined) continue;
    if (municipio.slice(0, 2) === provincia.slice(0, 2)) continue;
    findings.add('ECF-TER-01', path, { municipio, provincia });
  }
};

/** Who must be named as the buyer (Formato e-CF V1.0, pp. 13-14 and notes 6, 8, 9). */
export const checkBuyer: Rule = ({ tipo, header, document, findings }) => {
  const buyer = header.Comprador;
  const rnc = buyer?.RNCComprador;
  const foreign = buyer?.IdentificadorExtranjero;
  if (rnc !== undefined && foreign !== undefined) {
    findings.add('ECF-COM-01', `${BUYER}/IdentificadorExtranjero`);
  }
  const named = rnc !== undefined || foreign !== undefined;
  const modified = document.InformacionReferencia?.NCFModificado ?? '';
  const isNote = tipo === '33' || tipo === '34';
  const consumption = tipo === '32' || (isNote && /^(E32|B02)/.test(modified));
  if (consumption && reachesRfceLimit(header.Totales.MontoTotal)) {
    if (!named) findings.add('ECF-COM-02', `${BUYER}/RNCComprador`, { limit: RFCE_LIMIT });
    if (buyer?.RazonSocialComprador === undefined) {
      findings.add('ECF-COM-03', `${BUYER}/RazonSocialComprador`, { limit: RFCE_LIMIT });
    }
  }
  if (rnc !== undefined && rnc === header.Emisor.RNCEmisor) {
    findings.add('ECF-COM-07', `${BUYER}/RNCComprador`, { rnc });
  }
  if (tipo === '46' && !named) findings.add('ECF-COM-06', `${BUYER}/RNCComprador`);
  if (tipo === '44' && !named) findings.add('ECF-COM-04', `${BUYER}/RNCComprador`);
  if (isNote && !named && /^(E(31|41|44|45)|B(01|11|14|15))/.test(modified)) {
    findings.add('ECF-COM-05', `${BUYER}/RNCComprador`, { modified });
  }
};
