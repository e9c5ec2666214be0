import type { Environment } from '@getupnet/contracts';
import type { EcfDocument } from '@getupnet/ecf';
import { anyCertificate, type Signer } from '@getupnet/xmldsig';
import { createHash } from 'node:crypto';
import { ForcedVerdicts } from '../faults/forced-verdicts.js';
import { DocumentJudge } from '../judge/document-judge.js';
import type { Judged } from '../judge/judge.js';
import { SignedReader } from '../judge/signed-reader.js';
import { resolveSettings, type Settings, type SimulatorOptions } from '../options.js';
import { DocumentStore } from '../state/document-store.js';
import { testSigner, type SignedFile } from './client.js';
import { signedEcf, signedRfce } from './documents.js';

/** The judge with its store and without the services around it: what is judged is recorded. */
export class Court {
  readonly settings: Settings;
  readonly store = new DocumentStore();
  readonly signer: Signer;
  readonly reader = new SignedReader({
    testecf: anyCertificate,
    certecf: anyCertificate,
    ecf: anyCertificate,
  });
  private readonly judge: DocumentJudge;
  private last = 0;

  constructor(
    options: SimulatorOptions = {},
    private readonly environment: Environment = 'testecf',
  ) {
    this.settings = resolveSettings(options);
    this.signer = testSigner();
    const { settings, reader, store } = this;
    const forced = new ForcedVerdicts();
    this.judge = new DocumentJudge({ settings, reader, store, forced });
  }

  next(tipo: string): string {
    return `E${tipo}${String((this.last += 1)).padStart(10, '0')}`;
  }

  async ecf(document: EcfDocument, signer = this.signer): Promise<Judged> {
    return this.ecfFile(await signedEcf(document, signer));
  }

  ecfFile(file: SignedFile): Judged {
    return this.record(file, (received, hearing) => this.judge.ecf(hearing, received));
  }

  async rfce(document: EcfDocument, signer = this.signer): Promise<Judged> {
    return this.rfceFile(await signedRfce(document, signer));
  }

  rfceFile(file: SignedFile): Judged {
    return this.record(file, (received, hearing) => this.judge.rfce(hearing, received));
  }

  close(): void {
    this.reader.dispose();
  }

  private record(
    { name, xml }: SignedFile,
    judge: (
      file: Parameters<DocumentJudge['ecf']>[1],
      hearing: Parameters<DocumentJudge['ecf']>[0],
    ) => Judged | undefined,
  ): Judged {
    const { environment } = this;
    const now = this.settings.clock.now();
    const atMs = now.getTime();
    const bytes = Buffer.from(xml);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const judged = judge(
      { fileName: name, bytes, sha256 },
      { environment, now, visibleAtMs: atMs },
    );
    if (judged === undefined) throw new Error('not a document');
    const { rnc, encf, verdict, facts, polls } = judged;
    const times = { receivedAtMs: atMs, visibleAtMs: atMs, pendingPolls: polls };
    this.store.record({ environment, rnc, encf, trackId: null, verdict, ...times }, facts);
    return judged;
  }
}
