import { Injectable } from '@nestjs/common';
import type { FindingResource } from '@getupnet/contracts';
import type { EcfDocument } from '@getupnet/ecf';
import { AppError, decimal, isoDateOf, newId } from '@getupnet/kernel';
import { TenantDb } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import { PaperRepository, type PaperClaim, type PaperRow } from './paper.repository.js';

const REFERENCE = '/InformacionReferencia';
const REPLACES = '4';
const SERIES_B = /^B\d{10}$/;

/** The paper number a document replaces (CodigoModificacion 4; Formato e-CF V1.0, p. 58), if any. */
export function replacedPaper({ InformacionReferencia }: EcfDocument): string | null {
  const { NCFModificado = '', CodigoModificacion } = InformacionReferencia ?? {};
  return CodigoModificacion === REPLACES && SERIES_B.test(NCFModificado) ? NCFModificado : null;
}

/** Each paper number is replaced by one living document: what was sold twice would be declared twice. */
@Injectable()
export class PaperReplacements {
  constructor(
    private readonly db: TenantDb,
    private readonly papers: PaperRepository,
  ) {}

  /**
   * What speaks against the replacement, the worst first; writes nothing. `key`: of the request, null
   * when it is to become no document.
   */
  check(
    tenant: TenantContext,
    document: EcfDocument,
    ncf: string,
    key: string | null,
  ): Promise<FindingResource | null> {
    return this.db.run(tenant, async (tx) => {
      const [paper] = await this.papers.byNumbers(tx, tenant.environment, [ncf]);
      if (paper === undefined) return notCaptured(ncf);
      return replacedAlready(paper, key) ?? differs(paper, document);
    });
  }

  /**
   * Takes the number for a document about to be accepted, one at a time. Whether an attempt that failed
   * became a document is not known: requests with the same key therefore share its claim and its
   * document's id, so that all of them together yield one. Rejects with `ecf.rule_failed` when a
   * request with another key was faster.
   */
  async take(
    tenant: TenantContext,
    ncf: string,
    { documentId, key }: { readonly documentId: string; readonly key: string },
  ): Promise<PaperClaim> {
    const { tenantId, environment } = tenant;
    return this.db.run(tenant, async (tx) => {
      const known = await this.papers.lockNumber(tx, environment, ncf);
      if (known === null) await this.papers.insert(tx, { id: newId(), tenantId, environment, ncf });
      const paper = known ?? (await this.papers.lockNumber(tx, environment, ncf));
      if (paper === null) throw new Error(`${ncf} is there and is not`);
      if (paper.takenBy === key) return this.papers.join(tx, paper.id, key);
      const finding = replacedAlready(paper, key);
      if (finding === null) return this.papers.take(tx, paper.id, documentId, key);
      const { path, code, message, fix } = finding;
      const errors = [{ pointer: `/ECF${path}`, code, message, fix }];
      throw new AppError('ecf.rule_failed', {}, { errors });
    });
  }

  /** The document was refused, so this request will not become one. */
  async giveBack(tenant: TenantContext, claim: PaperClaim): Promise<void> {
    await this.db.run(tenant, (tx) => this.papers.giveBack(tx, claim));
  }
}

function replacedAlready(
  { ncf, state, encf, takenBy }: PaperRow,
  key: string | null,
): FindingResource | null {
  if (state === 'PENDING' || (key !== null && takenBy === key)) return null;
  const by = encf === null ? 'otro documento en curso' : encf;
  return {
    code: 'BIL-CTG-01',
    path: `${REFERENCE}/NCFModificado`,
    severity: 'error',
    message: `El comprobante ${ncf} ya lo reemplaza ${by}.`,
    fix: 'No lo reemplace dos veces: corrija el e-CF que lo reemplaza con una nota, si hace falta.',
  };
}

function differs(paper: PaperRow, document: EcfDocument): FindingResource | null {
  const { ncf, fechaEmision, montoTotal } = paper;
  const stated = document.InformacionReferencia?.FechaNCFModificado;
  if (fechaEmision !== null && stated !== undefined && isoDateOf(stated) !== fechaEmision) {
    return {
      code: 'BIL-CTG-02',
      path: `${REFERENCE}/FechaNCFModificado`,
      severity: 'error',
      message: `FechaNCFModificado es ${stated} y el comprobante ${ncf} se entregó el ${fechaEmision}.`,
      fix: 'Indique la fecha del comprobante de papel, o corrija su captura.',
    };
  }
  const total = document.Encabezado.Totales.MontoTotal;
  if (montoTotal === null || decimal(montoTotal).equals(decimal(total))) return null;
  return {
    code: 'BIL-CTG-03',
    path: '/Encabezado/Totales/MontoTotal',
    severity: 'warning',
    message: `El e-CF suma ${total} y el comprobante ${ncf} que reemplaza, ${montoTotal}.`,
    fix: 'El reemplazo repite la operación del papel; revise las líneas.',
  };
}

function notCaptured(ncf: string): FindingResource {
  return {
    code: 'BIL-CTG-04',
    path: `${REFERENCE}/NCFModificado`,
    severity: 'warning',
    message: `El comprobante ${ncf} no está capturado en ninguna contingencia.`,
    fix: 'Captúrelo en /tenant/contingencies/{id}/paper para que conste en el registro.',
  };
}
