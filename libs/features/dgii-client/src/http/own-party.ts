import type { DgiiParty } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { ServiceCall } from '@getupnet/rbac';

/** The party of a request, if it is the tenant the signed context speaks for. */
export function ownParty(call: ServiceCall, party: DgiiParty): DgiiParty {
  if (call.tenantId !== party.tenantId) throw new AppError('tenant.mismatch');
  return party;
}
