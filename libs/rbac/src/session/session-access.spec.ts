import { newId } from '@getupnet/kernel';
import { MovableClock } from '../test-support.js';
import type { AccessTokenVerifier } from './access-token-verifier.js';
import { SessionAccess } from './session-access.js';
import { SessionDirectory, type SessionRecord } from './session-directory.js';

const [sessionId, userId] = [newId(), newId()];

class Directory extends SessionDirectory {
  ended = false;
  asked = 0;
  override find(): Promise<SessionRecord> {
    this.asked += 1;
    return Promise.resolve({
      ...{ sessionId, userId, userName: 'Ana', ended: this.ended, tenant: null, permissions: [] },
      ...{ expiresAt: new Date('2030-01-01'), impersonationReason: null },
    });
  }
}

function bench(): { clock: MovableClock; directory: Directory; access: SessionAccess } {
  const clock = new MovableClock(Date.parse('2026-11-21T12:00:00Z'));
  const directory = new Directory();
  const tokens = { verify: () => Promise.resolve({ sessionId, userId }) };
  const access = new SessionAccess(tokens as unknown as AccessTokenVerifier, directory, clock);
  return { clock, directory, access };
}

test('a session is looked up once in ten seconds', async () => {
  const { clock, directory, access } = bench();
  await Promise.all([access.open('t'), access.open('t')]);
  await access.open('t');
  expect(directory.asked).toBe(1);
  clock.ms += 10_000;
  await access.open('t');
  expect(directory.asked).toBe(2);
});

test('forgotten before the change is committed, what was before it is not remembered', async () => {
  const { directory, access } = bench();
  await access.open('t');
  access.forget(sessionId);
  // Between forgetting and commit somebody asks, and is answered what is still so.
  await access.open('t');
  directory.ended = true;
  await expect(access.open('t')).rejects.toMatchObject({ code: 'auth.token_invalid' });
});

test('once the transaction is over for certain, sessions are remembered again', async () => {
  const { clock, directory, access } = bench();
  access.forget(sessionId);
  await access.open('t');
  await access.open('t');
  expect(directory.asked).toBe(2);
  clock.ms += 20_000;
  await access.open('t');
  await access.open('t');
  expect(directory.asked).toBe(3);
});
