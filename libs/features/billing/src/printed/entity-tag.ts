import { createHash } from 'node:crypto';
import { canonicalJson } from '@getupnet/kernel';
import type { RiFormat } from '@getupnet/contracts';
import type { BrandingView } from './branding/branding.repository.js';
import type { PrintedState } from './standing.js';

/** Counted up whenever the same document would look different: tags of before then no longer match. */
const RENDERER_VERSION = 3;
const TAG_HEX_DIGITS = 40;

/** All that decides how a printed representation looks. */
export interface PrintedFacts extends PrintedState {
  readonly format: RiFormat;
  /** Hex SHA-256 of the signed XML. */
  readonly signedSha256: string;
  readonly environment: string;
  readonly branding: Omit<BrandingView, 'updatedAt'>;
}

/** Strong entity tag (RFC 9110, 8.8.3): renderings of the same facts are the same bytes. */
export function entityTag(facts: PrintedFacts): string {
  const { format, signedSha256, environment, standing, mode, branding } = facts;
  const { accentColor, footerText, columns, logo } = branding;
  const text = canonicalJson({
    version: RENDERER_VERSION,
    ...{ format, signedSha256, environment, standing, mode, accentColor, footerText },
    columns: columns === null ? null : [...columns],
    logo: logo?.sha256 ?? null,
  });
  return `"${createHash('sha256').update(text).digest('hex').slice(0, TAG_HEX_DIGITS)}"`;
}

/** Whether `If-None-Match` names the tag; weakly, as RFC 9110, 13.1.2 asks. */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
