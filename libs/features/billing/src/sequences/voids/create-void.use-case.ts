import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CreateVoid } from '@getupnet/contracts';
import { anecf, encfOf, hasErrors, isTipoEcf, serializeAnecf, validateAs } from '@getupnet/ecf';
import { AppError, Clock, dominicanDate, isoDateOf, newId } from '@getupnet/kernel';
import {
  AuditLog,
  TenantDb,
  isExclusionViolation,
  isUniqueViolation,
  type EncfVoidRecord,
  type Tx,
} from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { assertSameRequest, type RequestKey } from '../request-key.js';
import { VoidNumbersRepository } from './void-numbers.repository.js';
import {
  byNumber,
  countOf,
  overlapOf,
  planVoid,
  type Cutting,
  type Numbers,
  type VoidPlan,
} from './void-plan.js';
import { VoidsRepository } from './voids.repository.js';

export interface VoidCommand {
  readonly ranges: CreateVoid['ranges'];
  readonly reason: string | null;
  readonly request: RequestKey;
  /** The request whose unsettled numbers these are. */
  readonly retries: string | null;
}

export interface VoidCreated {
  readonly id: string;
  readonly replayed: boolean;
}

/** Of what an audit event lists; the ANECF beside it has everything. */
export const MOST_LISTED = 100;

/**
 * Takes numbers out of use and asks for their void, in one transaction: once it committed they are never
 * issued, whatever DGII says later. Only numbers no living document has: unused ones, and those whose
 * document DGII rejected without using them or that never went there (Informe Técnico e-CF v1.0, p. 17).
 */
@Injectable()
export class CreateVoidRequest {
  constructor(
    private readonly db: TenantDb,
    private readonly voids: VoidsRepository,
    private readonly numbers: VoidNumbersRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `sequence.not_voidable`. */
  async run(tenant: TenantContext, command: VoidCommand): Promise<VoidCreated> {
    try {
      return await this.db.run(tenant, (tx) => this.create(tx, tenant, command));
    } catch (error) {
      if (isExclusionViolation(error)) throw refused('pedidos', UNDER_WAY, error);
      if (!isUniqueViolation(error)) throw error;
      // The same request, committed a moment before.
      const earlier = await this.db.run(tenant, (tx) => this.voids.byKey(tx, command.request.key));
      if (!earlier) throw error;
      return replay(command, earlier);
    }
  }

  private async create(tx: Tx, tenant: TenantContext, command: VoidCommand): Promise<VoidCreated> {
    if (tenant.environment === 'certecf') {
      throw refused('pedidos', 'la DGII no ofrece la anulación de rangos en certificación');
    }
    const numbers = inOrder(command.ranges);
    const ranges = await this.numbers.lockRanges(tx, tenant, numbers);
    // Under the locks, so that a repetition sees what it waited for.
    const earlier = await this.voids.byKey(tx, command.request.key);
    if (earlier) return replay(command, earlier);
    const cuttings = await this.planned(tx, tenant, planVoid(numbers, ranges), numbers);
    const id = newId();
    const now = this.clock.now();
    const body = anecfOf(tenant.rnc, numbers, now);
    await this.voids.insert(tx, {
      ...{ id, tenantId: tenant.tenantId, environment: tenant.environment },
      ...{ issuerRnc: tenant.rnc, reason: command.reason, requestedBy: actorText(tenant.actor) },
      ...{ idempotencyKey: command.request.key, bodySha256: command.request.sha256 },
      ...{ quantity: countOf(numbers), retries: command.retries },
      artefactMonth: new Date(`${isoDateOf(dominicanDate(now)).slice(0, 7)}-01`),
      unsigned: { sha256: sha256(body), body },
    });
    await this.numbers.cut(tx, cuttings, id);
    await this.numbers.insert(tx, tenant, id, numbers);
    await this.audit.append(tx, {
      ...{ tenantId: tenant.tenantId, type: 'sequence.void_queued', subjectId: id },
      actor: actorText(tenant.actor),
      payload: told(numbers, cuttings, command),
    });
    return { id, replayed: false };
  }

  /** What is to be cut, once it is sure that no document needs the numbers. */
  private async planned(
    tx: Tx,
    tenant: TenantContext,
    { used, cuttings, foreign }: VoidPlan,
    numbers: readonly Numbers[],
  ): Promise<readonly Cutting[]> {
    const [outside] = foreign;
    if (outside) throw refused(textOf(outside), 'no están en un rango registrado');
    const taken = await this.numbers.takenNumbers(tx, tenant, numbers);
    if (taken) throw refused(textOf(taken), UNDER_WAY);
    const encf = used.length === 0 ? null : await this.numbers.usedNumber(tx, tenant, used);
    if (encf !== null) {
      throw refused(
        encf,
        'su documento está vigente o en curso, o la DGII dio el número por usado',
      );
    }
    return cuttings;
  }
}

const UNDER_WAY = 'ya se anularon o su anulación está en curso';

function replay({ request }: VoidCommand, earlier: EncfVoidRecord): VoidCreated {
  assertSameRequest(request, earlier.bodySha256);
  return { id: earlier.id, replayed: true };
}

function refused(numbers: string, reason: string, cause?: unknown): AppError {
  return new AppError('sequence.not_voidable', { numbers, reason }, { cause });
}

function inOrder(ranges: CreateVoid['ranges']): readonly Numbers[] {
  const numbers = ranges
    .map(({ tipo, first, last }) => ({
      tipo: Number(tipo),
      first: BigInt(first),
      last: BigInt(last),
    }))
    .sort(byNumber);
  const twice = overlapOf(numbers);
  if (twice) throw refused(textOf(twice), 'se piden dos veces');
  return numbers;
}

function anecfOf(rnc: string, numbers: readonly Numbers[], now: Date): string {
  const ranges = numbers.map(({ tipo, first, last }) => ({ tipo: tipoOf(tipo), first, last }));
  const document = anecf(rnc, ranges, now);
  const findings = validateAs('ANECF', document);
  if (hasErrors(findings)) throw new Error(`an ANECF of ours is none: ${findings[0]?.code ?? ''}`);
  return serializeAnecf(document);
}

function tipoOf(tipo: number) {
  const code = String(tipo);
  if (!isTipoEcf(code)) throw new Error(`unknown type ${code}`);
  return code;
}

/** `E310000000001 – E310000000009` */
export function textOf({ tipo, first, last }: Numbers): string {
  const [from, to] = [encfOf(tipoOf(tipo), first), encfOf(tipoOf(tipo), last)];
  return from === to ? from : `${from} – ${to}`;
}

function told(numbers: readonly Numbers[], cuttings: readonly Cutting[], command: VoidCommand) {
  return {
    ...{ count: String(countOf(numbers)), reason: command.reason, retries: command.retries },
    ranges: numbers.slice(0, MOST_LISTED).map(textOf),
    before: cuttings.slice(0, MOST_LISTED).map(({ range }) => ({
      ...{ id: range.id, numbers: textOf(range), next: String(range.next) },
    })),
    after: cuttings.slice(0, MOST_LISTED).map(({ range, pieces }) => ({
      id: range.id,
      pieces: pieces.slice(0, MOST_LISTED).map((piece) => ({
        ...{ numbers: textOf({ ...piece, tipo: range.tipo }), voided: piece.voided },
      })),
    })),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
