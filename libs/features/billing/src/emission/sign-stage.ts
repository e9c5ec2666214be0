import { Injectable } from '@nestjs/common';
import { Sign, type SignResult } from '@getupnet/contracts';
import { parse, serializeRfce, toRfce } from '@getupnet/ecf';
import { crashPoint } from '@getupnet/platform';
import { DocumentSteps, type Step } from './document-steps.js';
import { RFCE, SIGNED, UNSIGNED, bodyOf, type EmissionDocument } from './emission-document.js';
import { publishedSchemaFault } from './published-schema.js';

/** An unusable certificate does not end a document: it waits, and an alert says so. */
const CERTIFICATE_WAIT_MS = 60_000;

type Signed = Extract<SignResult, { ok: true }>;
/** Codes that pass once somebody loads a valid certificate. */
const WAITS: ReadonlySet<string> = new Set(['cert.missing', 'cert.expired']);

/**
 * QUEUED → SIGNED (→ SENDING when the caller goes on to send): the e-CF is signed and, for a type
 * 32 below the threshold, the summary that carries its security code. Needs no lease: the signer
 * answers a repeated request with the bytes it gave the first time.
 */
@Injectable()
export class SignStage {
  constructor(
    private readonly sign: Sign,
    private readonly steps: DocumentSteps,
  ) {}

  /** Documents that are signed now; `leaseMs` asks for the intent to send in the same commit. */
  async run(
    documents: readonly EmissionDocument[],
    actor: string,
    leaseMs?: number,
  ): Promise<EmissionDocument[]> {
    const sound: EmissionDocument[] = [];
    const steps: Promise<EmissionDocument | null>[] = [];
    for (const document of documents) {
      const fault = publishedSchemaFault(document.tipo, bodyOf(document, UNSIGNED));
      if (fault === null) sound.push(document);
      else steps.push(this.fail(document, 'ecf.schema_invalid', actor));
    }
    const results = await this.signAs('ecf', sound, actor, (item) => bodyOf(item, UNSIGNED));
    const summaries = await this.signSummaries(sound, results, actor);
    if (CRASH_POINTS) await crashPoint('sign_stage.before_commit');
    for (const document of sound) {
      const result = results.get(document.id);
      const summary = summaries.get(document.id);
      const failed = [result, summary].find((answer) => answer && !answer.ok);
      if (!result?.ok || failed?.ok === false) {
        steps.push(this.fail(document, failed?.ok === false ? failed.code : 'internal', actor));
      } else {
        const step = signedStep(result, summary?.ok ? summary : undefined, leaseMs);
        steps.push(this.steps.apply(document, step, actor));
      }
    }
    const signed = (await Promise.all(steps)).filter((document) => document !== null);
    if (CRASH_POINTS) await crashPoint('sign_stage.after_commit');
    return signed;
  }

  private async fail(document: EmissionDocument, code: string, actor: string): Promise<null> {
    await this.steps.apply(document, failedStep(code), actor);
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
    through: leaseMs === undefined ? ['SIGNED'] : ['SIGNED', 'SENDING'],
    patch: { codigoSeguridad: result.codigoSeguridad, signedSha256: result.sha256 },
    artefacts,
    detail: { sha256: result.sha256, certificateId: result.certificateId },
    ...(leaseMs === undefined ? {} : { leaseMs, nextAttemptInMs: leaseMs }),
  };
}

function failedStep(code: string): Step {
  return {
    through: ['QUEUED'],
    patch: { lastError: code },
    nextAttemptInMs: CERTIFICATE_WAIT_MS,
    parked: !WAITS.has(code),
  };
}
