import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { Pools } from '../db/pools.js';

const KEY_BYTES = 32;
const MAC_BYTES = 16;
const MAX_CURSOR_LENGTH = 512;

/**
 * Cursors of paged lists: the last row's key, signed together with tenant and list, so that nobody
 * hands in a key of his own making or a cursor of another list. The signing key comes from role
 * app's password, which all replicas share; from identity's where a service knows no other.
 */
@Injectable()
export class CursorCodec {
  readonly #pools: Pools;
  #cached: Buffer | undefined;

  constructor(pools: Pools) {
    this.#pools = pools;
  }

  encode(tenantId: string, list: string, lastKey: string): string {
    const mac = this.mac(tenantId, list, lastKey);
    return Buffer.concat([mac, Buffer.from(lastKey)]).toString('base64url');
  }

  /** The key in the cursor; rejects anything this codec did not encode with `cursor.invalid`. */
  decode(tenantId: string, list: string, cursor: string): string {
    if (cursor.length > MAX_CURSOR_LENGTH) throw new AppError('cursor.invalid');
    const bytes = Buffer.from(cursor, 'base64url');
    // The decoder overlooks foreign characters and the unused bits of the last one.
    if (bytes.toString('base64url') !== cursor) throw new AppError('cursor.invalid');
    const lastKey = bytes.subarray(MAC_BYTES).toString();
    const mac = this.mac(tenantId, list, lastKey);
    const stated = bytes.subarray(0, MAC_BYTES);
    if (stated.length !== MAC_BYTES || !timingSafeEqual(stated, mac)) {
      throw new AppError('cursor.invalid');
    }
    return lastKey;
  }

  private mac(tenantId: string, list: string, lastKey: string): Buffer {
    const text = JSON.stringify([tenantId, list, lastKey]);
    return createHmac('sha256', this.key).update(text).digest().subarray(0, MAC_BYTES);
  }

  private get key(): Buffer {
    if (this.#cached) return this.#cached;
    const role = this.#pools.available.includes('app') ? 'app' : 'identity';
    const { password } = new URL(String(this.#pools.configOf(role).connectionString));
    const key = hkdfSync('sha256', password, '', 'getupnet-ecf cursors 1', KEY_BYTES);
    this.#cached = Buffer.from(key);
    return this.#cached;
  }
}
