import type { Socket } from 'node:net';
import { AppError } from '@getupnet/kernel';
import { newTraceId } from '../context/request-context.js';
import { DEFAULT_BODY_LIMIT } from './body-parsers.js';
import { PROBLEM_JSON, toFailure, toProblem } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

const LIMITS = { bodyLimit: DEFAULT_BODY_LIMIT, consumes: [] };

/** Connections whose last answer was given: what still comes in on them is not a request. */
const closing = new WeakSet<Socket>();

/** Nothing that comes after the present request is read as one. */
export function readNoMore(socket: Socket): void {
  closing.add(socket);
}

/** Answers what Node's HTTP parser refuses before there is a request, and closes. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (closing.has(socket)) {
    socket.end();
    return;
  }
  answer(asAppError(error), socket);
}

/** CONNECT asks for a tunnel; nobody gets one. */
export function refuseConnect(socket: Socket): void {
  answer(new AppError('request.invalid', { reason: 'CONNECT no se admite' }), socket);
}

function answer(error: AppError, socket: Socket): void {
  const problem = toProblem(toFailure(error, LIMITS), newTraceId());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `x-request-id: ${problem.traceId}`,
    `content-type: ${PROBLEM_JSON}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function asAppError(error: NodeJS.ErrnoException): AppError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('headers.too_large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('request.timeout');
    default:
      return new AppError('request.invalid', { reason: 'la petición no se pudo leer' });
  }
}
