/** What is sold in the test sets; characters that XML escapes, and accents, are among it. */
export const GOODS = [
  'Café molido & tostado 1 lb',
  'Arroz selecto 10 lb',
  'Cemento gris 42.5 kg',
  'Varilla 3/8" corrugada',
  'Pintura acrílica <interior>',
  'Bombillo LED 9 W',
  'Papel bond 8½ x 11',
  "Silla ejecutiva 'Caoba'",
  'Teclado en español (ñ)',
  'Detergente líquido 1 gl',
  'Galletas surtidas',
  'Aceite de soya 64 oz',
  'Neumático 195/65 R15',
  'Filtro de aire',
] as const;

export const SERVICES = [
  'Mantenimiento de aires acondicionados',
  'Consultoría contable & fiscal',
  'Transporte de carga, ruta norte',
  'Instalación de red (24 puntos)',
  'Vigilancia, turno nocturno',
  'Diseño gráfico «identidad»',
  'Limpieza de oficinas',
  'Soporte técnico, bolsa de horas',
] as const;
