/** Variables of the crash points. They are not declared with `defineEnv`: no deployment has them. */
export interface FaultVariables {
  readonly at: string | undefined;
  readonly hangMs: number | undefined;
  /** A file that gets a line for each point that fails. */
  readonly log: string | undefined;
}

/** Reads `CRASH_AT`, `CRASH_HANG_MS` and `CRASH_LOG`; nothing in an ordinary build. */
export function faultVariables(): FaultVariables {
  if (!CRASH_POINTS) return { at: undefined, hangMs: undefined, log: undefined };
  const { CRASH_AT: at, CRASH_HANG_MS: hang, CRASH_LOG: log } = process.env;
  return { at, hangMs: hang === undefined ? undefined : Number(hang), log };
}
