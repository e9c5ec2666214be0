/**
 * Whether this build has crash points. The compiler puts `true` or `false` in its place: `false` in
 * what `npm run build` makes, where the branch behind it is gone; `true` in tests and in the build of
 * the fault harness (`node tools/build.mjs --faults`).
 */
declare const CRASH_POINTS: boolean;
