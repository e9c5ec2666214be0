// Linted as libs/kernel/src/index.ts
import { serialize } from '@getupnet/ecf'; // expect @nx/enforce-module-boundaries
import { z } from 'zod'; // expect @nx/enforce-module-boundaries#bannedExternalImportsViolation

export const used = [serialize, z];
