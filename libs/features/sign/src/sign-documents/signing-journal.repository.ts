import type { SignedKind } from '@getupnet/contracts';
import type { SigningJournalRecord, Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export type JournalEntry = Omit<SigningJournalRecord, 'createdAt' | 'kind'> & {
  readonly kind: SignedKind;
};

/** What was signed for a document, with the certificate that signed it. */
export interface StoredSignature {
  readonly documentId: string;
  readonly kind: string;
  readonly digest: string;
  readonly signedSha256: string;
  readonly signatureValue: string;
  readonly certificateId: string;
  readonly certificatePem: string;
}

export interface JournalKey {
  readonly documentId: string;
  readonly kind: SignedKind;
}

/** Key of a journal entry inside one tenant. */
export function journalKey({ documentId, kind }: { documentId: string; kind: string }): string {
  return `${documentId}/${kind}`;
}

/** The signing journal: rows are added, never changed. */
@Injectable()
export class SigningJournalRepository {
  /** Adds all entries in one statement; false when some documents were in the journal already. */
  async add(tx: Tx, entries: readonly JournalEntry[]): Promise<boolean> {
    // In one order, so that two batches with the same documents cannot wait for each other.
    const data = [...entries].sort((a, b) => (journalKey(a) < journalKey(b) ? -1 : 1));
    const { count } = await tx.signingJournal.createMany({ data, skipDuplicates: true });
    return count === entries.length;
  }

  async find(tx: Tx, keys: readonly JournalKey[]): Promise<Map<string, StoredSignature>> {
    const wanted = new Set(keys.map(journalKey));
    const rows = await tx.signingJournal.findMany({
      where: { documentId: { in: keys.map((key) => key.documentId) } },
      include: { certificate: { select: { certificatePem: true } } },
    });
    const found = rows.filter((row) => wanted.has(journalKey(row)));
    return new Map(
      found.map(({ certificate, ...row }) => [
        journalKey(row),
        { ...row, certificatePem: certificate.certificatePem },
      ]),
    );
  }
}
