export {
  meaningOf,
  type DgiiMeaning,
  type DirectoryEntry,
  type ServiceStatus,
  type TokenAnswer,
  type TrackAnswer,
  type VerdictAnswer,
} from './answers.js';
export { DgiiApi, type AuthorisedCall, type CallOptions, type DgiiAnswer } from './dgii-api.js';
export { DgiiEndpoints, type EndpointSettings } from './endpoints.js';
export { readErrorBody, type ErrorBody, type ErrorShape } from './error-body.js';
export { offers, type DgiiService } from './services.js';
