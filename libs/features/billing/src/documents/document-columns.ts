import {
  dgiiMessageSchema,
  findingSchema,
  isEnvironment,
  type Environment,
  type FindingResource,
} from '@getupnet/contracts';
import { z } from 'zod';

const findings = z.array(findingSchema);
const messages = z.array(dgiiMessageSchema);

export function findingsOf(column: unknown): FindingResource[] {
  return findings.parse(column ?? []);
}

export function messagesOf(column: unknown): { codigo: string; valor: string }[] {
  return messages.parse(column ?? []);
}

export function asEnvironment(column: string): Environment {
  if (!isEnvironment(column)) throw new Error(`unknown environment ${column}`);
  return column;
}
