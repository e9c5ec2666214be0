import type { EcfDraft } from '@getupnet/ecf';
import type { RiField } from '../model.js';
import { amount, Fields } from './fields.js';
import { decimalText, plain } from './format.js';
import {
  accountTypeInWords,
  currencyInWords,
  paymentFormInWords,
  paymentTypeInWords,
  transportInWords,
  unitInWords,
} from './words.js';

/** What else the document says of the operation; nothing of it is demanded (FE, RI = N). */
export function detailsOf(document: EcfDraft): readonly RiField[] {
  const fields = new Fields();
  addPayment(fields, document);
  addReferences(fields, document);
  addDelivery(fields, document);
  addShipment(fields, document);
  addTransport(fields, document);
  return fields.list;
}

function addPayment(fields: Fields, { Encabezado }: EcfDraft): void {
  const id = Encabezado?.IdDoc ?? {};
  const currency = Encabezado?.OtraMoneda ?? {};
  const period = [id.FechaDesde, id.FechaHasta].filter((date) => date !== undefined);
  fields
    .add('Condición de Pago:', id.TipoPago, paymentTypeInWords)
    .add('Fecha Límite de Pago:', id.FechaLimitePago)
    .add('Término de Pago:', id.TerminoPago)
    .add('Período:', period.join(' al '))
    .add('Moneda:', currency.TipoMoneda, currencyInWords)
    .add('Tipo de Cambio:', currency.TipoCambio, amount);
  for (const { FormaPago, MontoPago } of id.TablaFormasPago?.FormaDePago ?? []) {
    fields.add(`${paymentFormInWords(FormaPago ?? '')}:`, MontoPago, amount);
  }
  fields
    .add('Tipo de Cuenta:', id.TipoCuentaPago, accountTypeInWords)
    .add('Número de Cuenta:', id.NumeroCuentaPago)
    .add('Banco:', id.BancoPago);
}

function addReferences(fields: Fields, { Encabezado }: EcfDraft): void {
  const issuer = Encabezado?.Emisor ?? {};
  const buyer = Encabezado?.Comprador ?? {};
  fields
    .add('Factura Interna:', issuer.NumeroFacturaInterna)
    .add('Pedido Interno:', issuer.NumeroPedidoInterno)
    .add('Vendedor:', issuer.CodigoVendedor)
    .add('Zona de Venta:', issuer.ZonaVenta)
    .add('Ruta de Venta:', issuer.RutaVenta)
    .add('Orden de Compra:', buyer.NumeroOrdenCompra)
    .add('Fecha Orden de Compra:', buyer.FechaOrdenCompra)
    .add('Responsable de Pago:', buyer.ResponsablePago);
}

function addDelivery(fields: Fields, { Encabezado }: EcfDraft): void {
  const buyer = Encabezado?.Comprador ?? {};
  fields
    .add('Fecha de Entrega:', buyer.FechaEntrega)
    .add('Contacto de Entrega:', buyer.ContactoEntrega)
    .add('Dirección de Entrega:', buyer.DireccionEntrega)
    .add('Teléfono Adicional:', buyer.TelefonoAdicional);
}

function addShipment(fields: Fields, { Encabezado }: EcfDraft): void {
  const info = Encabezado?.InformacionesAdicionales ?? {};
  const measured = (value: string | undefined, unit: string | undefined) =>
    value === undefined
      ? undefined
      : `${decimalText(value, 0)}${unit === undefined ? '' : ` ${unitInWords(unit)}`}`;
  fields
    .add('Fecha de Embarque:', info.FechaEmbarque)
    .add('Número de Embarque:', info.NumeroEmbarque)
    .add('Contenedor:', info.NumeroContenedor)
    .add('Referencia:', info.NumeroReferencia)
    .add('Puerto de Embarque:', info.NombrePuertoEmbarque)
    .add('Puerto de Salida:', info.NombrePuertoSalida)
    .add('Puerto de Desembarque:', info.NombrePuertoDesembarque)
    .add('Condiciones de Entrega:', info.CondicionesEntrega)
    .add('Régimen Aduanero:', info.RegimenAduanero)
    .add('Total FOB:', info.TotalFob, amount)
    .add('Seguro:', info.Seguro, amount)
    .add('Flete:', info.Flete, amount)
    .add('Otros Gastos:', info.OtrosGastos, amount)
    .add('Total CIF:', info.TotalCif, amount)
    .add('Peso Bruto:', measured(info.PesoBruto, info.UnidadPesoBruto))
    .add('Peso Neto:', measured(info.PesoNeto, info.UnidadPesoNeto))
    .add('Bultos:', measured(info.CantidadBulto, info.UnidadBulto))
    .add('Volumen:', measured(info.VolumenBulto, info.UnidadVolumen));
}

function addTransport(fields: Fields, { Encabezado }: EcfDraft): void {
  const transport = Encabezado?.Transporte ?? {};
  fields
    .add('Vía de Transporte:', transport.ViaTransporte, transportInWords)
    .add('País de Origen:', transport.PaisOrigen)
    .add('Destino:', transport.DireccionDestino)
    .add('País de Destino:', transport.PaisDestino)
    .add('RNC Transportista:', transport.RNCIdentificacionCompaniaTransportista)
    .add('Transportista:', transport.NombreCompaniaTransportista)
    .add('Número de Viaje:', transport.NumeroViaje)
    .add('Conductor:', transport.Conductor)
    .add('Documento de Transporte:', transport.DocumentoTransporte, plain)
    .add('Ficha:', transport.Ficha)
    .add('Placa:', transport.Placa)
    .add('Ruta:', transport.RutaTransporte)
    .add('Zona:', transport.ZonaTransporte)
    .add('Albarán:', transport.NumeroAlbaran);
}

/** Free texts and remarks, printed below the lines. */
export function notesOf({ Encabezado }: EcfDraft): readonly RiField[] {
  const fields = new Fields();
  if (Encabezado?.IdDoc?.IndicadorMontoGravado === '1') {
    fields.add('', 'Los valores de las líneas incluyen el ITBIS.');
  }
  return fields
    .add('Nota:', Encabezado?.Emisor?.InformacionAdicionalEmisor)
    .add('Información del cliente:', Encabezado?.Comprador?.InformacionAdicionalComprador).list;
}
