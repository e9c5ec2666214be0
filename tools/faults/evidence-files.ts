/** Names inside a run's directory; the checker writes them down a second time. */
export const EVIDENCE = {
  acks: 'acks.ndjson',
  run: 'run.json',
  dgii: 'dgii',
  logs: 'logs',
  /** A file for each company: its chain as the audit service exported it. */
  exports: 'audit',
  worm: 'worm',
  checkpointKey: 'checkpoint-key.pem',
} as const;
