import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answer.js';

/** How an answer leaves. */
export type Manner =
  | { readonly kind: 'whole' }
  /** The connection is closed instead. */
  | { readonly kind: 'none' }
  /** Nothing at all until the caller gives up. */
  | { readonly kind: 'silent' }
  /** So many bytes of the body, then the connection is closed; half of it by default. */
  | { readonly kind: 'cut'; readonly bytes: number | undefined }
  | { readonly kind: 'slow'; readonly bytes: number; readonly intervalMs: number };

export const WHOLE: Manner = { kind: 'whole' };

/** What a body without content promises when it is to be cut short. */
const EMPTY_PROMISE_BYTES = 64;

interface Channel {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Fires when the simulator ends. */
  readonly end: AbortSignal;
}

/** Gives an answer to the caller, or not, in this manner. */
export async function deliver(answer: Answer, manner: Manner, channel: Channel): Promise<void> {
  const { request, reply, end } = channel;
  if (manner.kind === 'whole') return send(answer, reply);
  if (manner.kind === 'none' || request.raw.socket.destroyed) return hangUp(request, reply);
  reply.hijack();
  if (manner.kind === 'silent') await untilClosed(channel);
  else if (manner.kind === 'cut') sendPart(answer, manner.bytes, reply.raw);
  else await sendSlowly(answer, manner, reply.raw, end);
}

export function send(answer: Answer, reply: FastifyReply): void {
  void reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
}

/** Closes the connection without a word. */
export function hangUp(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}

/** Waits as long as it is told, or until the simulator ends: then it answers false. */
export async function waited(ms: number, end: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal: end });
    return true;
  } catch (error) {
    if (end.aborted) return false;
    throw error;
  }
}

async function untilClosed({ request, end }: Channel): Promise<void> {
  const { socket } = request.raw;
  if (socket.destroyed || end.aborted) return;
  const hang = (): void => void socket.destroy();
  end.addEventListener('abort', hang);
  // A reset is a close too.
  await new Promise((resolve) => socket.once('close', resolve));
  end.removeEventListener('abort', hang);
}

function head(answer: Answer, length: number, raw: ServerResponse): void {
  raw.writeHead(answer.status, {
    'content-type': answer.contentType,
    'content-length': String(length),
  });
}

function sendPart(answer: Answer, bytes: number | undefined, raw: ServerResponse): void {
  const body = Buffer.from(answer.body);
  const promised = body.length === 0 ? EMPTY_PROMISE_BYTES : body.length;
  head(answer, promised, raw);
  raw.flushHeaders();
  // Never the whole of it.
  const part = body.subarray(0, Math.min(bytes ?? body.length >> 1, promised - 1));
  raw.write(part, () => raw.destroy());
}

async function sendSlowly(
  answer: Answer,
  { bytes, intervalMs }: Extract<Manner, { kind: 'slow' }>,
  raw: ServerResponse,
  end: AbortSignal,
): Promise<void> {
  // An answer without content is a blank, so that there is something to wait for.
  const body = Buffer.from(answer.body === '' ? ' ' : answer.body);
  head(answer, body.length, raw);
  raw.flushHeaders();
  for (let sent = 0; sent < body.length; sent += bytes) {
    if (!(await waited(intervalMs, end)) || raw.destroyed) break;
    raw.write(body.subarray(sent, sent + bytes));
  }
  if (end.aborted) raw.destroy();
  else raw.end();
}
