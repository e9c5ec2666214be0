const HOUR_MS = 3_600_000;

/**
 * DGII must have a document issued in contingency by then, counted from its issue (modelos de RI,
 * p. 16: its validity can be consulted after 72 hours).
 */
export const CONTINGENCY_TERM_MS = 72 * HOUR_MS;

/** The same for deferred sending (Decreto 587-24, art. 39; modelos de RI, p. 14). */
export const DEFERRED_TERM_MS = 24 * HOUR_MS;
