import { Inject, Injectable } from '@nestjs/common';
import { Sign, type SignResult } from '@getupnet/contracts';
import { parse, serializeRfce, toRfce } from '@getupnet/ecf';
import { Config, crashPoint } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { DEFERRED_TERM_MS } from '../contingency/terms.js';
import { backOffMs } from './back-off.js';
import { DocumentSteps, type Step } from './document-steps.js';
import {
  RFCE,
  SIGNED,
  UNSIGNED,
  bodyOf,
  isDeferred,
  type EmissionDocument,
} from './emission-document.js';
import { publishedSchemaFault } from './published-schema.js';
import type { Stint } from './stint.js';

/** An unusable certificate does not end a document: it waits, and an alert says so. */
const CERTIFICATE_WAIT_MS = 60_000;

type Signed = Extract<SignResult, { ok: true }>;
/** What no second try changes: a person looks into it at once. */
const HOPELESS: ReadonlySet<string> = new Set([
  'ecf.schema_invalid',
  'sign.digest_conflict',
  'sign.kind_mismatch',
]);

/**
 * QUEUED → SIGNED (→ SENDING when the caller goes on to send): the e-CF is signed and, for a type
 * 32 below the threshold, the summary that carries its security code. Needs no lease: the signer
 * answers a repeated request with the bytes it gave the first time.
 */
@Injectable()
export class SignStage {
  private readonly deferredAfterMs: number;

  constructor(
    private readonly sign: Sign,
    private readonly steps: DocumentSteps,
    @Inject(Config) config: Config,
  ) {
    this.deferredAfterMs = config.get(billingEnv).BILLING_DEFERRED_AFTER_MS;
  }

  /** Whether documents of deferred sending are kept back: their verdict comes within no request. */
  get keepsDeferred(): boolean {
    return this.deferredAfterMs > 0;
  }

  /** Documents that are signed now; `leaseMs` asks for the intent to send in the same commit. */
  async run(
    documents: readonly EmissionDocument[],
    stint: Stint,
    leaseMs?: number,
  ): Promise<EmissionDocument[]> {
    if (stint.isOver) return [];
    const sound: EmissionDocument[] = [];
    const steps: Promise<EmissionDocument | null>[] = [];
    for (const document of documents) {
      const fault = publishedSchemaFault(document.tipo, bodyOf(document, UNSIGNED));
      if (fault === null) sound.push(document);
      else steps.push(this.fail(document, 'ecf.schema_invalid', stint.actor));
    }
    const results = await this.signAs('ecf', sound, stint.actor, (item) => bodyOf(item, UNSIGNED));
    const summaries = await this.signSummaries(sound, results, stint.actor);
    if (CRASH_POINTS) await crashPoint('sign_stage.before_commit');
    for (const document of sound) {
      const result = results.get(document.id);
      const summary = summaries.get(document.id);
      const failed = [result, summary].find((answer) => answer && !answer.ok);
      if (!result?.ok || failed?.ok === false) {
        steps.push(
          this.fail(document, failed?.ok === false ? failed.code : 'internal', stint.actor),
        );
      } else {
        const step = signedStep(result, summary?.ok ? summary : undefined, leaseMs);
        const deferred = isDeferred(document) ? deferredStep(step, this.deferredAfterMs) : step;
        steps.push(this.steps.apply(document, deferred, stint.actor));
      }
    }
    const signed = (await Promise.all(steps)).filter((document) => document !== null);
    if (CRASH_POINTS) await crashPoint('sign_stage.after_commit');
    return signed;
  }

  private async fail(document: EmissionDocument, code: string, actor: string): Promise<null> {
    await this.steps.apply(document, failedStep(document, code), actor);
    return null;
  }

  private async signAs(
    kind: 'ecf' | 'rfce',
    documents: readonly EmissionDocument[],
    requester: string,
    xmlOf: (document: EmissionDocument) => string,
  ): Promise<Map<string, SignResult>> {
    const [first] = documents;
    if (!first) return new Map();
    if (CRASH_POINTS) await crashPoint('sign_stage.before_request');
    const answers = await this.sign.sign({
      tenantId: first.tenantId,
      requester,
      items: documents.map((item) => ({ documentId: item.id, kind, xml: xmlOf(item) })),
    });
    return new Map(answers.map((answer) => [answer.documentId, answer]));
  }

  private signSummaries(
    documents: readonly EmissionDocument[],
    signed: ReadonlyMap<string, SignResult>,
    actor: string,
  ): Promise<Map<string, SignResult>> {
    const summarised = documents.filter(
      (document) => document.route === 'rfce' && signed.get(document.id)?.ok,
    );
    return this.signAs('rfce', summarised, actor, (document) => {
      const result = signed.get(document.id);
      const code = result?.ok ? result.codigoSeguridad : '';
      return serializeRfce(toRfce(parse(bodyOf(document, UNSIGNED)), code));
    });
  }
}

function signedStep(result: Signed, summary: Signed | undefined, leaseMs?: number): Step {
  const artefacts = [{ kind: SIGNED, sha256: result.sha256, body: result.xml }];
  if (summary) artefacts.push({ kind: RFCE, sha256: summary.sha256, body: summary.xml });
  return {
    by: 'sign',
    through: leaseMs === undefined ? ['SIGNED'] : ['SIGNED', 'SENDING'],
    patch: { codigoSeguridad: result.codigoSeguridad, signedSha256: result.sha256 },
    artefacts,
    detail: { sha256: result.sha256, certificateId: result.certificateId },
    ...(leaseMs === undefined ? {} : { leaseMs, nextAttemptInMs: leaseMs }),
  };
}

/** It may reach DGII later: it waits for its time with its own term, and without an intent to send. */
function deferredStep({ by, patch, artefacts, detail }: Step, afterMs: number): Step {
  return {
    by,
    through: ['SIGNED', 'DEFERRED'],
    patch: { ...patch, sendWithinMs: DEFERRED_TERM_MS },
    ...(artefacts === undefined ? {} : { artefacts }),
    ...(detail === undefined ? {} : { detail }),
    nextAttemptInMs: afterMs,
    enqueue: afterMs === 0,
  };
}

/** Certificates are loaded by people, in their time; what is neither is tried again and counted. */
function failedStep({ faults }: EmissionDocument, code: string): Step {
  const step = { by: 'sign', through: ['QUEUED'], patch: { lastError: code } } as const;
  if (HOPELESS.has(code)) return { ...step, nextAttemptInMs: CERTIFICATE_WAIT_MS, parked: true };
  return code.startsWith('cert.')
    ? { ...step, nextAttemptInMs: CERTIFICATE_WAIT_MS }
    : { ...step, nextAttemptInMs: backOffMs(faults + 1), trouble: 'fault' };
}
