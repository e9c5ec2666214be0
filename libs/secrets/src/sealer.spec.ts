import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { KeyRing, SealError, SealedSecretStore, Sealer, SecretStoreSet } from './index.js';

const newKey = (): string => randomBytes(32).toString('base64');
const place = { tenantId: 'tenant-a', purpose: 'certificate', id: 'row-1' };
const oldKey = newKey();
const sealer = new Sealer(KeyRing.of(oldKey));

describe('Sealer (KEY-1)', () => {
  it('gives back any bytes in their place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const opened = await sealer.open(await sealer.seal(bytes, place), place);
        expect(opened.equals(bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('never seals alike twice and never shows the value', async () => {
    const secret = Buffer.from('una clave privada');
    const [first, second] = [await sealer.seal(secret, place), await sealer.seal(secret, place)];
    expect(first).not.toBe(second);
    expect(first).not.toContain(secret.toString('base64url'));
  });

  it.each([
    ['tenant', { ...place, tenantId: 'tenant-b' }],
    ['purpose', { ...place, purpose: 'dgii-token' }],
    ['row', { ...place, id: 'row-2' }],
    ['joined parts', { tenantId: 'tenant-a","certificate', purpose: '', id: 'row-1' }],
  ])('does not open with another %s', async (_name, other) => {
    const sealed = await sealer.seal(Buffer.from('x'), place);
    await expect(sealer.open(sealed, other)).rejects.toThrow(SealError);
    await expect(sealer.rewrap(sealed, other)).rejects.toThrow(SealError);
  });

  it('does not open once any part was altered', async () => {
    const sealed = await sealer.seal(Buffer.from('secreto'), place);
    const parts = sealed.split('.');
    for (const index of parts.keys()) {
      const altered = parts.map((part, at) => (at === index ? flipped(part) : part)).join('.');
      await expect(sealer.open(altered, place)).rejects.toThrow(SealError);
    }
    await expect(sealer.open('', place)).rejects.toThrow(SealError);
    await expect(sealer.open(`${sealed}.x`, place)).rejects.toThrow(SealError);
  });

  it('does not open with another key-encryption key', async () => {
    const sealed = await sealer.seal(Buffer.from('x'), place);
    const stranger = new Sealer(KeyRing.of(newKey()));
    await expect(stranger.open(sealed, place)).rejects.toThrow('no key-encryption key');
  });

  it('rewraps to a new key without touching the ciphertext, then drops the old key', async () => {
    const sealed = await sealer.seal(Buffer.from('secreto'), place);
    const nextKey = newKey();
    const rotating = new Sealer(KeyRing.of(nextKey, [oldKey]));
    expect(rotating.needsRewrap(sealed)).toBe(true);
    const rewrapped = await rotating.rewrap(sealed, place);
    expect(rotating.needsRewrap(rewrapped)).toBe(false);
    expect(rewrapped.split('.')[3]).toBe(sealed.split('.')[3]);
    const after = new Sealer(KeyRing.of(nextKey));
    expect((await after.open(rewrapped, place)).toString()).toBe('secreto');
    await expect(after.open(sealed, place)).rejects.toThrow(SealError);
  });
});

describe('KeyRing', () => {
  it.each(['', 'corta', randomBytes(16).toString('base64'), randomBytes(33).toString('base64')])(
    'refuses %j as a key',
    (text) => {
      expect(() => KeyRing.of(text)).toThrow(RangeError);
    },
  );
});

describe('SecretStoreSet', () => {
  it('refuses a text none of its stores knows', async () => {
    const store = new SealedSecretStore(sealer);
    const set = new SecretStoreSet(store, [store]);
    const kept = await set.keep(Buffer.from('x'), place);
    expect((await set.fetch(kept, place)).toString()).toBe('x');
    await expect(set.fetch('aws:elsewhere', place)).rejects.toThrow(SealError);
  });
});

/** The text with its first character replaced by another one of the alphabet. */
function flipped(text: string): string {
  return (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
}
