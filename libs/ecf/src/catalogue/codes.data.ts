/**
 * Code tables (Formato e-CF V1.0, Oct 2025; XSD): a table's name, then one code and its meaning per
 * line. Territories and additional taxes have files of their own.
 */
export const CODES = `
TipoeCF
  31 Factura de Crédito Fiscal Electrónica
  32 Factura de Consumo Electrónica
  33 Nota de Débito Electrónica
  34 Nota de Crédito Electrónica
  41 Comprobante Electrónico de Compras
  43 Comprobante Electrónico para Gastos Menores
  44 Comprobante Electrónico para Regímenes Especiales
  45 Comprobante Electrónico Gubernamental
  46 Comprobante Electrónico para Exportaciones
  47 Comprobante Electrónico para Pagos al Exterior
TipoeCFRfce
  32 Factura de Consumo Electrónica
IndicadorEnvioDiferido
  1 Envío diferido autorizado
IndicadorMontoGravado
  0 Montos de línea sin ITBIS
  1 Montos de línea con ITBIS incluido
IndicadorServicioTodoIncluido
  1 Servicio todo incluido
TipoIngresos
  01 Ingresos por operaciones (no financieros)
  02 Ingresos financieros
  03 Ingresos extraordinarios
  04 Ingresos por arrendamientos
  05 Ingresos por venta de activo depreciable
  06 Otros ingresos
TipoPago
  1 Contado
  2 Crédito
  3 Gratuito
FormaPago
  1 Efectivo
  2 Cheque, transferencia o depósito
  3 Tarjeta de débito o crédito
  4 Venta a crédito
  5 Bonos o certificados de regalo
  6 Permuta
  7 Nota de crédito
  8 Otras formas de pago
TipoCuentaPago
  CT Cuenta corriente
  AH Cuenta de ahorro
  OT Otra
ViaTransporte
  01 Terrestre
  02 Marítimo
  03 Aérea
IndicadorFacturacion
  0 No facturable
  1 ITBIS 1 (18 %)
  2 ITBIS 2 (16 %)
  3 ITBIS 3 (0 %)
  4 Exento
IndicadorFacturacionDescuentooRecargo
  1 ITBIS 1 (18 %)
  2 ITBIS 2 (16 %)
  3 ITBIS 3 (0 %)
  4 Exento
IndicadorAgenteRetencionoPercepcion
  1 Retención
  2 Percepción
IndicadorBienoServicio
  1 Bien
  2 Servicio
TipoAfiliacion
  1 Empresa afiliada
  2 Empresa no afiliada
Liquidacion
  1 Provisional
  2 Final
TipoSubDescuento
  $ Monto
  % Porcentaje
TipoSubRecargo
  $ Monto
  % Porcentaje
TipoAjuste
  D Descuento
  R Recargo
IndicadorNorma1007
  0 No aplica
  1 Descuento según la Norma 10-07
TipoValor
  $ Monto
  % Porcentaje
CodigoModificacion
  1 Anula el NCF modificado
  2 Corrige texto
  3 Corrige montos
  4 Reemplaza un NCF emitido en contingencia
  5 Referencia a factura de consumo electrónica
VersionText
  1.0 Versión 1.0
EstadoArecf
  0 e-CF recibido
  1 e-CF no recibido
CodigoMotivoNoRecibido
  1 Error de especificación
  2 Error de firma digital
  3 Envío duplicado
  4 RNC del comprador no corresponde
EstadoAcecf
  1 e-CF aceptado
  2 e-CF rechazado
TipoMoneda
  BRL Real brasileño
  CAD Dólar canadiense
  CHF Franco suizo
  CHY Yuan chino (código de la DGII; ISO 4217 usa CNY)
  XDR Derecho especial de giro (FMI)
  DKK Corona danesa
  EUR Euro
  GBP Libra esterlina
  JPY Yen japonés
  NOK Corona noruega
  SCP Libra escocesa
  SEK Corona sueca
  USD Dólar estadounidense
  VEF Bolívar fuerte venezolano
  HTG Gourde haitiano
  MXN Peso mexicano
  COP Peso colombiano
Unidad
  1 BARR: Barril
  2 BOL: Bolsa
  3 BOT: Bote
  4 BULTO: Bultos
  5 BOTELLA: Botella
  6 CAJ: Caja/Cajón
  7 CAJETILLA: Cajetilla
  8 CM: Centímetro
  9 CIL: Cilindro
  10 CONJ: Conjunto
  11 CONT: Contenedor
  12 DÍA: Día
  13 DOC: Docena
  14 FARD: Fardo
  15 GL: Galones
  16 GRAD: Grado
  17 GR: Gramo
  18 GRAN: Granel
  19 HOR: Hora
  20 HUAC: Huacal
  21 KG: Kilogramo
  22 kWh: Kilovatio Hora
  23 LB: Libra
  24 LITRO: Litro
  25 LOT: Lote
  26 M: Metro
  27 M2: Metro Cuadrado
  28 M3: Metro Cúbico
  29 MMBTU: Millones de Unidades Térmicas
  30 MIN: Minuto
  31 PAQ: Paquete
  32 PAR: Par
  33 PIE: Pie
  34 PZA: Pieza
  35 ROL: Rollo
  36 SOBR: Sobre
  37 SEG: Segundo
  38 TANQUE: Tanque
  39 TONE: Tonelada
  40 TUB: Tubo
  41 YD: Yarda
  42 YD2: Yarda cuadrada
  43 UND: Unidad
  44 EA: Elemento
  45 MILLAR: Millar
  46 SAC: Saco
  47 LAT: Lata
  48 DIS: Display
  49 BID: Bidón
  50 RAC: Ración
  51 Q: Quintal
  52 GRT: Gross Register Tonnage (toneladas de registro bruto)
  53 P2: Pie Cuadrado
  54 PAX: Pasajero
  55 PULG: Pulgadas
  56 STAY: Parqueo Barcos En Muelle
  57 BDJ: Bandeja
  58 HA: Hectárea
  59 ML: Mililitro
  60 MG: Miligramo
  61 OZ: Onzas
  62 OZT: Onzas Troy
`;
