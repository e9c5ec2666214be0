// Linted as libs/features/billing/src/index.ts
import { sign } from '@getupnet/feature-sign'; // expect @nx/enforce-module-boundaries#onlyTagsConstraintViolation
import { startSimulator } from '@getupnet/dgii-simulator'; // expect @nx/enforce-module-boundaries#noImportsOfApps
import { createTestDatabase } from '@getupnet/testkit'; // expect @nx/enforce-module-boundaries#onlyTagsConstraintViolation no-restricted-imports
import { sign as deepImport } from '../../sign/src/index.js'; // expect @nx/enforce-module-boundaries#noRelativeOrAbsoluteImportsAcrossLibraries
import { root } from '../../../../tools/aliases.mjs'; // expect @nx/enforce-module-boundaries#noRelativeOrAbsoluteImportsAcrossLibraries
import { PrismaClient } from '@prisma/client'; // expect @nx/enforce-module-boundaries#bannedExternalImportsViolation
import { Pool } from 'pg'; // expect @nx/enforce-module-boundaries#bannedExternalImportsViolation
import { spawn } from 'node:child_process'; // expect no-restricted-imports
import { env } from 'node:process'; // expect no-restricted-imports
import { helper } from './testing/helper.js'; // expect no-restricted-imports

export const used = [sign, startSimulator, createTestDatabase, deepImport, root, env, Pool, helper];

export function broken(value: any): unknown { // expect no-restricted-syntax @typescript-eslint/no-explicit-any
  Promise.resolve(value); // expect @typescript-eslint/no-floating-promises
  new Function('return 1')(); // expect no-new-func
  return [process.env['HOME'], Math.random()]; // expect no-restricted-properties no-restricted-syntax
}

export async function swallowed(pool: Pool, database: PrismaClient): Promise<number> {
  try {
    await pool.query(`SELECT ${spawn.length}`); // expect no-restricted-syntax
    await database.$queryRawUnsafe('SELECT 1'); // expect no-restricted-syntax
  } catch {} // expect no-empty
  return Date.now(); // expect no-restricted-syntax
}
