import type { SignItem, SignRequest, SignResult } from '@getupnet/contracts';
import { AppError, newId } from '@getupnet/kernel';
import { AuditLog, SignerDb, type Tx } from '@getupnet/persistence';
import { SecurityEvents } from '@getupnet/platform';
import { signCanonical, signSemilla, type SignedDocument } from '@getupnet/xmldsig';
import { Injectable, Logger } from '@nestjs/common';
import { ActiveSigners, type ActiveSigner } from '../certificates/active-signers.js';
import { requireKind } from './kind-check.js';
import {
  SigningJournalRepository,
  journalKey,
  type JournalBatch,
  type JournalEntry,
  type StoredSignature,
} from './signing-journal.repository.js';
import { answered, refused, replayed } from './stored-signature.js';

/** Signatures of earlier requests that this one meets. */
type Stored = ReadonlyMap<string, StoredSignature>;

interface Attempt {
  readonly item: SignItem;
  /** Absent when signing failed with `code`. */
  readonly signed?: SignedDocument;
  readonly code?: string;
  /** Id in the journal; a semilla gets one of its own, so that it never meets another. */
  readonly journalId: string;
}

/**
 * Signs up to 64 documents of a tenant. A journal entry is committed before any signed byte leaves
 * (KEY-4), all of a request in one statement; whoever asks again for a document gets the same bytes.
 */
@Injectable()
export class SignDocuments {
  private readonly logger = new Logger(SignDocuments.name);

  constructor(
    private readonly signers: ActiveSigners,
    private readonly journal: SigningJournalRepository,
    private readonly db: SignerDb,
    private readonly audit: AuditLog,
    private readonly events: SecurityEvents,
  ) {}

  async run(request: SignRequest): Promise<readonly SignResult[]> {
    const active = await this.activeSigner(request.tenantId);
    if (active instanceof AppError) return this.replayOnly(request, active.code);
    const attempts = await Promise.all(request.items.map((item) => this.attempt(item, active)));
    const stored = await this.commit(request, attempts, active.certificateId);
    return attempts.map((attempt) => outcome(attempt, stored, active.certificateId));
  }

  private async activeSigner(tenantId: string): Promise<ActiveSigner | AppError> {
    try {
      return await this.signers.signer(tenantId);
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('cert.')) return error;
      throw error;
    }
  }

  private async attempt(item: SignItem, active: ActiveSigner): Promise<Attempt> {
    const journalId = item.kind === 'semilla' ? newId() : item.documentId;
    try {
      return { item, signed: await signatureOf(item, active), journalId };
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      const { documentId, kind } = item;
      this.logger.error({ message: 'document not signed', documentId, kind, code, err: error });
      return { item, code, journalId };
    }
  }

  /** Commits the journal; answers what it held already, empty when all documents are new to it. */
  private async commit(
    { tenantId, requester }: SignRequest,
    attempts: readonly Attempt[],
    certificateId: string,
  ): Promise<Stored> {
    const entries = attempts.flatMap(entryOf);
    if (entries.length === 0) return new Map();
    const batch = { tenantId, certificateId, requester, entries };
    if (await this.journal.add(batch)) return new Map();
    return this.db.run({ tenantId }, async (tx) => {
      const stored = await this.journal.find(tx, entries);
      const conflicts = entries.filter(
        (entry) => stored.get(journalKey(entry))?.digest !== entry.digest,
      );
      for (const entry of conflicts) await this.reportConflict(tx, batch, entry, stored);
      return stored;
    });
  }

  /** Without a usable certificate nothing new is signed; what was signed before is still answered. */
  private async replayOnly(request: SignRequest, code: string): Promise<readonly SignResult[]> {
    const { tenantId, items } = request;
    const stored = await this.db.run({ tenantId }, (tx) => this.journal.find(tx, items));
    return items.map((item) => {
      const before = item.kind === 'semilla' ? undefined : stored.get(journalKey(item));
      return before === undefined ? refused(item, code) : replayed(item, before);
    });
  }

  private async reportConflict(
    tx: Tx,
    { tenantId, requester }: JournalBatch,
    entry: JournalEntry,
    stored: Stored,
  ): Promise<void> {
    const { documentId, kind, digest } = entry;
    const journaled = stored.get(journalKey(entry))?.digest ?? null;
    const message = 'other bytes asked to be signed for a signed document';
    this.logger.error({ message, documentId, kind, digest, journaled });
    this.events.emit('sign.digest_conflict', { tenantId, documentId, kind, digest, requester });
    await this.audit.append(tx, {
      tenantId,
      type: 'signing.digest_conflict',
      subjectId: documentId,
      actor: requester,
      payload: { kind, digest, journaled },
    });
  }
}

/** Only what it says it is, and of this tenant: nobody gets another signature by another label. */
async function signatureOf(
  { kind, xml }: SignItem,
  { signer, rnc }: ActiveSigner,
): Promise<SignedDocument> {
  if (kind === 'semilla') return signSemilla(Buffer.from(xml, 'utf8'), signer);
  requireKind(xml, kind, rnc);
  return signCanonical(xml, signer);
}

function entryOf({ item, signed, journalId }: Attempt): JournalEntry[] {
  if (signed === undefined) return [];
  const { digest, sha256: signedSha256, signatureValue } = signed;
  return [{ documentId: journalId, kind: item.kind, digest, signedSha256, signatureValue }];
}

function outcome(attempt: Attempt, stored: Stored, certificateId: string): SignResult {
  const { item, signed, journalId } = attempt;
  if (signed === undefined) return refused(item, attempt.code ?? 'internal');
  const before = stored.get(journalKey({ documentId: journalId, kind: item.kind }));
  const same = before === undefined || before.signedSha256 === signed.sha256;
  return same
    ? answered(item, signed, before?.certificateId ?? certificateId)
    : replayed(item, before);
}
