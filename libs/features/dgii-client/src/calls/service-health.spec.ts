import type { DgiiAnswer } from '@getupnet/dgii-api';
import { healthOf } from './service-health.js';

const unusable = (httpStatus: number, reason: string): DgiiAnswer<never> => ({
  kind: 'unusable',
  httpStatus,
  reason,
  raw: '',
});

it.each<[DgiiAnswer<unknown>, string]>([
  [{ kind: 'lost', reason: 'timeout' }, 'ill'],
  [{ kind: 'unsent', reason: 'ECONNREFUSED' }, 'ill'],
  [unusable(500, 'http.500'), 'ill'],
  [unusable(503, 'http.503'), 'ill'],
  [unusable(302, 'http.302'), 'ill'],
  [unusable(429, 'http.429'), 'ill'],
  [unusable(200, 'answer.empty'), 'ill'],
  [unusable(200, 'answer.markup'), 'ill'],
  [unusable(200, 'answer.wrong_shape'), 'unknown'],
  [unusable(200, 'answer.not_json'), 'unknown'],
  [unusable(200, 'answer.no_trackid'), 'unknown'],
  [unusable(400, 'http.400.empty'), 'unknown'],
  [unusable(403, 'http.403'), 'unknown'],
  [unusable(404, 'http.404'), 'unknown'],
  [{ kind: 'unsupported' }, 'unknown'],
  [{ kind: 'unauthorized', mensajes: [], raw: '' }, 'well'],
  [{ kind: 'refused', httpStatus: 400, codigo: null, mensajes: [], raw: '' }, 'well'],
  [{ kind: 'ok', value: 1, raw: '' }, 'well'],
])('%j says that the service is %s', (answer, health) => {
  expect(healthOf(answer, true)).toBe(health);
});

it.each<[DgiiAnswer<unknown>, boolean, string]>([
  [{ kind: 'lost', reason: 'timeout' }, false, 'unknown'],
  [{ kind: 'lost', reason: 'UND_ERR_SOCKET' }, false, 'ill'],
  [{ kind: 'unsent', reason: 'timeout' }, false, 'unknown'],
  [{ kind: 'unsent', reason: 'timeout' }, true, 'unknown'],
  [{ kind: 'unsent', reason: 'UND_ERR_CONNECT_TIMEOUT' }, false, 'ill'],
  [unusable(503, 'http.503'), false, 'ill'],
])('%j after a fair wait (%s): %s', (answer, fair, health) => {
  expect(healthOf(answer, fair)).toBe(health);
});
