import { PAPER_TIPOS, type PaperResource } from '@getupnet/contracts';
import { dominicanDateOf } from '@getupnet/kernel';
import type { PaperRow } from './paper.repository.js';

/** The paper resource of the API, with the reference its replacement states. */
export function presentPaper(row: PaperRow): PaperResource {
  const { documentId, encf, documentState, fechaEmision, takenBy: _, ...rest } = row;
  const replaced = documentId !== null && encf !== null && documentState !== null;
  const type = row.ncf.slice(1, 3);
  const tipo = Object.entries(PAPER_TIPOS).find(([paper]) => paper === type)?.[1];
  if (tipo === undefined) throw new Error(`${row.ncf} is of no paper type`);
  return {
    ...rest,
    tipo,
    fechaEmision,
    replacedBy: replaced ? { id: documentId, encf, state: documentState } : null,
    reference: {
      NCFModificado: row.ncf,
      ...(fechaEmision === null ? {} : { FechaNCFModificado: dominicanDateOf(fechaEmision) }),
      CodigoModificacion: '4',
    },
    createdAt: row.createdAt.toISOString(),
  };
}
