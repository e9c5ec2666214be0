import { Readable } from 'node:stream';
import type { Markup } from '../html.js';
import type { TrafficFilter, TrafficRing, TrafficRow } from './traffic-ring.js';

const MAX_VIEWERS = 16;
const TICK_MS = 250;
/** Rows a tick sends at most: nobody reads faster, and the newest count. */
const MAX_ROWS = 100;
/** A page that does not take what it is sent is let go; it reconnects when it wakes up. */
const MAX_WAITING_BYTES = 1024 * 1024;
const TICKS_BETWEEN_STATES = 4;

interface Viewer {
  readonly filter: TrafficFilter;
  readonly stream: Readable;
  readonly stopWatching: () => void;
  lastId: number;
}

interface StreamParts {
  readonly ring: TrafficRing;
  readonly renderRow: (row: TrafficRow) => Markup;
  /** Differs whenever faults, forced verdicts or the like do. */
  readonly stateMark: () => string;
  /** Tells the observer that a page is open; returns how to tell that it no longer is. */
  readonly watch: () => () => void;
}

/** Open pages, told of new calls a few times a second (server-sent events). */
export class TrafficStream {
  private readonly viewers = new Set<Viewer>();
  private timer: NodeJS.Timeout | undefined;
  private ticks = 0;
  private lastMark = '';

  constructor(private readonly parts: StreamParts) {}

  /** Events from the call after `afterId` on; undefined when too many pages are open. */
  open(filter: TrafficFilter, afterId: number): Readable | undefined {
    if (this.viewers.size >= MAX_VIEWERS) return undefined;
    const stream = new Readable({ read: () => undefined });
    const viewer = { filter, stream, stopWatching: this.parts.watch(), lastId: afterId };
    this.viewers.add(viewer);
    stream.once('close', () => this.forget(viewer));
    stream.push('retry: 2000\n\n');
    if (this.timer === undefined) {
      this.lastMark = this.parts.stateMark();
      this.timer = setInterval(() => this.tick(), TICK_MS);
    }
    return stream;
  }

  /** Ends every stream: the server is closing. */
  close(): void {
    for (const { stream } of this.viewers) stream.destroy();
  }

  private forget(viewer: Viewer): void {
    viewer.stopWatching();
    this.viewers.delete(viewer);
    if (this.viewers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    this.ticks += 1;
    const isTime = this.ticks % TICKS_BETWEEN_STATES === 0;
    const mark = isTime ? this.parts.stateMark() : this.lastMark;
    const changed = mark !== this.lastMark;
    this.lastMark = mark;
    for (const viewer of this.viewers) {
      this.sendRows(viewer);
      if (changed) viewer.stream.push('event: state\ndata: {}\n\n');
      if (viewer.stream.readableLength > MAX_WAITING_BYTES) viewer.stream.destroy();
    }
  }

  private sendRows(viewer: Viewer): void {
    const { ring, renderRow } = this.parts;
    const { newest } = ring;
    if (newest === viewer.lastId) return;
    const rows = ring.after(viewer.lastId, viewer.filter, MAX_ROWS);
    viewer.lastId = newest;
    const html = rows.map((row) => renderRow(row).text).reverse();
    const data = JSON.stringify({ seen: newest, html: html.join('') });
    viewer.stream.push(`id: ${newest}\nevent: rows\ndata: ${data}\n\n`);
  }
}
