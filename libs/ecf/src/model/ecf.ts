// Generated from the catalogue: run generate/typescript.spec.ts with UPDATE_GENERATED=1.

/** The tree below `ECF`, all types together. */
export interface EcfDocument {
  Encabezado: EcfEncabezado;
  DetallesItems: EcfDetallesItems;
  Subtotales?: EcfSubtotales;
  DescuentosORecargos?: EcfDescuentosORecargos;
  Paginacion?: EcfPaginacion;
  InformacionReferencia?: EcfInformacionReferencia;
  FechaHoraFirma: string;
}

export interface EcfEncabezado {
  Version: string;
  IdDoc: EcfIdDoc;
  Emisor: EcfEmisor;
  Comprador?: EcfComprador;
  InformacionesAdicionales?: EcfInformacionesAdicionales;
  Transporte?: EcfTransporte;
  Totales: EcfTotales;
  OtraMoneda?: EcfOtraMoneda;
}

export interface EcfIdDoc {
  TipoeCF: string;
  eNCF: string;
  IndicadorNotaCredito?: string;
  FechaVencimientoSecuencia?: string;
  IndicadorEnvioDiferido?: string;
  IndicadorMontoGravado?: string;
  IndicadorServicioTodoIncluido?: string;
  TipoIngresos?: string;
  TipoPago?: string;
  FechaLimitePago?: string;
  TerminoPago?: string;
  TablaFormasPago?: EcfTablaFormasPago;
  TipoCuentaPago?: string;
  NumeroCuentaPago?: string;
  BancoPago?: string;
  FechaDesde?: string;
  FechaHasta?: string;
  TotalPaginas?: string;
}

export interface EcfTablaFormasPago {
  FormaDePago: EcfFormaDePago[];
}

export interface EcfFormaDePago {
  FormaPago: string;
  MontoPago: string;
}

export interface EcfEmisor {
  RNCEmisor: string;
  RazonSocialEmisor: string;
  NombreComercial?: string;
  Sucursal?: string;
  DireccionEmisor: string;
  Municipio?: string;
  Provincia?: string;
  TablaTelefonoEmisor?: EcfTablaTelefonoEmisor;
  CorreoEmisor?: string;
  WebSite?: string;
  ActividadEconomica?: string;
  CodigoVendedor?: string;
  NumeroFacturaInterna?: string;
  NumeroPedidoInterno?: string;
  ZonaVenta?: string;
  RutaVenta?: string;
  InformacionAdicionalEmisor?: string;
  FechaEmision: string;
}

export interface EcfTablaTelefonoEmisor {
  TelefonoEmisor: string[];
}

export interface EcfComprador {
  RNCComprador?: string;
  IdentificadorExtranjero?: string;
  RazonSocialComprador?: string;
  ContactoComprador?: string;
  CorreoComprador?: string;
  DireccionComprador?: string;
  MunicipioComprador?: string;
  ProvinciaComprador?: string;
  PaisComprador?: string;
  FechaEntrega?: string;
  ContactoEntrega?: string;
  DireccionEntrega?: string;
  TelefonoAdicional?: string;
  FechaOrdenCompra?: string;
  NumeroOrdenCompra?: string;
  CodigoInternoComprador?: string;
  ResponsablePago?: string;
  InformacionAdicionalComprador?: string;
}

export interface EcfInformacionesAdicionales {
  FechaEmbarque?: string;
  NumeroEmbarque?: string;
  NumeroContenedor?: string;
  NumeroReferencia?: string;
  NombrePuertoEmbarque?: string;
  CondicionesEntrega?: string;
  TotalFob?: string;
  Seguro?: string;
  Flete?: string;
  OtrosGastos?: string;
  TotalCif?: string;
  RegimenAduanero?: string;
  NombrePuertoSalida?: string;
  NombrePuertoDesembarque?: string;
  PesoBruto?: string;
  PesoNeto?: string;
  UnidadPesoBruto?: string;
  UnidadPesoNeto?: string;
  CantidadBulto?: string;
  UnidadBulto?: string;
  VolumenBulto?: string;
  UnidadVolumen?: string;
}

export interface EcfTransporte {
  ViaTransporte?: string;
  PaisOrigen?: string;
  DireccionDestino?: string;
  PaisDestino?: string;
  RNCIdentificacionCompaniaTransportista?: string;
  NombreCompaniaTransportista?: string;
  NumeroViaje?: string;
  Conductor?: string;
  DocumentoTransporte?: string;
  Ficha?: string;
  Placa?: string;
  RutaTransporte?: string;
  ZonaTransporte?: string;
  NumeroAlbaran?: string;
}

export interface EcfTotales {
  MontoGravadoTotal?: string;
  MontoGravadoI1?: string;
  MontoGravadoI2?: string;
  MontoGravadoI3?: string;
  MontoExento?: string;
  ITBIS1?: string;
  ITBIS2?: string;
  ITBIS3?: string;
  TotalITBIS?: string;
  TotalITBIS1?: string;
  TotalITBIS2?: string;
  TotalITBIS3?: string;
  MontoImpuestoAdicional?: string;
  ImpuestosAdicionales?: EcfImpuestosAdicionales;
  MontoTotal: string;
  MontoNoFacturable?: string;
  MontoPeriodo?: string;
  SaldoAnterior?: string;
  MontoAvancePago?: string;
  ValorPagar?: string;
  TotalITBISRetenido?: string;
  TotalISRRetencion?: string;
  TotalITBISPercepcion?: string;
  TotalISRPercepcion?: string;
}

export interface EcfImpuestosAdicionales {
  ImpuestoAdicional: EcfImpuestoAdicional[];
}

export interface EcfImpuestoAdicional {
  TipoImpuesto?: string;
  TasaImpuestoAdicional?: string;
  MontoImpuestoSelectivoConsumoEspecifico?: string;
  MontoImpuestoSelectivoConsumoAdvalorem?: string;
  OtrosImpuestosAdicionales?: string;
}

export interface EcfOtraMoneda {
  TipoMoneda?: string;
  TipoCambio?: string;
  MontoGravadoTotalOtraMoneda?: string;
  MontoGravado1OtraMoneda?: string;
  MontoGravado2OtraMoneda?: string;
  MontoGravado3OtraMoneda?: string;
  MontoExentoOtraMoneda?: string;
  TotalITBISOtraMoneda?: string;
  TotalITBIS1OtraMoneda?: string;
  TotalITBIS2OtraMoneda?: string;
  TotalITBIS3OtraMoneda?: string;
  MontoImpuestoAdicionalOtraMoneda?: string;
  ImpuestosAdicionalesOtraMoneda?: EcfImpuestosAdicionalesOtraMoneda;
  MontoTotalOtraMoneda?: string;
}

export interface EcfImpuestosAdicionalesOtraMoneda {
  ImpuestoAdicionalOtraMoneda: EcfImpuestoAdicionalOtraMoneda[];
}

export interface EcfImpuestoAdicionalOtraMoneda {
  TipoImpuestoOtraMoneda?: string;
  TasaImpuestoAdicionalOtraMoneda?: string;
  MontoImpuestoSelectivoConsumoEspecificoOtraMoneda?: string;
  MontoImpuestoSelectivoConsumoAdvaloremOtraMoneda?: string;
  OtrosImpuestosAdicionalesOtraMoneda?: string;
}

export interface EcfDetallesItems {
  Item: EcfItem[];
}

export interface EcfItem {
  NumeroLinea: string;
  TablaCodigosItem?: EcfTablaCodigosItem;
  IndicadorFacturacion: string;
  Retencion?: EcfRetencion;
  NombreItem: string;
  IndicadorBienoServicio: string;
  DescripcionItem?: string;
  CantidadItem: string;
  UnidadMedida?: string;
  CantidadReferencia?: string;
  UnidadReferencia?: string;
  TablaSubcantidad?: EcfTablaSubcantidad;
  GradosAlcohol?: string;
  PrecioUnitarioReferencia?: string;
  FechaElaboracion?: string;
  FechaVencimientoItem?: string;
  Mineria?: EcfMineria;
  PrecioUnitarioItem: string;
  DescuentoMonto?: string;
  TablaSubDescuento?: EcfTablaSubDescuento;
  RecargoMonto?: string;
  TablaSubRecargo?: EcfTablaSubRecargo;
  TablaImpuestoAdicional?: EcfTablaImpuestoAdicional;
  OtraMonedaDetalle?: EcfOtraMonedaDetalle;
  MontoItem: string;
}

export interface EcfTablaCodigosItem {
  CodigosItem: EcfCodigosItem[];
}

export interface EcfCodigosItem {
  TipoCodigo: string;
  CodigoItem: string;
}

export interface EcfRetencion {
  IndicadorAgenteRetencionoPercepcion?: string;
  MontoITBISRetenido?: string;
  MontoISRRetenido?: string;
}

export interface EcfTablaSubcantidad {
  SubcantidadItem: EcfSubcantidadItem[];
}

export interface EcfSubcantidadItem {
  Subcantidad?: string;
  CodigoSubcantidad?: string;
}

export interface EcfMineria {
  PesoNetoKilogramo?: string;
  PesoNetoMineria?: string;
  TipoAfiliacion?: string;
  Liquidacion?: string;
}

export interface EcfTablaSubDescuento {
  SubDescuento: EcfSubDescuento[];
}

export interface EcfSubDescuento {
  TipoSubDescuento: string;
  SubDescuentoPorcentaje?: string;
  MontoSubDescuento?: string;
}

export interface EcfTablaSubRecargo {
  SubRecargo: EcfSubRecargo[];
}

export interface EcfSubRecargo {
  TipoSubRecargo: string;
  SubRecargoPorcentaje?: string;
  MontoSubRecargo?: string;
}

export interface EcfTablaImpuestoAdicional {
  ImpuestoAdicional: EcfTablaImpuestoAdicionalImpuestoAdicional[];
}

export interface EcfTablaImpuestoAdicionalImpuestoAdicional {
  TipoImpuesto: string;
}

export interface EcfOtraMonedaDetalle {
  PrecioOtraMoneda?: string;
  DescuentoOtraMoneda?: string;
  RecargoOtraMoneda?: string;
  MontoItemOtraMoneda?: string;
}

export interface EcfSubtotales {
  Subtotal: EcfSubtotal[];
}

export interface EcfSubtotal {
  NumeroSubTotal?: string;
  DescripcionSubtotal?: string;
  Orden?: string;
  SubTotalMontoGravadoTotal?: string;
  SubTotalMontoGravadoI1?: string;
  SubTotalMontoGravadoI2?: string;
  SubTotalMontoGravadoI3?: string;
  SubTotaITBIS?: string;
  SubTotaITBIS1?: string;
  SubTotaITBIS2?: string;
  SubTotaITBIS3?: string;
  SubTotalImpuestoAdicional?: string;
  SubTotalExento?: string;
  MontoSubTotal?: string;
  Lineas?: string;
}

export interface EcfDescuentosORecargos {
  DescuentoORecargo: EcfDescuentoORecargo[];
}

export interface EcfDescuentoORecargo {
  NumeroLinea: string;
  TipoAjuste: string;
  IndicadorNorma1007?: string;
  DescripcionDescuentooRecargo?: string;
  TipoValor?: string;
  ValorDescuentooRecargo?: string;
  MontoDescuentooRecargo?: string;
  MontoDescuentooRecargoOtraMoneda?: string;
  IndicadorFacturacionDescuentooRecargo?: string;
}

export interface EcfPaginacion {
  Pagina: EcfPagina[];
}

export interface EcfPagina {
  PaginaNo?: string;
  NoLineaDesde?: string;
  NoLineaHasta?: string;
  SubtotalMontoGravadoPagina?: string;
  SubtotalMontoGravado1Pagina?: string;
  SubtotalMontoGravado2Pagina?: string;
  SubtotalMontoGravado3Pagina?: string;
  SubtotalExentoPagina?: string;
  SubtotalItbisPagina?: string;
  SubtotalItbis1Pagina?: string;
  SubtotalItbis2Pagina?: string;
  SubtotalItbis3Pagina?: string;
  SubtotalImpuestoAdicionalPagina?: string;
  SubtotalImpuestoAdicional?: EcfSubtotalImpuestoAdicional;
  MontoSubtotalPagina?: string;
  SubtotalMontoNoFacturablePagina?: string;
}

export interface EcfSubtotalImpuestoAdicional {
  SubtotalImpuestoSelectivoConsumoEspecificoPagina?: string;
  SubtotalOtrosImpuesto?: string;
}

export interface EcfInformacionReferencia {
  NCFModificado?: string;
  RNCOtroContribuyente?: string;
  FechaNCFModificado?: string;
  CodigoModificacion?: string;
  RazonModificacion?: string;
}
