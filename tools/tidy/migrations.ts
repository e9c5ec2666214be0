/** Name of a migration → hex SHA-256 of its migration.sql. */
export type Checksums = Readonly<Record<string, string>>;

/** Migrations that differ from their recorded checksum, are gone, or are not recorded yet. */
export function migrationFaults(recorded: Checksums, present: Checksums): readonly string[] {
  const changed = Object.keys(recorded).flatMap((name) => {
    if (present[name] === undefined) return [`${name} is gone: merged migrations stay`];
    if (present[name] === recorded[name]) return [];
    return [`${name} was edited after its merge: write a new migration instead`];
  });
  const added = Object.keys(present)
    .filter((name) => recorded[name] === undefined)
    .map((name) => `${name} is not in checksums.json: run this test with UPDATE_GOLDEN=1`);
  return [...changed, ...added];
}

/** The record with new migrations added; what is recorded already never changes. */
export function withNew(recorded: Checksums, present: Checksums): Checksums {
  const all = { ...present, ...recorded };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
