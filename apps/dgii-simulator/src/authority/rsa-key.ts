import { generateKeyPair } from 'node:crypto';

/** What providers issue for (Informe Técnico e-CF v1.0, pp. 6-7). */
const BITS = 2048;

/** PKCS#1 PEM of a new key, made beside the event loop: calls go on being answered. */
export function newRsaKey(): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      modulusLength: BITS,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    } as const;
    generateKeyPair('rsa', options, (error, _publicKey, privateKey) => {
      if (error === null) resolve(privateKey);
      else reject(error);
    });
  });
}
