import { LaunchError } from './launch-error.js';

export interface LaunchSettings {
  readonly dataDir: string;
  /** The owner's connection of a database of the person's own; null starts the embedded one. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly port: number;
  readonly internalPort: number;
  /** Another DGII (or simulator) than the one started here. */
  readonly dgiiBaseUrl: string | null;
}

type Source = Readonly<Record<string, string | undefined>>;

/** Variables of the launcher; an empty one is an absent one. */
export function readSettings(source: Source): LaunchSettings {
  return {
    dataDir: text(source, 'GETUPNET_DATA_DIR') ?? '.data',
    databaseUrl: text(source, 'DATABASE_URL'),
    redisUrl: text(source, 'REDIS_URL'),
    port: port(source, 'PORT', 8080),
    internalPort: port(source, 'INTERNAL_PORT', 8081),
    dgiiBaseUrl: text(source, 'DGII_BASE_URL'),
  };
}

function text(source: Source, name: string): string | null {
  const value = source[name]?.trim() ?? '';
  return value === '' ? null : value;
}

function port(source: Source, name: string, fallback: number): number {
  const value = text(source, name);
  if (value === null) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new LaunchError(`${name} debe ser un puerto entre 0 y 65535 (0 elige uno libre).`);
  }
  return number;
}
