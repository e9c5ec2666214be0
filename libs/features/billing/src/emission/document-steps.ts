import { Inject, Injectable } from '@nestjs/common';
import { isFinalState, type DgiiVerdict, type DocumentState } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { TransitionWriter, type DocumentPatch, type TransitionEvent } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { assertMayBecome, eventTypeOf, type StepMaker } from './document-machine.js';
import type { EmissionDocument } from './emission-document.js';
import { isTooMuch, troubleAfter, type Trouble } from './trouble.js';

/** One step: by whom, where to, through which states, and what is recorded with it. */
export interface Step {
  /** `wait` puts a document off and enters no state. */
  readonly by: StepMaker | 'wait';
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
  /** Dead letter: nobody tries again until a person says so. */
  readonly parked?: boolean;
  /** Hand over to the workers at once. */
  readonly enqueue?: boolean;
  /** The step says that the document's handling failed, or is begun although it never ended before. */
  readonly trouble?: Trouble;
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
    const to = arrivalOf(document, step);
    const final = isFinalState(to);
    const leased = step.leaseMs !== undefined;
    const attempts = document.attempts + (leased ? 1 : 0);
    const counted = troubleAfter(document, to, step.trouble);
    const parked = !final && (step.parked === true || isTooMuch(counted));
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
      ...counted,
      parked,
      patch: step.patch ?? {},
      artefacts: step.artefacts ?? [],
      events: [...eventsOf(document, step), ...deadLetterOf(document, step, to, parked)],
      actor,
      enqueue: step.enqueue ?? false,
    });
    if (!applied) return null;
    return {
      ...document,
      state: to,
      attempts,
      ...counted,
      // As the writer does: whoever read the document before this step is fenced off.
      epoch: document.epoch + (leased || to !== document.state ? 1 : 0),
      parked,
      contingencyId: step.patch?.contingencyId ?? document.contingencyId,
      codigoSeguridad: step.patch?.codigoSeguridad ?? document.codigoSeguridad,
      trackId: step.patch?.trackId ?? document.trackId,
      bodies: {
        ...document.bodies,
        ...Object.fromEntries((step.artefacts ?? []).map((item) => [item.kind, item.body])),
      },
    };
  }
}

/** Where the step leads; throws on one the state table does not have. */
function arrivalOf(document: EmissionDocument, { by, through }: Step): DocumentState {
  let from = document.state;
  for (const to of through) {
    if (by === 'wait' && to !== from) throw new Error(`waiting moved a document ${from} → ${to}`);
    if (by === 'wait') assertMayBecome(from, to);
    else assertMayBecome(from, to, by);
    from = to;
  }
  return from;
}

/** Each state entered is exactly one event; staying in a state is none. */
function eventsOf(document: EmissionDocument, step: Step): TransitionEvent[] {
  let from = document.state;
  const events: TransitionEvent[] = [];
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

/** A document that begins to wait for a person is an event of its own, and an alert. */
function deadLetterOf(
  document: EmissionDocument,
  { patch }: Step,
  state: DocumentState,
  parked: boolean,
): TransitionEvent[] {
  if (!parked || document.parked) return [];
  const reason = patch?.lastError ?? 'internal';
  const { id: documentId, encf, generation, environment } = document;
  return [
    {
      id: newId(),
      type: 'document.dead_letter',
      payload: { encf, generation, state, reason },
      alert: {
        type: 'document.dead_letter',
        details: { documentId, environment, state, reason },
      },
    },
  ];
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
