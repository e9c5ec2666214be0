/** What DGII's status host has (Descripción Técnica v1.6, pp. 47-52). */
export const STATUS_RESOURCES = [
  'obtenerestatus',
  'obtenerventanasmantenimiento',
  'verificarestado',
] as const;
export type StatusResource = (typeof STATUS_RESOURCES)[number];
