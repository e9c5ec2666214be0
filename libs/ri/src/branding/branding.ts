import type { ColumnName } from '../model.js';

export const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/svg+xml'] as const;
export type LogoType = (typeof LOGO_TYPES)[number];

export interface Logo {
  readonly mediaType: LogoType;
  readonly bytes: Uint8Array;
}

/** How a tenant's printed representations look. All of it is optional. */
export interface Branding {
  readonly logo?: Logo;
  /** `#rrggbb`. */
  readonly accentColor?: string;
  readonly footerText?: string;
  /** Optional columns to show; columns DGII demands are shown whenever they hold something. */
  readonly columns?: readonly ColumnName[];
}

export const BRANDING_LIMITS = {
  logoBytes: 200 * 1024,
  /** Width and height of a PNG or JPEG. */
  logoPixels: 2_000,
  footerCharacters: 240,
} as const;

export const DEFAULT_ACCENT = '#1f4e79';
