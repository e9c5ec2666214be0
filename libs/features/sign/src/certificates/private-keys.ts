import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SecretStore, type SealedPlace } from '@getupnet/secrets';
import { Injectable } from '@nestjs/common';

const PURPOSE = 'certificate';

/**
 * Private keys between memory and the secret store. Only the key is kept, as PKCS#8: neither the P12
 * nor its password is needed again, and what is not kept cannot leak.
 */
@Injectable()
export class PrivateKeys {
  constructor(private readonly secrets: SecretStore) {}

  /** Text for the certificate's row. */
  async keep(key: KeyObject, tenantId: string, certificateId: string): Promise<string> {
    const der = key.export({ format: 'der', type: 'pkcs8' });
    try {
      return await this.secrets.keep(der, placeOf(tenantId, certificateId));
    } finally {
      der.fill(0);
    }
  }

  async fetch(kept: string, tenantId: string, certificateId: string): Promise<KeyObject> {
    const der = await this.secrets.fetch(kept, placeOf(tenantId, certificateId));
    try {
      return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    } finally {
      der.fill(0);
    }
  }
}

function placeOf(tenantId: string, id: string): SealedPlace {
  return { tenantId, purpose: PURPOSE, id };
}
