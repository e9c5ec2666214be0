// Where a process may be made to die, fail or hang: on both sides of each commit and each effect
// outside the database. A point is named after its area and the moment. Add yours here.
const NAMES = [
  // A document is accepted: numbers, rows, the outbox.
  'accept.before_commit',
  'accept.after_commit',
  // The stage "sign": the request to the signer, then bytes and intent in one commit.
  'sign_stage.before_request',
  'sign_stage.before_commit',
  'sign_stage.after_commit',
  // The signer: a journal row before bytes leave.
  'sign.before_journal',
  'sign.after_journal',
  // The stage "send": intent, POST, answer, commit.
  'send_stage.before_intent',
  'send_stage.after_intent',
  'send_stage.after_answer',
  'send_stage.after_commit',
  // The only way out.
  'dgii.before_post',
  'dgii.after_post',
  // An UNKNOWN document is asked about; a submitted one is polled.
  'ask_stage.before_query',
  'ask_stage.after_answer',
  'poll_stage.before_query',
  'poll_stage.after_answer',
  // Any step of the machine.
  'step.before_commit',
  'step.after_commit',
  // From outbox and due documents to the queue.
  'relay.after_claim',
  'relay.after_publish',
  'relay.after_mark',
  'worker.before_job',
  'worker.after_job',
  // A request to void numbers: signed, intent, answer, commit.
  'void.after_sign',
  'void.after_intent',
  'void.after_answer',
  'void.after_commit',
  // The chained audit log and its checkpoints.
  'audit.before_append',
  'audit.after_append',
  'audit.before_worm',
  'audit.after_worm',
] as const;

/** A place where a process may be made to fail. */
export type CrashPointName = (typeof NAMES)[number];

/** All of them, for who arms them; empty in an ordinary build. */
export const crashPointNames: readonly CrashPointName[] = CRASH_POINTS ? NAMES : [];
