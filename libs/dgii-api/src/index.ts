export {
  meaningOf,
  type DgiiMeaning,
  type TokenAnswer,
  type TrackAnswer,
  type VerdictAnswer,
} from './answers.js';
export { dgiiInstant } from './dates.js';
export {
  approvalMeaning,
  voidMeaning,
  type ApprovalAnswer,
  type DeclarationMeaning,
  type VoidAnswer,
} from './declaration-answers.js';
export { DgiiApi } from './dgii-api.js';
export { type AuthorisedCall, type CallOptions, type DgiiAnswer } from './dgii-call.js';
export { DgiiStatusApi } from './dgii-status-api.js';
export { receiverBase, type DirectoryEntry } from './directory.js';
export {
  EmisorReceptorApi,
  type ApprovalRequest,
  type CounterpartCall,
  type EmissionRequest,
} from './emisor-receptor-api.js';
export { DgiiEndpoints, type EndpointSettings } from './endpoints.js';
export { readErrorBody, type ErrorBody, type ErrorShape } from './error-body.js';
export { cutText } from './texts.js';
export { DGII_SERVICES, offers, type DgiiService } from './services.js';
export {
  environmentNamed,
  type MaintenanceWindow,
  type Period,
  type ServiceStatus,
} from './status-answers.js';
