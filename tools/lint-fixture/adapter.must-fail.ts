// Linted as libs/dgii-api/src/index.ts
import { billing } from '@getupnet/feature-billing'; // expect @nx/enforce-module-boundaries#onlyTagsConstraintViolation
import { Prisma } from '@prisma/client'; // expect @nx/enforce-module-boundaries#bannedExternalImportsViolation

export const options = { rejectUnauthorized: false, used: [billing, Prisma] }; // expect no-restricted-syntax
