/** DGII's documents as findings cite them, and what findings of a kind have in common. */
export const FE = 'Formato e-CF V1.0 (oct. 2025)';
export const XSD = 'Esquemas XSD de la DGII';
export const IT = 'Informe Técnico e-CF v1.0 (ago. 2022)';
export const DT = 'Descripción Técnica v1.6 (jun. 2023)';

/** The format is broken: DGII rejects (Decreto 587-24, art. 17, cause 7) and the number is spent. */
export const FORMAT = {
  severity: 'error',
  problem: 'ecf.schema_invalid',
  source: XSD,
  dgii: 'rejects',
  reusesNumber: false,
} as const;

export const RULE = { ...FORMAT, problem: 'ecf.rule_failed', source: FE } as const;

/** We refuse it; the documents forbid it, but do not say what DGII answers. */
export const DOUBTFUL = { ...RULE, dgii: 'unknown', reusesNumber: null } as const;

/** Beyond tolerance DGII accepts with conditions (Informe Técnico v1.0, p. 20). */
export const TOTALS = {
  ...RULE,
  problem: 'ecf.totals_mismatch',
  dgii: 'conditional',
  reusesNumber: null,
} as const;

export const WARNING = {
  severity: 'warning',
  source: FE,
  dgii: 'accepts',
  reusesNumber: null,
} as const;

/** Worth a look; the sources do not say whether DGII minds. */
export const HINT = { ...WARNING, dgii: 'unknown' } as const;

export const INFO = { severity: 'info', source: FE, dgii: 'accepts', reusesNumber: null } as const;
