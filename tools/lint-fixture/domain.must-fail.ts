// Linted as libs/ecf/src/index.ts
import { Injectable } from '@nestjs/common'; // expect @nx/enforce-module-boundaries#bannedExternalImportsViolation
import { PROBLEMS } from '@getupnet/contracts'; // expect @nx/enforce-module-boundaries
import { Config } from '@getupnet/platform'; // expect @nx/enforce-module-boundaries
import { readFileSync } from 'node:fs'; // expect no-restricted-imports

export const used = [Injectable, PROBLEMS, Config, readFileSync];
