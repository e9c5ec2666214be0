/** Steps of the portal for own software (Proceso de Certificación, July 2025, pp. 4-21). */
export const STEPS = {
  1: 'Registrado',
  2: 'Pruebas de Datos e-CF',
  3: 'Pruebas de Datos Aprobaciones Comerciales',
  4: 'Pruebas de Simulación e-CF',
  5: 'Pruebas de Simulación Representación Impresa',
  6: 'Validación Representación Impresa',
  7: 'URL Servicios Prueba',
  8: 'Inicio Prueba Recepción e-CF',
  9: 'Recepción e-CF',
  10: 'Inicio Prueba Recepción Aprobación Comercial',
  11: 'Recepción Aprobación Comercial',
  12: 'URL Servicios Producción',
  13: 'Declaración Jurada',
  14: 'Verificación Estatus',
} as const;
export type Step = keyof typeof STEPS;
export const LAST_STEP = 14;

export function isStep(value: number): value is Step {
  return Object.hasOwn(STEPS, value);
}

/** What step 2 counts: sent e-CF, summaries, and full invoices uploaded after their summary. */
export const DATA_TEST_GOALS = { ecf: 21, rfce: 4, factura: 4 } as const;
export type DataTestKind = keyof typeof DATA_TEST_GOALS;

export const APPROVALS_GOAL = 11;

/** What step 4 counts, of the applicant's own documents; `32` are those from 250,000.00 on. */
export const SIMULATION_GOALS = {
  '31': 4,
  '32': 2,
  '33': 1,
  '34': 2,
  '41': 2,
  '43': 2,
  '44': 2,
  '45': 2,
  '46': 2,
  '47': 2,
  rfce: 4,
  factura: 4,
} as const;
export type SimulationKind = keyof typeof SIMULATION_GOALS;

/** Printed representations of step 5: one of each; `rfce` is a type 32 below 250,000.00. */
export const PRINTED_KINDS = [
  '31',
  '33',
  '34',
  '41',
  '43',
  '44',
  '45',
  '46',
  '47',
  '32',
  'rfce',
] as const;
export type PrintedKind = (typeof PRINTED_KINDS)[number];
export const PRINTED_LIMIT_BYTES = 10 * 1024 * 1024;
