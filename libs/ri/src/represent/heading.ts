import type { EcfDraft } from '@getupnet/ecf';
import type { RiField, RiParty } from '../model.js';
import { Fields } from './fields.js';
import { plain } from './format.js';
import { modificationInWords, territoryInWords } from './words.js';

/** Top right (Informe Técnico e-CF v1.0, pp. 30-31). */
export function headingOf({ Encabezado, InformacionReferencia }: EcfDraft): readonly RiField[] {
  const reference = InformacionReferencia ?? {};
  return new Fields()
    .add('e-NCF:', Encabezado?.IdDoc?.eNCF)
    .add('Fecha Vencimiento:', Encabezado?.IdDoc?.FechaVencimientoSecuencia)
    .add('NCF Modificado:', reference.NCFModificado)
    .add('', reference.CodigoModificacion, modificationInWords)
    .add('Fecha NCF Modificado:', reference.FechaNCFModificado)
    .add('RNC Otro Contribuyente:', reference.RNCOtroContribuyente)
    .add('Razón:', reference.RazonModificacion).list;
}

/** Top left: who issues (p. 31). */
export function issuerOf({ Encabezado }: EcfDraft): RiParty {
  const issuer = Encabezado?.Emisor ?? {};
  const legalName = plain(issuer.RazonSocialEmisor ?? '');
  const name = plain(issuer.NombreComercial ?? '');
  const phones = issuer.TablaTelefonoEmisor?.TelefonoEmisor ?? [];
  const fields = new Fields();
  if (name !== '' && name !== legalName) fields.add('', legalName);
  fields
    .add('Sucursal:', issuer.Sucursal)
    .add('RNC:', issuer.RNCEmisor)
    .add('Dirección:', issuer.DireccionEmisor)
    .add('Municipio:', issuer.Municipio, territoryInWords)
    .add('Provincia:', issuer.Provincia, territoryInWords)
    .add('Teléfono:', phones.join(' / '))
    .add('Correo:', issuer.CorreoEmisor)
    .add('Sitio web:', issuer.WebSite)
    .add('Fecha Emisión:', issuer.FechaEmision);
  return { name: name === '' ? legalName : name, fields: fields.list };
}

/** Below: who receives, when the document names anybody (p. 31). */
export function buyerOf({ Encabezado }: EcfDraft): RiParty | undefined {
  const buyer = Encabezado?.Comprador;
  if (!buyer) return undefined;
  const fields = new Fields()
    .add('Razón Social Cliente:', buyer.RazonSocialComprador)
    .add('RNC Cliente:', buyer.RNCComprador)
    .add('Identificador Extranjero:', buyer.IdentificadorExtranjero)
    .add('Dirección:', buyer.DireccionComprador)
    .add('Municipio:', buyer.MunicipioComprador, territoryInWords)
    .add('Provincia:', buyer.ProvinciaComprador, territoryInWords)
    .add('País:', buyer.PaisComprador)
    .add('Contacto:', buyer.ContactoComprador)
    .add('Correo:', buyer.CorreoComprador)
    .add('Código de Cliente:', buyer.CodigoInternoComprador).list;
  return fields.length === 0
    ? undefined
    : { name: plain(buyer.RazonSocialComprador ?? ''), fields };
}
