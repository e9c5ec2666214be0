import { testRnc } from '@getupnet/testkit';
import { createAdmin } from '../../../../tools/platform-admin/create-admin.js';
import { Person } from '../harness/person.js';
import type { Platform } from '../harness/platform.js';

const PASSWORD = 'una clave de operaciones';

/** Somebody of the operator's, logged in with a second factor. */
export async function operatorOf(platform: Platform): Promise<Person> {
  const email = `operaciones-${testRnc()}@example.com`;
  const status = await createAdmin(
    ['--email', email, '--name', 'Olga Operadora', '--password-file', 'clave'],
    { DATABASE_URL: platform.database.ownerUrl },
    {
      out: () => undefined,
      note: () => undefined,
      readFile: () => Promise.resolve(Buffer.from(`${PASSWORD}\n`)),
      writeFile: () => Promise.resolve(),
      readInput: () => Promise.resolve(Buffer.alloc(0)),
      askSecret: () => Promise.resolve(null),
      ask: () => Promise.resolve(null),
      now: new Date(),
    },
  );
  if (status !== 0) throw new Error(`the operator was not made: ${status}`);
  const person = new Person(() => platform.gatewayUrl, email, PASSWORD);
  await person.enrolAndLogIn();
  return person;
}

/** What a browser does with the form: posts the token, keeps the cookie of the path. */
export async function openOpsPages(internalUrl: string, token: string): Promise<string> {
  const answer = await fetch(`${internalUrl}/docs/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  });
  return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}
