/**
 * Encabezado of the ten e-CF types, up to Transporte.
 *
 * One line per element, in schema order; indentation is nesting. Columns:
 *   name[limit]  how often it may repeat; `;33,34:10000` another limit for those types
 *   status       Formato e-CF V1.0 (Oct 2025), a digit for each of 31 32 33 34 41 43 44 45 46 47:
 *                0 must not appear, 1 mandatory, 2 conditional, 3 optional, - not in that document
 *   occurs       least occurrence in the XSD of each type; `.` the schema has no such element
 *   type         simple-types.data.ts; `-` container; `#` integer and `=` text code table, of the
 *                element's name or of the name that follows
 *   print        printed representation: I printed, P printed in words, N not required
 *   T,T:type     another type in those e-CF types
 */
export const ENCABEZADO = `
Encabezado                                         1111111111 1111111111 -         N
  Version                                          1111111111 1111111111 version   N
  IdDoc                                            1111111111 1111111111 -         N
    TipoeCF                                        1111111111 1111111111 #         P
    eNCF                                           1111111111 1111111111 encf      I
    IndicadorNotaCredito                           0001000000 ...1...... bit       N
    FechaVencimientoSecuencia                      1010111111 1.1.111111 date      I
    IndicadorEnvioDiferido                         2222002220 0000..000. #         N
    IndicadorMontoGravado                          2222200200 00000..0.. #         N
    IndicadorServicioTodoIncluido                  ---------- 0000..00.. #         N
    TipoIngresos                                   1111001110 1111..111. =         N 45:#
    TipoPago                                       1111131113 1111001110 #         N
    FechaLimitePago                                2222202223 00000.0000 date      N
    TerminoPago                                    3330303333 000.0.0000 term      N
    TablaFormasPago                                3330303333 000.0.0000 -         N
      FormaDePago[7]                               3330303333 111.1.1111 -         N
        FormaPago                                  3330303333 111.1.1111 #         N
        MontoPago                                  2220202223 111.1.1111 amount    N
    TipoCuentaPago                                 3330303333 000.0.0000 =         N
    NumeroCuentaPago                               3330303333 000.0.0000 text28    N
    BancoPago                                      3330303333 000.0.0000 text75    N
    FechaDesde                                     3333003333 0000..0000 date      N
    FechaHasta                                     3333003333 0000..0000 date      N
    TotalPaginas                                   2222222222 0000000000 pages     I 33,34:pages5
  Emisor                                           1111111111 1111111111 -         N
    RNCEmisor                                      1111111111 1111111111 rnc       I
    RazonSocialEmisor                              1111111111 1111111111 text150   I
    NombreComercial                                3333333333 0000000000 text150   I
    Sucursal                                       3333333333 0000000000 text20    I
    DireccionEmisor                                1111111111 1111111111 text100   I
    Municipio                                      3333333333 0000000000 =Territorio P
    Provincia                                      3333333333 0000000000 =Territorio P
    TablaTelefonoEmisor                            3333333333 0000000000 -         N
      TelefonoEmisor[3]                            3333333333 1111111111 phone     N
    CorreoEmisor                                   3333333333 0000000000 email     N
    WebSite                                        3333333333 0000000000 text50    N
    ActividadEconomica                             3333333333 0000000000 text100   N
    CodigoVendedor                                 3333003330 0000..000. text60    N
    NumeroFacturaInterna                           3333333333 0000000000 text20    N
    NumeroPedidoInterno                            3333333333 0000000000 digits20  N
    ZonaVenta                                      3333003330 0000..000. text20    N
    RutaVenta                                      3333003330 0000..000. text20    N
    InformacionAdicionalEmisor                     3333333333 0000000000 text250   N
    FechaEmision                                   1111111111 1111111111 date      I
  Comprador                                        1122101113 11001.1110 -         N
    RNCComprador                                   1222102120 10001.010. rnc       I
    IdentificadorExtranjero                        0222002023 .000..0.00 text20    I
    RazonSocialComprador                           1222101113 10001.1110 text150   I
    ContactoComprador                              3333303330 00000.000. text80    N
    CorreoComprador                                3333303330 00000.000. email     N
    DireccionComprador                             3333303330 00000.000. text100   N
    MunicipioComprador                             3333303330 00000.000. =Territorio N
    ProvinciaComprador                             3333303330 00000.000. =Territorio N
    PaisComprador                                  0000000030 ........0. word60    P
    FechaEntrega                                   3333003330 0000..000. date      N
    ContactoEntrega                                3333003330 0000..000. text100   N
    DireccionEntrega                               3333003330 0000..000. text100   N
    TelefonoAdicional                              3333003330 0000..000. phone     N
    FechaOrdenCompra                               3333003330 0000..000. date      N
    NumeroOrdenCompra                              3333003330 0000..000. text20    N
    CodigoInternoComprador                         3333303330 00000.000. text20    N
    ResponsablePago                                3333303330 00000.000. letters20 N
    InformacionAdicionalComprador                  3333303330 00000.000. text150   N
  InformacionesAdicionales                         3333003330 0000..000. -         N
    FechaEmbarque                                  3333003330 0000..000. date      N
    NumeroEmbarque                                 3333003330 0000..000. text25    N
    NumeroContenedor                               3333003330 0000..000. text100   N
    NumeroReferencia                               3333003330 0000..000. digits20  N 45:text20
    NombrePuertoEmbarque                           0000000030 ........0. text40    N
    CondicionesEntrega                             0000000030 ........0. word3     N
    TotalFob                                       0000000030 ........0. positive  N
    Seguro                                         0000000030 ........0. positive  N
    Flete                                          0000000030 ........0. positive  N
    OtrosGastos                                    0000000030 ........0. positive  N
    TotalCif                                       0000000030 ........0. amount    N
    RegimenAduanero                                0000000030 ........0. word35    N
    NombrePuertoSalida                             0000000030 ........0. text40    N
    NombrePuertoDesembarque                        0000000030 ........0. text40    N
    PesoBruto                                      3333003330 0000..000. amount    N
    PesoNeto                                       3333003330 0000..000. amount    N
    UnidadPesoBruto                                3333003330 0000..000. #Unidad   N 33,44:=Unidad
    UnidadPesoNeto                                 3333003330 0000..000. #Unidad   N 33,44:=Unidad
    CantidadBulto                                  3333003330 0000..000. amount    N
    UnidadBulto                                    3333003330 0000..000. #Unidad   N 33,44:=Unidad
    VolumenBulto                                   3333003330 0000..000. positive  N
    UnidadVolumen                                  3333003330 0000..000. #Unidad   N 33,44:=Unidad
  Transporte                                       3333003330 0000..0000 -         N
    ViaTransporte                                  0000000030 ........0. =         N
    PaisOrigen                                     0000000030 ........0. word60    N
    DireccionDestino                               0000000030 ........0. text100   N
    PaisDestino                                    0000000033 ........00 word60    N 47:letters60
    RNCIdentificacionCompaniaTransportista         0000000030 ........0. text20    N
    NombreCompaniaTransportista                    0000000030 ........0. text150   N
    NumeroViaje                                    0000000030 ........0. text20    N
    Conductor                                      3333003330 0000..000. text20    N
    DocumentoTransporte                            3333003330 0000..000. digits20  N
    Ficha                                          3333003330 0000..000. text10    N
    Placa                                          3333003330 0000..000. text7     N
    RutaTransporte                                 3333003330 0000..000. text20    N
    ZonaTransporte                                 3333003330 0000..000. text20    N
    NumeroAlbaran                                  3333003330 0000..000. text20    N
`;
