import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { defineEnv } from '../config/env-spec.js';
import { secretText } from '../config/secret.js';

export const cursorEnv = defineEnv('cursor', {
  CURSOR_SECRET: secretText().describe('Key that signs the cursors of paged lists'),
});

const MAC_BYTES = 16;

/** Cursors of paged lists: signed together with their tenant and list, so that none is forged. */
@Injectable()
export class CursorCodec {
  private readonly secret: string;

  constructor(@Inject(Config) config: Config) {
    this.secret = config.get(cursorEnv).CURSOR_SECRET;
  }

  encode(tenantId: string, list: string, position: string): string {
    const mac = this.macOf(tenantId, list, position);
    return Buffer.concat([mac, Buffer.from(position, 'utf8')]).toString('base64url');
  }

  /** The position a cursor stands for. Throws `cursor.invalid` unless we made it for this list. */
  decode(tenantId: string, list: string, cursor: string): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(MAC_BYTES).toString('utf8');
    const mac = bytes.subarray(0, MAC_BYTES);
    const expected = this.macOf(tenantId, list, position);
    if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, expected)) {
      throw new AppError('cursor.invalid');
    }
    return position;
  }

  private macOf(tenantId: string, list: string, position: string): Buffer {
    return createHmac('sha256', this.secret)
      .update(JSON.stringify([tenantId, list, position]))
      .digest()
      .subarray(0, MAC_BYTES);
  }
}
