import type { EcfDocument } from '@getupnet/ecf';
import { AppError } from '@getupnet/kernel';
import type { TenantContext } from '@getupnet/tenant-context';

/** Consumption invoice (Formato e-CF, TipoeCF 32): what a till hands out. */
const TILL_TIPO = '32';

/** A till's credential (TENANT_RFCE_SUBMIT alone) issues type 32 only; else `auth.forbidden`. */
export function assertMayIssue(
  { permissions }: Pick<TenantContext, 'permissions'>,
  document: EcfDocument,
): void {
  if (permissions.has('TENANT_INVOICE_EMIT')) return;
  const isTills = document.Encabezado.IdDoc.TipoeCF === TILL_TIPO;
  if (!permissions.has('TENANT_RFCE_SUBMIT') || !isTills) {
    throw new AppError('auth.forbidden', { permission: 'TENANT_INVOICE_EMIT' });
  }
}
