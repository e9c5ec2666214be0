export type { TestCertificate } from './authority/certificate-issuer.js';
export type { CertificateDefect, CertificateRequest } from './authority/certificate-request.js';
export type { LedgerFilter, SimulatorControl, SimulatorState } from './control/control.js';
export {
  FAULT_KINDS,
  FAULT_OPERATIONS,
  type Fault,
  type FaultKind,
  type FaultOperation,
  type ScriptedFault,
} from './faults/fault.js';
export { suits as faultSuits } from './faults/fault-scope.js';
export type { ActiveFault } from './faults/fault-book.js';
export type { ForcedVerdict } from './faults/forced-verdicts.js';
export { OPERATIONS, type DgiiHost, type Operation } from './http/service-map.js';
export type {
  AuthorisedSequence,
  DirectoryEntry,
  EnvironmentOptions,
  SimulatorOptions,
  TrustPolicy,
} from './options.js';
export { startSimulator, type Simulator } from './simulator.js';
export type { LedgerEntry } from './state/ledger.js';
export type { Codigo, DocumentFacts, Mensaje } from './state/verdict.js';
