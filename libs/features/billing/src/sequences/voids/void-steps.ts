import { Injectable } from '@nestjs/common';
import { newId } from '@getupnet/kernel';
import { AuditLog, Outbox, TenantDb, type Tx } from '@getupnet/persistence';
import type { SecurityEventType } from '@getupnet/platform';
import type { Numbers } from './void-plan.js';
import type { Judgement } from './void-verdict.js';
import { VoidsRepository, type OpenVoid, type VoidStep } from './voids.repository.js';

/** Topic of the outbox that is told to people. */
const ALERTS = 'alerts';
/** Numbers are left of which a person has to find out. */
const UNSETTLED: SecurityEventType = 'sequence.void_unsettled';

interface Settlement {
  readonly judge: (numbers: readonly Numbers[]) => Judgement;
  readonly codigo: string | null;
  readonly mensajes: readonly { readonly codigo: string; readonly valor: string }[];
  readonly raw: string | null;
}

/** The only way a void request changes: a fenced step, and one audit event for each state entered. */
@Injectable()
export class VoidSteps {
  constructor(
    private readonly db: TenantDb,
    private readonly voids: VoidsRepository,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  load(tenantId: string, id: string): Promise<OpenVoid | null> {
    return this.db.run({ tenantId }, (tx) => this.voids.load(tx, tenantId, id));
  }

  async body({ tenantId, id, month }: OpenVoid, kind: string): Promise<string> {
    const place = { id, month: new Date(month) };
    const body = await this.db.run({ tenantId }, (tx) => this.voids.body(tx, place, kind));
    if (body === null) throw new Error(`void request without its ${kind}`);
    return body;
  }

  /** The request after the step, or null when somebody else moved it first. */
  apply(
    request: OpenVoid,
    step: VoidStep,
    actor: string,
    kept: { readonly artefact?: { readonly sha256: string; readonly body: string } } = {},
  ): Promise<OpenVoid | null> {
    return this.db.run(request, async (tx) => {
      if (!(await this.voids.step(tx, request, step))) return null;
      if (kept.artefact) await this.voids.keepSigned(tx, request, kept.artefact);
      const detail = step.signedSha256 === undefined ? {} : { sha256: step.signedSha256 };
      await this.tell(tx, request, step, { ...detail, lastError: step.lastError ?? null }, actor);
      const taken = step.leaseMs === undefined ? 0 : 1;
      return {
        ...request,
        state: step.to,
        unanswered: step.unanswered ?? request.unanswered,
        attempts: request.attempts + taken,
        epoch: request.epoch + BigInt(taken),
      };
    });
  }

  /** What DGII said, what it means for the numbers, and the end of the request. */
  async settle(
    request: OpenVoid,
    { judge, codigo, mensajes, raw }: Settlement,
    actor: string,
  ): Promise<void> {
    await this.db.run(request, async (tx) => {
      const { state, ranges } = judge(await this.voids.ranges(tx, request.id));
      const step: VoidStep = { to: state, nextInMs: null, dgii: { codigo, mensajes, raw } };
      if (!(await this.voids.step(tx, request, step))) return;
      await this.voids.settle(tx, request.id, ranges);
      const outcomes = countsOf(ranges);
      await this.tell(tx, request, step, { codigo, mensajes, outcomes }, actor);
      if (state === 'ACCEPTED') return;
      const { id: voidId, environment } = request;
      const payload = { type: UNSETTLED, details: { voidId, environment, state } };
      await this.outbox.add(tx, { topic: ALERTS, key: newId(), payload });
    });
  }

  private async tell(
    tx: Tx,
    { tenantId, id, state }: OpenVoid,
    { to }: VoidStep,
    payload: object,
    actor: string,
  ): Promise<void> {
    if (to === state) return;
    const type = `sequence.void_${to.toLowerCase()}`;
    await this.audit.append(tx, { tenantId, type, subjectId: id, actor, payload });
  }
}

function countsOf(ranges: Judgement['ranges']): Readonly<Record<string, string>> {
  const counts = new Map<string, bigint>();
  for (const { outcome, first, last } of ranges) {
    counts.set(outcome, (counts.get(outcome) ?? 0n) + last - first + 1n);
  }
  return Object.fromEntries([...counts].map(([outcome, count]) => [outcome, String(count)]));
}
