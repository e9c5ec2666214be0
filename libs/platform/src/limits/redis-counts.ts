import { Redis } from 'ioredis';
import type { RateLimit, Untold } from './meter.js';

/** The levels of all processes together. */
export interface SharedCounts {
  /** Adds hits to their keys' levels and answers those levels, in order. */
  add(meter: string, limit: RateLimit, hits: readonly Untold[]): Promise<readonly number[]>;
  /** Rejects when it does not answer. */
  ping(): Promise<void>;
  close(): void;
}

/**
 * Drains and fills each bucket in one step, by Redis's own clock. A key expires once its bucket would
 * have run dry, so the store holds none but those in use.
 */
const ADD = `
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local perMs = tonumber(ARGV[1])
local levels = {}
for i, key in ipairs(KEYS) do
  local level = 0
  local stored = redis.call('GET', key)
  if stored then
    local before, at = string.match(stored, '^(%S+) (%S+)$')
    level = math.max(0, tonumber(before) - math.max(0, now - tonumber(at)) * perMs)
  end
  level = level + tonumber(ARGV[i + 1])
  local text = string.format('%.3f', level)
  local lives = math.ceil(level / perMs) + 1000
  redis.call('SET', key, text .. ' ' .. string.format('%.0f', now), 'PX', lives)
  levels[i] = text
end
return levels`;

/** Longer than any answer takes; then the process counts for itself. */
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** How long Redis may take to end a connection we have ended. */
const DISCONNECT_TIMEOUT_MS = 200;

type WithAdd = Redis & {
  addHits(keys: number, ...args: (string | number)[]): Promise<string[]>;
};

/** Levels in Redis, keys `<prefix>:limit:<meter>:<key>`. */
export class RedisCounts implements SharedCounts {
  readonly #redis: WithAdd;

  constructor(
    url: string,
    private readonly prefix: string,
  ) {
    const redis = new Redis(url, {
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      maxRetriesPerRequest: 0,
      // What cannot be asked now is asked anew next time, not later.
      enableOfflineQueue: false,
    });
    // Whoever asks hears of it; without a listener it would end the process.
    redis.on('error', () => undefined);
    redis.defineCommand('addHits', { lua: ADD });
    this.#redis = redis as WithAdd;
  }

  async add(meter: string, limit: RateLimit, hits: readonly Untold[]): Promise<readonly number[]> {
    const keys = hits.map(({ key }) => `${this.prefix}:limit:${meter}:${key}`);
    const levels = await this.#redis.addHits(
      keys.length,
      ...keys,
      limit.perSecond / 1_000,
      ...hits.map((hit) => hit.hits.toFixed(3)),
    );
    return levels.map(Number);
  }

  async ping(): Promise<void> {
    await this.#redis.ping();
  }

  close(): void {
    this.#redis.disconnect();
  }
}
