import { Inject, Injectable } from '@nestjs/common';
import { isFinalState, type DgiiVerdict, type DocumentState } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { TransitionWriter, type DocumentPatch } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { assertMayBecome, eventTypeOf } from './document-machine.js';
import type { EmissionDocument } from './emission-document.js';

/** One step: where to, through which states, and what is recorded with it. */
export interface Step {
  /** States passed on the way, in order; the last is where the document ends up. */
  readonly through: readonly DocumentState[];
  readonly patch?: DocumentPatch;
  readonly artefacts?: readonly {
    readonly kind: string;
    readonly sha256: string;
    readonly body: string;
  }[];
  readonly detail?: object;
  /** Look again after this long; ignored for final states. */
  readonly nextAttemptInMs?: number;
  readonly leaseMs?: number;
  readonly parked?: boolean;
  /** Hand over to the workers at once. */
  readonly enqueue?: boolean;
}

/** The only way a document changes: checks the state table, writes events, submits to the writer. */
@Injectable()
export class DocumentSteps {
  /** Safety net when a step names no time of its own: the sweeper looks after this long. */
  private readonly lookAgainMs: number;

  constructor(
    private readonly writer: TransitionWriter,
    @Inject(Config) config: Config,
  ) {
    this.lookAgainMs = config.get(billingEnv).BILLING_HAND_OVER_MS;
  }

  /** The document after the step, or null when somebody else moved it first. */
  async apply(
    document: EmissionDocument,
    step: Step,
    actor: string,
  ): Promise<EmissionDocument | null> {
    let from = document.state;
    for (const to of step.through) {
      assertMayBecome(from, to);
      from = to;
    }
    const to = from;
    const final = isFinalState(to);
    const attempts = document.attempts + (step.leaseMs === undefined ? 0 : 1);
    const applied = await this.writer.submit({
      tenantId: document.tenantId,
      documentId: document.id,
      artefactMonth: document.artefactMonth,
      from: document.state,
      to,
      epoch: document.epoch,
      leaseMs: step.leaseMs ?? null,
      nextAttemptInMs: final ? null : (step.nextAttemptInMs ?? this.lookAgainMs),
      attempts,
      parked: step.parked ?? false,
      patch: step.patch ?? {},
      artefacts: step.artefacts ?? [],
      events: eventsOf(document, step),
      actor,
      enqueue: step.enqueue ?? false,
    });
    if (!applied) return null;
    return {
      ...document,
      state: to,
      attempts,
      epoch: document.epoch + (step.leaseMs === undefined ? 0 : 1),
      parked: step.parked ?? false,
      codigoSeguridad: step.patch?.codigoSeguridad ?? document.codigoSeguridad,
      trackId: step.patch?.trackId ?? document.trackId,
      bodies: {
        ...document.bodies,
        ...Object.fromEntries((step.artefacts ?? []).map((item) => [item.kind, item.body])),
      },
    };
  }
}

/** Each state entered is exactly one event; staying in a state is none. */
function eventsOf(document: EmissionDocument, step: Step) {
  let from = document.state;
  const events: { id: string; type: string; payload: object }[] = [];
  for (const to of step.through) {
    if (to !== from) {
      events.push({
        id: newId(),
        type: eventTypeOf(to),
        payload: { encf: document.encf, generation: document.generation, ...step.detail },
      });
    }
    from = to;
  }
  return events;
}

/** DGII's words go into the row verbatim. */
export function verdictPatch(verdict: DgiiVerdict): DocumentPatch {
  return {
    dgiiCodigo: verdict.codigo,
    dgiiEstado: verdict.estado,
    dgiiMensajes: verdict.mensajes,
    secuenciaUtilizada: verdict.secuenciaUtilizada,
    dgiiFechaRecepcion: verdict.fechaRecepcion,
  };
}
