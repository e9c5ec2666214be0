/** What a job handler says of one unit of work; anything else it throws is a bug. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Failed for a reason that may pass; counted, tried again with back-off. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** Nothing wrong, just not yet; not counted. */
  | { readonly kind: 'snooze'; readonly untilMs: number; readonly reason: string }
  /** Will never work; goes to the dead letters. */
  | { readonly kind: 'cancel'; readonly reason: string };
