import type { SignedKind } from '@getupnet/contracts';
import { Pools, mapDatabaseError, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

/** What is kept of one signature. */
export interface JournalEntry {
  readonly documentId: string;
  readonly kind: SignedKind;
  readonly digest: string;
  readonly signedSha256: string;
  readonly signatureValue: string;
}

/** Signatures made in one request, with one certificate. */
export interface JournalBatch {
  readonly tenantId: string;
  readonly certificateId: string;
  readonly requester: string;
  readonly entries: readonly JournalEntry[];
}

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

/**
 * One statement in a transaction of its own: the path of every document. The tenant is set by the
 * row source itself, of which tenant_id is taken, so it is set before any row meets the policy.
 */
const ADD = {
  name: 'signing-journal-add',
  text: `
    INSERT INTO signing_journal (tenant_id, document_id, kind, digest, signed_sha256,
      signature_value, certificate_id, requester)
    SELECT scope.tenant_id::uuid, entry.*, $2::uuid, $3
    FROM (SELECT set_config('app.tenant_id', $1, true)) AS scope (tenant_id),
      unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[]) AS entry
    ON CONFLICT DO NOTHING`,
};

/** The signing journal: rows are added, never changed. */
@Injectable()
export class SigningJournalRepository {
  constructor(private readonly pools: Pools) {}

  /** Commits all entries; false when some documents were in the journal already. */
  async add({ tenantId, certificateId, requester, entries }: JournalBatch): Promise<boolean> {
    // In one order, so that two batches with the same documents cannot wait for each other.
    const sorted = [...entries].sort((a, b) => (journalKey(a) < journalKey(b) ? -1 : 1));
    const columns = [
      sorted.map((entry) => entry.documentId),
      sorted.map((entry) => entry.kind),
      sorted.map((entry) => entry.digest),
      sorted.map((entry) => entry.signedSha256),
      sorted.map((entry) => entry.signatureValue),
    ];
    const values = [tenantId, certificateId, requester, ...columns];
    try {
      const { rowCount } = await this.pools.get('signer').query({ ...ADD, values });
      return rowCount === entries.length;
    } catch (error) {
      throw mapDatabaseError(error);
    }
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
