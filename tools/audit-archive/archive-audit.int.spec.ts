import { useTestDatabase } from '@getupnet/testkit';
import { archiveAudit } from './archive-audit.js';

const database = useTestDatabase();

test('the command says what it takes, and that a young installation has nothing to archive', async () => {
  const said: string[] = [];
  const io = {
    out: (text: string) => void said.push(text),
    note: (text: string) => void said.push(text),
  };
  expect(await archiveAudit(['--help'], {}, io)).toBe(0);
  expect(await archiveAudit([], {}, io)).toBe(78);
  expect(await archiveAudit([], { DATABASE_URL: database().ownerUrl }, io)).toBe(0);
  expect(said.join('')).toMatch(/audit-verify[\s\S]*DATABASE_URL: is required[\s\S]*Ningún mes/);
});
