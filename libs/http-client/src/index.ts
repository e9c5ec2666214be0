export {
  CONNECT_TIMEOUT_MS,
  HttpTransport,
  MAX_ANSWER_BYTES,
  TOTAL_TIMEOUT_MS,
  type Exchange,
  type HttpRequest,
  type TransportOptions,
} from './http-transport.js';
