import { createInterface } from 'node:readline/promises';
import { terminal } from '../cli/terminal.js';
import { createAdmin } from './create-admin.js';

async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

process.exitCode = await createAdmin(process.argv.slice(2), process.env, { ...terminal(), ask });
