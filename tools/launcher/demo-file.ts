import { createHash } from 'node:crypto';
import { z } from 'zod';
import { inventPerson } from './demo-people.js';
import { readIfThere, writePrivate, type DataDir } from './data-dir.js';

const person = z.object({ email: z.string(), password: z.string(), totpSecret: z.string() });

const schema = z.object({
  gatewayUrl: z.string(),
  internalUrl: z.string(),
  simulatorUrl: z.string(),
  // Files of before there were people get theirs.
  platformAdmin: person.default(() => inventPerson('operador', 'plataforma')),
  tenants: z.array(
    z.object({
      id: z.string(),
      rnc: z.string(),
      name: z.string(),
      apiKey: z.string(),
      admin: person.default(() => inventPerson('admin', 'empresa')),
      p12: z.object({ path: z.string(), password: z.string() }),
    }),
  ),
  /** Which database the tenants live in, so that another one gets tenants of its own. */
  database: z.string(),
});

/** `.data/demo.json`: where everything is, for tools and people. */
export type DemoFile = z.infer<typeof schema>;

export const demoFile = {
  async read(path: string): Promise<DemoFile | null> {
    const text = await readIfThere(path);
    if (text === null) return null;
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  },

  write(path: string, demo: DemoFile): Promise<void> {
    return writePrivate(path, `${JSON.stringify(demo, null, 2)}\n`);
  },

  /** The embedded database keeps its mark over restarts, although its port changes. */
  databaseMark(ownerUrl: string, dir: DataDir): string {
    const url = new URL(ownerUrl);
    const embedded = url.username === 'getupnet_owner' && url.hostname === '127.0.0.1';
    const where = embedded ? dir.database : `${url.host}${url.pathname}`;
    return createHash('sha256').update(where).digest('hex').slice(0, 16);
  },
};
