import { TENANT_PERMISSIONS, TIPOS_ECF, type Permission } from '@getupnet/contracts';
import type { EcfDocument } from '@getupnet/ecf';
import { isAppError } from '@getupnet/kernel';
import { assertMayIssue } from './may-issue.js';

const may = (permissions: readonly Permission[], TipoeCF: string): boolean => {
  const document = { Encabezado: { IdDoc: { TipoeCF } } } as EcfDocument;
  try {
    assertMayIssue({ permissions: new Set(permissions) }, document);
    return true;
  } catch (error) {
    if (isAppError(error, 'auth.forbidden')) return false;
    throw error;
  }
};
const issued = (permissions: readonly Permission[]): string[] =>
  TIPOS_ECF.filter((tipo) => may(permissions, tipo));

test.each<[string, readonly Permission[], readonly string[]]>([
  ['issuing', ['TENANT_INVOICE_EMIT'], TIPOS_ECF],
  ['a till', ['TENANT_RFCE_SUBMIT'], ['32']],
  ['both', ['TENANT_RFCE_SUBMIT', 'TENANT_INVOICE_EMIT'], TIPOS_ECF],
  ['anything else', TENANT_PERMISSIONS.filter((one) => !/EMIT|RFCE/.test(one)), []],
])('%s', (_, permissions, tipos) => {
  expect(issued(permissions)).toEqual(tipos);
});
