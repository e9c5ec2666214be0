import { Injectable } from '@nestjs/common';
import { isDocumentState, type DocumentState, type ListDocumentsQuery } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { DocumentColumns, DocumentRecord, Tx } from '@getupnet/persistence';
import { viewOf } from './document-columns.js';
import type { DocumentView } from './document-view.js';

export interface DocumentPage extends Omit<ListDocumentsQuery, 'cursor'> {
  readonly environment: string;
  /** Exclusive: documents older than this id. */
  readonly before: string | null;
}

export interface PrintableDocument {
  readonly id: string;
  readonly environment: string;
  readonly state: DocumentState;
  /** It was issued while the link to DGII was down. */
  readonly inContingency: boolean;
  /** Null before it is signed. */
  readonly signedSha256: string | null;
  readonly artefactMonth: string;
}

/** Queries of one tenant's documents, in its own transaction. */
@Injectable()
export class DocumentsRepository {
  async find(tx: Tx, id: string): Promise<DocumentView> {
    const record = await tx.document.findFirst({ where: { id } });
    if (!record) throw new AppError('resource.not_found');
    return viewOf(columnsOf(record));
  }

  async findByKey(tx: Tx, idempotencyKey: string): Promise<DocumentView | null> {
    const record = await tx.document.findFirst({ where: { idempotencyKey } });
    return record ? viewOf(columnsOf(record)) : null;
  }

  /** The newest generation of a number. */
  async findByEncf(tx: Tx, environment: string, encf: string): Promise<DocumentView | null> {
    const record = await tx.document.findFirst({
      where: { environment, encf },
      orderBy: { generation: 'desc' },
    });
    return record ? viewOf(columnsOf(record)) : null;
  }

  async list(tx: Tx, page: DocumentPage): Promise<DocumentView[]> {
    const records = await tx.document.findMany({
      where: {
        environment: page.environment,
        ...(page.before === null ? {} : { id: { lt: page.before } }),
        ...(page.state === undefined ? {} : { state: page.state }),
        ...(page.tipo === undefined ? {} : { tipo: Number(page.tipo) }),
        ...(page.encf === undefined ? {} : { encf: page.encf }),
        ...(page.externalRef === undefined ? {} : { externalRef: page.externalRef }),
      },
      orderBy: { id: 'desc' },
      take: page.limit,
    });
    return records.map((record) => viewOf(columnsOf(record)));
  }

  /** What decides how a document is printed. */
  async printable(tx: Tx, id: string): Promise<PrintableDocument> {
    const record = await tx.document.findFirst({
      where: { id },
      select: {
        id: true,
        environment: true,
        state: true,
        contingencyId: true,
        signedSha256: true,
        artefactMonth: true,
      },
    });
    if (!record) throw new AppError('resource.not_found');
    const { contingencyId, ...rest } = record;
    const { state, artefactMonth } = rest;
    if (!isDocumentState(state)) throw new Error(`unknown document state ${state}`);
    const inContingency = contingencyId !== null;
    return { ...rest, state, inContingency, artefactMonth: isoDay(artefactMonth) };
  }

  async xml(tx: Tx, view: Pick<DocumentView, 'id' | 'artefactMonth'>): Promise<string | null> {
    const artefact = await tx.artefact.findFirst({
      where: { documentId: view.id, month: new Date(view.artefactMonth), kind: 'signed' },
      select: { body: true },
    });
    return artefact?.body ?? null;
  }

  /** What happened to a document, oldest first; of very many events the latest. */
  async events(tx: Tx, id: string) {
    const latest = await tx.auditEvent.findMany({
      where: { subjectId: id },
      orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
      take: MAX_TIMELINE,
    });
    return latest.reverse();
  }

  /** Look at it again now, its troubles forgotten; nothing happens to a final one. */
  async wake(tx: Tx, id: string): Promise<void> {
    await tx.document.updateMany({
      where: { id, nextAttemptAt: { not: null } },
      data: { nextAttemptAt: new Date(0), parkedAt: null, handOvers: 0, faults: 0, starts: 0 },
    });
  }
}

/** A document passes few states; more than this is a loop somebody should look at. */
const MAX_TIMELINE = 500;

/** The ORM's own types for amounts and dates, as the texts a view carries. */
function columnsOf(record: DocumentRecord): DocumentColumns {
  return {
    ...record,
    montoTotal: record.montoTotal.toFixed(2),
    fechaEmision: isoDay(record.fechaEmision),
    artefactMonth: isoDay(record.artefactMonth),
  };
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10);
