import { createPrivateKey, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { Clock, isAppError } from '@getupnet/kernel';
import {
  AuditCheckpoints,
  PLATFORM_TENANT_ID,
  type ChainHeads,
  type SignedCheckpoint,
} from '@getupnet/persistence';
import { Config, SecurityEvents, crashPoint } from '@getupnet/platform';
import { Injectable, Logger } from '@nestjs/common';
import { auditEnv } from '../audit.env.js';
import { movedHeads, nextCheckpoint, numberOf, sha512 } from './checkpoint-body.js';
import { CheckpointFiles, type LoadedCheckpoint } from './checkpoint-files.js';

/** Chains told of a recovery in one statement. */
const TOLD_AT_ONCE = 1_000;

interface Known extends LoadedCheckpoint {
  /** Links there were then; unknown after reading it from the store. */
  readonly links: number | null;
}

/**
 * Makes the next checkpoint when it is time. Replicas need no turn: a number is made once, because
 * the store refuses a second file of its name, and who was slower goes on from what is there.
 */
@Injectable()
export class MakeCheckpoint {
  private readonly logger = new Logger(MakeCheckpoint.name);
  private readonly key: KeyObject;
  private readonly everyMs: number;
  private readonly everyEvents: number;
  private known: Known | null | undefined;
  /** The copy there was when `known` was read: another one means that somebody else made one. */
  private copied = 0;
  /** Of which loss was told: once, however often the store refuses the checkpoint after it. */
  private told = '';

  constructor(
    private readonly checkpoints: AuditCheckpoints,
    private readonly files: CheckpointFiles,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
    config: Config,
  ) {
    const env = config.get(auditEnv);
    this.key = createPrivateKey(env.AUDIT_CHECKPOINT_KEY);
    this.everyMs = env.AUDIT_CHECKPOINT_MS;
    this.everyEvents = env.AUDIT_CHECKPOINT_EVENTS;
  }

  /** The checkpoint made, or null when it is not time or nothing moved. */
  async run(): Promise<SignedCheckpoint | null> {
    const known = await this.last();
    const links = await this.checkpoints.links();
    if (!this.isDue(known, links)) return null;
    const heads = await this.checkpoints.heads();
    const lost = known === null ? [] : await this.lost(known);
    const moved = known === null ? heads : movedHeads(known.heads, heads);
    if (moved.size === 0 && lost.length === 0) {
      if (known !== null) this.known = { ...known, links };
      return null;
    }
    // Not a moment before the one before it, whatever the clock did meanwhile.
    const at = new Date(Math.max(this.clock.now().getTime(), known?.at.getTime() ?? 0));
    const whole = lost.length > 0 || known?.gap === true;
    const checkpoint = nextCheckpoint(known, heads, { at, key: this.key, whole });
    if (!(await this.write(checkpoint))) return null;
    this.remember(checkpoint, heads, links);
    return checkpoint;
  }

  private isDue(known: Known | null, links: number): boolean {
    if (known === null) return links > 0;
    if (known.links === links) return false;
    const sinceMs = this.clock.now().getTime() - known.at.getTime();
    // Backwards: the clock was set, and nobody knows how long it has been.
    if (sinceMs < 0 || sinceMs >= this.everyMs) return true;
    return known.links === null || links - known.links >= this.everyEvents;
  }

  private async write(checkpoint: SignedCheckpoint): Promise<boolean> {
    if (CRASH_POINTS) await crashPoint('audit.before_worm');
    try {
      await this.files.write(checkpoint);
    } catch (error) {
      this.known = undefined;
      if (!isAppError(error, 'storage.conflict')) throw error;
      this.logger.log({ msg: 'another process made the checkpoint', number: checkpoint.number });
      return false;
    }
    if (CRASH_POINTS) await crashPoint('audit.after_worm');
    await this.checkpoints.record(checkpoint);
    return true;
  }

  private remember({ number, at, body }: SignedCheckpoint, heads: ChainHeads, links: number): void {
    this.known = { number, body, heads, at, gap: false, links };
    this.copied = Math.max(this.copied, number);
  }

  /** The last checkpoint there is; read again after another process made one. */
  private async last(): Promise<Known | null> {
    const copy = await this.checkpoints.latest();
    const newest = copy?.number ?? 0;
    if (this.known !== undefined && this.copied === newest) return this.known;
    const number = await this.files.highest(newest);
    if (number < newest) {
      this.events.emit('audit.chain_broken', { reason: 'checkpoint_missing', number: newest });
    }
    await this.copyFrom(newest, number);
    this.copied = Math.max(newest, number);
    this.known = await this.load(newest, number);
    return this.known;
  }

  /**
   * Where the store lost its newest ones, their copies count if we signed them: no number is ever made
   * a second time, and the gap stays for everybody to see.
   */
  private async load(newest: number, stored: number): Promise<Known | null> {
    const signed = stored < newest && (await this.copyOf(newest)) !== null;
    const number = signed ? newest : stored;
    if (number === 0) return null;
    return { ...(await this.files.load(number, (at) => this.copyOf(at))), links: null };
  }

  /** The copy of a checkpoint, unless it is not what was signed. */
  private async copyOf(number: number): Promise<SignedCheckpoint | null> {
    const [copy] = await this.checkpoints.before(number + 1, 1);
    if (copy?.number !== number) return null;
    const { body, signature } = copy;
    const bytes = Buffer.from(signature, 'base64');
    const ours = verify(null, Buffer.from(body), createPublicKey(this.key), bytes);
    return ours && numberOf(body) === number ? copy : null;
  }

  /** What was written before its copy could be: after a crash, or the database is an older one. */
  private async copyFrom(after: number, to: number): Promise<void> {
    for (let number = after + 1; number <= to; number += 1) {
      const file = await this.files.read(number);
      if (file !== null) await this.checkpoints.record(file);
    }
  }

  /**
   * Chains that no longer have the end a checkpoint states: an older database, or somebody cut them.
   * That is told aloud and in the chains themselves; they go on from where they are, and the
   * checkpoints before stay the evidence.
   */
  private async lost(known: Known): Promise<readonly string[]> {
    const lost = await this.checkpoints.lost(known.heads);
    if (lost.length === 0) return lost;
    const { number } = known;
    const loss = sha512(`${number} ${[...lost].sort().join()}`);
    if (this.told === loss) return lost;
    this.events.emit('audit.chain_broken', {
      ...{ reason: 'behind_checkpoint', number, chains: lost.length, first: lost[0] ?? '' },
    });
    const told = [...new Set([PLATFORM_TENANT_ID, ...lost])];
    for (let at = 0; at < told.length; at += TOLD_AT_ONCE) {
      await this.checkpoints.reportRecovery(told.slice(at, at + TOLD_AT_ONCE), {
        ...{ reason: 'behind_checkpoint', checkpoint: number, chains: lost.length },
      });
    }
    this.told = loss;
    return lost;
  }
}
