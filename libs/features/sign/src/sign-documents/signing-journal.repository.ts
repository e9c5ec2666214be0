import type { SignedKind } from '@getupnet/contracts';
import { GroupWriter, Pools, mapDatabaseError, type Tx } from '@getupnet/persistence';
import { crashPoint } from '@getupnet/platform';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

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
 * One statement in a transaction of its own: the path of every document. The tenants are listed by
 * the row source itself, before any row meets the policy. Rows go in one order, so that two batches
 * with the same documents cannot wait for each other.
 */
const ADD = {
  name: 'signing-journal-add',
  text: `
    INSERT INTO signing_journal (tenant_id, document_id, kind, digest, signed_sha256,
      signature_value, certificate_id, requester)
    SELECT e.tenant_id, e.document_id, e.kind, e.digest, e.signed_sha256, e.signature_value,
      e.certificate_id, e.requester
    FROM (SELECT set_config('app.tenant_ids', $1, true)) AS scope,
      json_to_recordset($2::json) AS e(tenant_id uuid, document_id uuid, kind text, digest text,
        signed_sha256 text, signature_value text, certificate_id uuid, requester text)
    ORDER BY e.tenant_id, e.document_id, e.kind
    ON CONFLICT DO NOTHING
    RETURNING tenant_id || '/' || document_id || '/' || kind || '/' || signed_sha256 AS signature`,
};

/** The signing journal: rows are added, never changed. Requests at the same time share a commit. */
@Injectable()
export class SigningJournalRepository implements OnApplicationShutdown {
  private readonly group: GroupWriter<JournalBatch, boolean>;

  constructor(private readonly pools: Pools) {
    this.group = new GroupWriter({
      name: 'signing-journal',
      execute: (batches) => this.execute(batches),
    });
  }

  /** Commits all entries; false when some documents were in the journal already. */
  add(batch: JournalBatch): Promise<boolean> {
    return this.group.submit(batch);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.group.drain();
  }

  private async execute(batches: readonly JournalBatch[]): Promise<boolean[]> {
    const tenants = [...new Set(batches.map(({ tenantId }) => tenantId))];
    const values = [tenants.join(), JSON.stringify(batches.flatMap(rowsOf))];
    if (CRASH_POINTS) await crashPoint('sign.before_journal');
    try {
      const { rows } = await this.pools
        .get('signer')
        .query<{ signature: string }>({ ...ADD, values });
      if (CRASH_POINTS) await crashPoint('sign.after_journal');
      const added = new Set(rows.map((row) => row.signature));
      // By the signed bytes too: of two that ask for one document at once, one may have other bytes.
      return batches.map(({ tenantId, entries }) =>
        entries.every((entry) =>
          added.has(`${tenantId}/${journalKey(entry)}/${entry.signedSha256}`),
        ),
      );
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

function rowsOf({ tenantId, certificateId, requester, entries }: JournalBatch): object[] {
  return entries.map((entry) => ({
    tenant_id: tenantId,
    document_id: entry.documentId,
    kind: entry.kind,
    digest: entry.digest,
    signed_sha256: entry.signedSha256,
    signature_value: entry.signatureValue,
    certificate_id: certificateId,
    requester,
  }));
}
