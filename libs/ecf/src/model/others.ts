// Generated from the catalogue: run generate/typescript.spec.ts with UPDATE_GENERATED=1.

/** The tree below `RFCE`. */
export interface RfceDocument {
  Encabezado: RfceEncabezado;
}

export interface RfceEncabezado {
  Version: string;
  IdDoc: RfceIdDoc;
  Emisor: RfceEmisor;
  Comprador: RfceComprador;
  Totales: RfceTotales;
  CodigoSeguridadeCF: string;
}

export interface RfceIdDoc {
  TipoeCF: string;
  eNCF: string;
  TipoIngresos: string;
  TipoPago: string;
  TablaFormasPago?: RfceTablaFormasPago;
}

export interface RfceTablaFormasPago {
  FormaDePago?: RfceFormaDePago[];
}

export interface RfceFormaDePago {
  FormaPago?: string;
  MontoPago?: string;
}

export interface RfceEmisor {
  RNCEmisor: string;
  RazonSocialEmisor: string;
  FechaEmision: string;
}

export interface RfceComprador {
  RNCComprador?: string;
  IdentificadorExtranjero?: string;
  RazonSocialComprador?: string;
}

export interface RfceTotales {
  MontoGravadoTotal?: string;
  MontoGravadoI1?: string;
  MontoGravadoI2?: string;
  MontoGravadoI3?: string;
  MontoExento?: string;
  TotalITBIS?: string;
  TotalITBIS1?: string;
  TotalITBIS2?: string;
  TotalITBIS3?: string;
  MontoImpuestoAdicional?: string;
  ImpuestosAdicionales?: RfceImpuestosAdicionales;
  MontoTotal: string;
  MontoNoFacturable?: string;
  MontoPeriodo?: string;
}

export interface RfceImpuestosAdicionales {
  ImpuestoAdicional?: RfceImpuestoAdicional[];
}

export interface RfceImpuestoAdicional {
  TipoImpuesto?: string;
  MontoImpuestoSelectivoConsumoEspecifico?: string;
  MontoImpuestoSelectivoConsumoAdvalorem?: string;
  OtrosImpuestosAdicionales?: string;
}

/** The tree below `ARECF`. */
export interface ArecfDocument {
  DetalleAcusedeRecibo: ArecfDetalleAcusedeRecibo;
}

export interface ArecfDetalleAcusedeRecibo {
  Version: string;
  RNCEmisor: string;
  RNCComprador: string;
  eNCF: string;
  Estado: string;
  CodigoMotivoNoRecibido?: string;
  FechaHoraAcuseRecibo: string;
}

/** The tree below `ACECF`. */
export interface AcecfDocument {
  DetalleAprobacionComercial: AcecfDetalleAprobacionComercial;
}

export interface AcecfDetalleAprobacionComercial {
  Version: string;
  RNCEmisor: string;
  eNCF: string;
  FechaEmision: string;
  MontoTotal: string;
  RNCComprador: string;
  Estado: string;
  DetalleMotivoRechazo?: string;
  FechaHoraAprobacionComercial: string;
}

/** The tree below `ANECF`. */
export interface AnecfDocument {
  Encabezado: AnecfEncabezado;
  DetalleAnulacion: AnecfDetalleAnulacion;
}

export interface AnecfEncabezado {
  Version: string;
  RncEmisor: string;
  CantidadeNCFAnulados: string;
  FechaHoraAnulacioneNCF: string;
}

export interface AnecfDetalleAnulacion {
  Anulacion: AnecfAnulacion[];
}

export interface AnecfAnulacion {
  NoLinea: string;
  TipoeCF: string;
  TablaRangoSecuenciasAnuladaseNCF: AnecfTablaRangoSecuenciasAnuladaseNCF;
  CantidadeNCFAnulados: string;
}

export interface AnecfTablaRangoSecuenciasAnuladaseNCF {
  Secuencias: AnecfSecuencias[];
}

export interface AnecfSecuencias {
  SecuenciaeNCFDesde: string;
  SecuenciaeNCFHasta: string;
}

/** The tree below `SemillaModel`. */
export interface SemillaDocument {
  valor: string;
  fecha: string;
}
