import type { DgiiDirectoryOutcome, DgiiDirectoryResponse } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';

const MS_PER_S = 1_000;

/** The looked-up receivers as the route answers them; throws when DGII could not be asked. */
export function receiversOf(outcome: DgiiDirectoryOutcome): DgiiDirectoryResponse {
  switch (outcome.kind) {
    case 'found':
      return { supported: true, data: [...outcome.receivers] };
    case 'unsupported':
      return { supported: false, data: [] };
    case 'unavailable':
      throw new AppError(
        'dependency.unavailable',
        { dependency: 'DGII consultadirectorio' },
        { retryAfterS: Math.ceil(outcome.retryAfterMs / MS_PER_S) },
      );
  }
}
