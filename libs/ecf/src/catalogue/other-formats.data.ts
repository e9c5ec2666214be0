/**
 * The formats beside the e-CF. Columns as in encabezado.data.ts, with a single digit of status and
 * of occurrence. Sources: Formato RFCE (Jan 2020), Formato Acuse de Recibo (2020), Formato
 * Aprobación Comercial (Jan 2020), Formato Anulación (May 2022) and their XSDs. The ANECF schema
 * lets NoLinea repeat ten times, surely by mistake: here it stands once.
 */
export const RFCE = `
Encabezado                                     1 1 -              N
  Version                                      1 1 versionText    N
  IdDoc                                        1 1 -              N
    TipoeCF                                    1 1 #TipoeCFRfce   N
    eNCF                                       1 1 encf           N
    TipoIngresos                               1 1 #              N
    TipoPago                                   1 1 #              N
    TablaFormasPago                            3 0 -              N
      FormaDePago[7]                           3 0 -              N
        FormaPago                              3 0 #              N
        MontoPago                              2 0 amount2        N
  Emisor                                       1 1 -              N
    RNCEmisor                                  1 1 rncNumber      N
    RazonSocialEmisor                          1 1 text150        N
    FechaEmision                               1 1 dateSpaced     N
  Comprador                                    3 1 -              N
    RNCComprador                               3 0 rncNumber      N
    IdentificadorExtranjero                    2 0 blank20        N
    RazonSocialComprador                       3 0 blank150       N
  Totales                                      1 1 -              N
    MontoGravadoTotal                          2 0 amount2        N
    MontoGravadoI1                             2 0 amount2        N
    MontoGravadoI2                             2 0 amount2        N
    MontoGravadoI3                             2 0 amount2        N
    MontoExento                                2 0 amount2        N
    TotalITBIS                                 2 0 amount2        N
    TotalITBIS1                                2 0 amount2        N
    TotalITBIS2                                2 0 amount2        N
    TotalITBIS3                                2 0 amount2        N
    MontoImpuestoAdicional                     2 0 positive2      N
    ImpuestosAdicionales                       2 0 -              N
      ImpuestoAdicional[20]                    2 0 -              N
        TipoImpuesto                           2 0 =              N
        MontoImpuestoSelectivoConsumoEspecifico 2 0 positive2      N
        MontoImpuestoSelectivoConsumoAdvalorem 2 0 positive2      N
        OtrosImpuestosAdicionales              2 0 positive2      N
    MontoTotal                                 1 1 amount2        N
    MontoNoFacturable                          2 0 signed2        N
    MontoPeriodo                               3 0 signed2        N
  CodigoSeguridadeCF                           1 1 code6          N
`;

export const ARECF = `
DetalleAcusedeRecibo                           1 1 -              N
  Version                                      1 1 version        N
  RNCEmisor                                    1 1 rncNumber      N
  RNCComprador                                 1 1 rncNumber      N
  eNCF                                         1 1 encfAny        N
  Estado                                       1 1 #EstadoArecf   N
  CodigoMotivoNoRecibido                       2 0 #              N
  FechaHoraAcuseRecibo                         1 1 dateTimeAny    N
`;

export const ACECF = `
DetalleAprobacionComercial                     1 1 -              N
  Version                                      1 1 =VersionText   N
  RNCEmisor                                    1 1 rncNumber      N
  eNCF                                         1 1 encfAny        N
  FechaEmision                                 1 1 date20         N
  MontoTotal                                   1 1 amountExact    N
  RNCComprador                                 1 1 rncNumber      N
  Estado                                       1 1 #EstadoAcecf   N
  DetalleMotivoRechazo                         2 0 blank250       N
  FechaHoraAprobacionComercial                 1 1 dateTimeAny    N
`;

export const ANECF = `
Encabezado                                     1 1 -              N
  Version                                      1 1 =VersionText   N
  RncEmisor                                    1 1 rncNumber      N
  CantidadeNCFAnulados                         1 1 digits10       N
  FechaHoraAnulacioneNCF                       1 1 dateTimeAny    N
DetalleAnulacion                               1 1 -              N
  Anulacion[10]                                1 1 -              N
    NoLinea                                    1 1 digits2        N
    TipoeCF                                    1 1 #              N
    TablaRangoSecuenciasAnuladaseNCF           1 1 -              N
      Secuencias[10000]                        1 1 -              N
        SecuenciaeNCFDesde                     1 1 exact13        N
        SecuenciaeNCFHasta                     1 1 exact13        N
    CantidadeNCFAnulados                       1 1 digits10       N
`;

export const SEMILLA = `
valor                                          1 1 any            N
fecha                                          1 1 dateTimeIso    N
`;
