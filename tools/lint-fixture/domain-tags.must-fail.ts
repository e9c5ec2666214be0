// Linted as libs/xmldsig/src/index.ts
import { Config } from '@getupnet/platform'; // expect @nx/enforce-module-boundaries#onlyTagsConstraintViolation

export const used = [Config];
