export {
  meaningOf,
  type DgiiMeaning,
  type DirectoryEntry,
  type TokenAnswer,
  type TrackAnswer,
  type VerdictAnswer,
} from './answers.js';
export { dgiiInstant } from './dates.js';
export { DgiiApi } from './dgii-api.js';
export { type AuthorisedCall, type CallOptions, type DgiiAnswer } from './dgii-call.js';
export { DgiiStatusApi } from './dgii-status-api.js';
export { DgiiEndpoints, type EndpointSettings } from './endpoints.js';
export { readErrorBody, type ErrorBody, type ErrorShape } from './error-body.js';
export { DGII_SERVICES, offers, type DgiiService } from './services.js';
export {
  environmentNamed,
  type MaintenanceWindow,
  type Period,
  type ServiceStatus,
} from './status-answers.js';
