import { Inject, Injectable, Logger } from '@nestjs/common';
import { DgiiGateway, Sign, type DgiiVoidOutcome, type VoidState } from '@getupnet/contracts';
import { isAppError, isDependencyAway } from '@getupnet/kernel';
import { Config, crashPoint, logFailure } from '@getupnet/platform';
import { billingEnv } from '../../billing.env.js';
import { askWaitMs, resumeWaitMs } from '../../emission/back-off.js';
import { publishedSchemaFault } from '../../emission/published-schema.js';
import { turnedAway } from '../../emission/turned-away.js';
import type { Numbers } from './void-plan.js';
import { VoidSteps } from './void-steps.js';
import { judgeVoid, rejected } from './void-verdict.js';
import { ANECF, ANECF_UNSIGNED, type OpenVoid, type VoidStep } from './voids.repository.js';

/** A certificate that cannot sign, a refusal of the port: nothing changes until a person acts. */
const PERSON_WAIT_MS = 60_000;
const DEPENDENCY_WAIT_MS = 2_000;

/**
 * Takes a void request as far as it can go now: signs its ANECF, sends it, records the answer. Safe to
 * run twice, at once or after a crash at any point: every step is fenced by state and lease epoch, and
 * the intent to send is committed before the POST. There is no query for voids; after a sending without
 * an answer the same bytes go again, for voiding twice voids no more.
 */
@Injectable()
export class DriveVoid {
  private readonly logger = new Logger(DriveVoid.name);
  private readonly leaseMs: number;
  private readonly windowMs: number;

  constructor(
    private readonly steps: VoidSteps,
    private readonly sign: Sign,
    private readonly dgii: DgiiGateway,
    @Inject(Config) config: Config,
  ) {
    this.leaseMs = config.get(billingEnv).BILLING_LEASE_MS;
    this.windowMs = config.get(billingEnv).BILLING_IN_FLIGHT_WINDOW_MS;
  }

  async run(tenantId: string, voidId: string, actor: string): Promise<void> {
    const request = await this.steps.load(tenantId, voidId);
    if (!request || request.leased) return;
    try {
      await this.advance(request, actor);
    } catch (error) {
      logFailure(this.logger, error, { voidId, msg: 'void request waits' });
      const lastError = isAppError(error) ? error.code : 'internal';
      // A sender that failed after its intent keeps its lease: whether the POST left is not known.
      if (request.state === 'SENDING') return;
      const nextInMs = isDependencyAway(error) ? DEPENDENCY_WAIT_MS : PERSON_WAIT_MS;
      await this.steps.apply(request, { to: request.state, nextInMs, lastError }, actor);
    }
  }

  private async advance(request: OpenVoid, actor: string): Promise<void> {
    switch (request.state) {
      case 'QUEUED': {
        const signed = await this.signed(request, actor);
        if (signed) await this.send(signed, actor);
        return;
      }
      case 'SIGNED':
      case 'UNKNOWN':
        return this.send(request, actor);
      case 'SENDING':
        // Without a lease: the sender died between its intent and the answer.
        await this.steps.apply(request, this.unknownStep(request, 'sender stopped'), actor);
        return;
      default:
        return;
    }
  }

  private async signed(request: OpenVoid, actor: string): Promise<OpenVoid | null> {
    const xml = await this.steps.body(request, ANECF_UNSIGNED);
    const fault = publishedSchemaFault('ANECF', xml);
    if (fault !== null) throw new Error(`the ANECF is not of our schema: ${fault}`);
    const { tenantId, id } = request;
    const item = { documentId: id, kind: 'anecf', xml } as const;
    const [result] = await this.sign.sign({ tenantId, requester: actor, items: [item] });
    if (CRASH_POINTS) await crashPoint('void.after_sign');
    if (!result) throw new Error('the signer answered fewer results than items');
    if (!result.ok) {
      const step = { to: request.state, nextInMs: PERSON_WAIT_MS, lastError: result.code } as const;
      await this.steps.apply(request, step, actor);
      return null;
    }
    const { sha256, xml: body } = result;
    const step = { to: 'SIGNED', nextInMs: this.leaseMs, signedSha256: sha256 } as const;
    return this.steps.apply(request, step, actor, { artefact: { sha256, body } });
  }

  private async send(request: OpenVoid, actor: string): Promise<void> {
    const intendedAt = performance.now();
    const step = { to: 'SENDING', nextInMs: this.leaseMs, leaseMs: this.leaseMs } as const;
    const sending = await this.steps.apply(request, step, actor);
    if (!sending) return;
    const xml = await this.steps.body(sending, ANECF);
    if (CRASH_POINTS) await crashPoint('void.after_intent');
    // A worker that was frozen since its intent sends nothing: its lease may be another's by now.
    if (performance.now() - intendedAt > this.leaseMs / 2) return;
    const outcome = await this.post(sending, xml);
    if (CRASH_POINTS) await crashPoint('void.after_answer');
    await this.record(sending, outcome, actor);
    if (CRASH_POINTS) await crashPoint('void.after_commit');
  }

  private async post(request: OpenVoid, xml: string): Promise<DgiiVoidOutcome> {
    const { tenantId, environment, issuerRnc: rnc, id: documentId } = request;
    try {
      const [outcome] = await this.dgii.sendVoids({ tenantId, environment, rnc }, [
        { documentId, xml },
      ]);
      if (!outcome) throw new Error('the gateway answered fewer outcomes than items');
      return outcome;
    } catch (error) {
      return turnedAway(error);
    }
  }

  private async record(request: OpenVoid, outcome: DgiiVoidOutcome, actor: string): Promise<void> {
    switch (outcome.kind) {
      case 'answered': {
        const { codigo, mensajes } = outcome.verdict;
        const judge = (numbers: readonly Numbers[]) =>
          judgeVoid(numbers, outcome.verdict, request.unanswered);
        return this.steps.settle(request, { judge, codigo, mensajes, raw: null }, actor);
      }
      case 'refused': {
        const judge = (numbers: readonly Numbers[]) => rejected(numbers, request.unanswered);
        const { mensajes, raw } = outcome;
        return this.steps.settle(request, { judge, codigo: null, mensajes, raw }, actor);
      }
      case 'unsupported': {
        const judge = (numbers: readonly Numbers[]) => rejected(numbers, request.unanswered);
        return this.steps.settle(request, { judge, codigo: null, mensajes: [], raw: null }, actor);
      }
      case 'unknown': {
        const dgii = { codigo: null, mensajes: [], raw: outcome.raw };
        const step = this.unknownStep(request, outcome.reason);
        await this.steps.apply(request, outcome.raw === null ? step : { ...step, dgii }, actor);
        return;
      }
      case 'unavailable': {
        const to: VoidState = request.unanswered ? 'UNKNOWN' : 'SIGNED';
        const nextInMs = resumeWaitMs(outcome.retryAfterMs);
        await this.steps.apply(request, { to, nextInMs, lastError: outcome.reason }, actor);
      }
    }
  }

  private unknownStep({ attempts }: OpenVoid, reason: string): VoidStep {
    return {
      to: 'UNKNOWN',
      nextInMs: askWaitMs(attempts, this.windowMs),
      unanswered: true,
      lastError: reason,
    };
  }
}
