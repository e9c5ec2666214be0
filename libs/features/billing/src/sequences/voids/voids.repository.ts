import { Injectable } from '@nestjs/common';
import { isEnvironment, type Environment, type VoidState } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { EncfVoidRangeRecord, EncfVoidRecord, Tx } from '@getupnet/persistence';
import { jsonOf } from './void-numbers.repository.js';
import type { Settled } from './void-verdict.js';

/** Kinds of the bytes that are kept. */
export const ANECF_UNSIGNED = 'anecf_unsigned';
export const ANECF = 'anecf';

export interface NewVoid {
  readonly id: string;
  readonly tenantId: string;
  readonly environment: Environment;
  readonly issuerRnc: string;
  readonly reason: string | null;
  readonly requestedBy: string;
  readonly idempotencyKey: string;
  readonly bodySha256: string;
  readonly quantity: bigint;
  readonly retries: string | null;
  /** First day of the month the bytes are kept under. */
  readonly artefactMonth: Date;
  readonly unsigned: { readonly sha256: string; readonly body: string };
}

/** A request as its worker sees it. */
export interface OpenVoid {
  readonly tenantId: string;
  readonly id: string;
  readonly environment: Environment;
  readonly state: VoidState;
  readonly issuerRnc: string;
  readonly unanswered: boolean;
  readonly attempts: number;
  readonly epoch: bigint;
  /** Somebody is sending it right now. */
  readonly leased: boolean;
  readonly month: string;
}

/** One step of a request; what is absent stays as it is. */
export interface VoidStep {
  readonly to: VoidState;
  /** When to look again; null for a settled one. */
  readonly nextInMs: number | null;
  /** Take the lease for so long: a POST is about to happen. */
  readonly leaseMs?: number;
  readonly unanswered?: boolean;
  readonly signedSha256?: string;
  readonly dgii?: {
    readonly codigo: string | null;
    readonly mensajes: readonly object[];
    readonly raw: string | null;
  };
  readonly lastError?: string | null;
}

type OpenRow = Omit<OpenVoid, 'environment'> & { readonly environment: string };

/** Void requests of one tenant. */
@Injectable()
export class VoidsRepository {
  async byKey(tx: Tx, idempotencyKey: string): Promise<EncfVoidRecord | null> {
    return tx.encfVoid.findFirst({ where: { idempotencyKey } });
  }

  /** Due at once. */
  async insert(tx: Tx, request: NewVoid): Promise<void> {
    const { unsigned, ...row } = request;
    await tx.encfVoid.create({ data: { ...row, state: 'QUEUED', nextAttemptAt: new Date(0) } });
    await tx.artefact.create({
      data: {
        ...{ tenantId: row.tenantId, month: row.artefactMonth, documentId: row.id },
        ...{ kind: ANECF_UNSIGNED, ...unsigned },
      },
    });
  }

  /** Rejects with `resource.not_found`. */
  async find(tx: Tx, id: string): Promise<EncfVoidRecord> {
    const record = await tx.encfVoid.findFirst({ where: { id } });
    if (!record) throw new AppError('resource.not_found');
    return record;
  }

  async ranges(tx: Tx, voidId: string): Promise<EncfVoidRangeRecord[]> {
    return tx.encfVoidRange.findMany({
      where: { voidId },
      orderBy: [{ tipo: 'asc' }, { first: 'asc' }],
    });
  }

  async list(
    tx: Tx,
    page: {
      readonly environment: string;
      readonly state: VoidState | undefined;
      readonly before: string | null;
      readonly limit: number;
    },
  ): Promise<EncfVoidRecord[]> {
    return tx.encfVoid.findMany({
      where: {
        environment: page.environment,
        ...(page.state === undefined ? {} : { state: page.state }),
        ...(page.before === null ? {} : { id: { lt: page.before } }),
      },
      orderBy: { id: 'desc' },
      take: page.limit,
    });
  }

  async body(tx: Tx, { id, month }: { id: string; month: Date }, kind: string) {
    const artefact = await tx.artefact.findFirst({
      where: { documentId: id, month, kind },
      select: { body: true },
    });
    return artefact?.body ?? null;
  }

  async keepSigned(
    tx: Tx,
    { tenantId, id, month }: OpenVoid,
    signed: { readonly sha256: string; readonly body: string },
  ): Promise<void> {
    const place = { tenantId, month: new Date(month), documentId: id, kind: ANECF };
    await tx.artefact.create({ data: { ...place, ...signed } });
  }

  /** As it is now; null when there is none of this id. */
  async load(tx: Tx, tenantId: string, id: string): Promise<OpenVoid | null> {
    const [row] = await tx.$queryRaw<OpenRow[]>`
      SELECT v.tenant_id AS "tenantId", v.id, v.environment, v.state,
        v.issuer_rnc AS "issuerRnc", v.unanswered, v.attempts, v.lease_epoch AS epoch,
        v.state = 'SENDING' AND COALESCE(v.lease_until > now(), false) AS leased,
        to_char(v.artefact_month, 'YYYY-MM-DD') AS month
      FROM encf_void v WHERE v.tenant_id = ${tenantId}::uuid AND v.id = ${id}::uuid`;
    if (!row) return null;
    const { environment } = row;
    if (!isEnvironment(environment)) throw new Error(`unknown environment ${environment}`);
    return { ...row, environment };
  }

  /** Whether the step applied; not when somebody else moved the request first. */
  async step(tx: Tx, request: OpenVoid, step: VoidStep): Promise<boolean> {
    const { tenantId, id, state, epoch } = request;
    const { nextInMs, leaseMs = null, dgii } = step;
    const applied = await tx.$executeRaw`
      UPDATE encf_void SET state = ${step.to},
        next_attempt_at = now() + make_interval(secs => ${seconds(nextInMs)}::float8),
        lease_epoch = lease_epoch + CASE WHEN ${leaseMs !== null} THEN 1 ELSE 0 END,
        lease_until = now() + make_interval(secs => ${seconds(leaseMs)}::float8),
        attempts = attempts + CASE WHEN ${leaseMs !== null} THEN 1 ELSE 0 END,
        unanswered = ${step.unanswered ?? request.unanswered},
        signed_sha256 = COALESCE(${step.signedSha256 ?? null}, signed_sha256),
        dgii_codigo = COALESCE(${dgii?.codigo ?? null}, dgii_codigo),
        dgii_mensajes = COALESCE(${dgii ? JSON.stringify(dgii.mensajes) : null}::jsonb, dgii_mensajes),
        dgii_raw = COALESCE(${dgii?.raw ?? null}, dgii_raw),
        last_error = ${step.lastError ?? null},
        updated_at = now()
      WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid AND state = ${state}
        AND lease_epoch = ${epoch}`;
    return applied === 1;
  }

  /** What a person found out about numbers nobody knew of; answers which they were. */
  async clarify(
    tx: Tx,
    voidId: string,
    outcome: Settled['outcome'],
  ): Promise<readonly EncfVoidRangeRecord[]> {
    await tx.$queryRaw`SELECT FROM encf_void WHERE id = ${voidId}::uuid FOR UPDATE`;
    const unclear = await tx.encfVoidRange.findMany({ where: { voidId, outcome: 'UNCLEAR' } });
    await tx.encfVoidRange.updateMany({
      where: { voidId, outcome: 'UNCLEAR' },
      data: { outcome },
    });
    return unclear;
  }

  /** What became of the numbers; parts of a range that fared differently become ranges of their own. */
  async settle(tx: Tx, voidId: string, ranges: readonly Settled[]): Promise<void> {
    const json = jsonOf(ranges);
    await tx.$executeRaw`
      UPDATE encf_void_range r SET last = s.last, outcome = s.outcome
      FROM jsonb_to_recordset(${json}::jsonb)
        AS s(tipo int, first bigint, last bigint, outcome text)
      WHERE r.void_id = ${voidId}::uuid AND r.tipo = s.tipo AND r.first = s.first`;
    await tx.$executeRaw`
      INSERT INTO encf_void_range (tenant_id, void_id, environment, tipo, first, last, outcome)
      SELECT v.tenant_id, v.id, v.environment, s.tipo, s.first, s.last, s.outcome
      FROM encf_void v
      CROSS JOIN jsonb_to_recordset(${json}::jsonb)
        AS s(tipo int, first bigint, last bigint, outcome text)
      WHERE v.id = ${voidId}::uuid
        AND NOT EXISTS (SELECT FROM encf_void_range r WHERE r.tenant_id = v.tenant_id
          AND r.void_id = v.id AND r.tipo = s.tipo AND r.first = s.first)`;
  }
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
