import { AppError } from '@getupnet/kernel';
import type { z } from 'zod';
import { validate } from './validation.pipe.js';

/** Bytes of one line: what a JSON body may have. */
const MOST_LINE_BYTES = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;

/** One line of an NDJSON body, not read yet. */
export class BodyLine {
  constructor(
    /** From 1, as an editor counts: empty lines are skipped, but counted. */
    readonly number: number,
    private readonly bytes: Buffer,
    private readonly parse: (bytes: Buffer) => unknown,
  ) {}

  /** Bytes. */
  get size(): number {
    return this.bytes.length;
  }

  /**
   * The line's value. Rejects, like a JSON body of its own, with `request.too_large`,
   * `request.malformed_json` or `validation.failed`.
   */
  read<T>(schema: z.ZodType<T>): T {
    if (this.bytes.length > MOST_LINE_BYTES) {
      throw new AppError('request.too_large', { limit: '1 MB por línea' });
    }
    return validate(schema, this.parse(this.bytes));
  }
}

/**
 * An NDJSON body (`request.lines` of an endpoint). Each line is parsed when it is read, so that one
 * that is broken concerns nobody else, and a large body does not occupy the process at one go.
 */
export class BodyLines implements Iterable<BodyLine> {
  constructor(
    private readonly body: Buffer,
    private readonly parse: (bytes: Buffer) => unknown,
  ) {}

  /** Whether there are more than `most` lines that are not empty. */
  hasMoreThan(most: number): boolean {
    let count = 0;
    for (const _ of this) {
      count += 1;
      if (count > most) return true;
    }
    return false;
  }

  *[Symbol.iterator](): Generator<BodyLine, void, undefined> {
    const { body } = this;
    let number = 1;
    for (let at = 0; at < body.length; at += 1) {
      const byte = body[at];
      if (byte === LF) number += 1;
      if (byte === LF || byte === CR || byte === SPACE || byte === TAB) continue;
      const found = body.indexOf(LF, at);
      const end = found < 0 ? body.length : found;
      yield new BodyLine(number, body.subarray(at, end), this.parse);
      // The line feed itself is looked at next, and counts the line.
      at = end - 1;
    }
  }
}
