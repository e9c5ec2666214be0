import type { EcfDocument } from '@getupnet/ecf';
import type { Verdict } from '../state/verdict.js';

export function ecfArithmetic(_document: EcfDocument): Verdict | undefined {
  return undefined;
}
