import { DGII_DIRECTORY_MAX, type DgiiDirectoryOutcome, type DgiiParty } from '@getupnet/contracts';
import { DgiiApi, offers, type DirectoryEntry } from '@getupnet/dgii-api';
import { Injectable } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { unavailable } from '../calls/dgii-calls.js';
import { Incidents } from '../calls/incidents.js';
import { notAnswered } from '../gateway/outcomes.js';
import { receiverOf } from './receiver.js';

const DEADLINE_MS = 15_000;
/** An answer about somebody else is not asked for again at once: a person looks into it. */
const INCIDENT_RETRY_MS = 60_000;

/** The addresses at which another electronic taxpayer receives. */
@Injectable()
export class LookUpDirectory {
  constructor(
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
    private readonly incidents: Incidents,
  ) {}

  async lookUp(party: DgiiParty, rnc: string): Promise<DgiiDirectoryOutcome> {
    if (!offers(party.environment, 'consultadirectorio')) return { kind: 'unsupported' };
    const context = {
      party,
      operation: 'consultadirectorio',
      deadline: Deadline.in(DEADLINE_MS),
    } as const;
    const answer = await this.calls.run(context, (call) => this.api.directory(call, rnc));
    if (answer.kind !== 'ok') return notAnswered(answer);
    const theirs = answer.value.filter((entry) => entry.rnc === rnc);
    const other = answer.value.find((entry) => entry.rnc !== rnc);
    if (party.environment === 'ecf' && other) {
      const answered = { rnc: other.rnc };
      this.incidents.foreign({ ...context, asked: { rnc }, answered });
      if (theirs.length === 0) return unavailable('answer.foreign', INCIDENT_RETRY_MS);
    }
    return found(theirs.length > 0 || party.environment === 'ecf' ? theirs : answer.value);
  }
}

/** In testecf DGII names its own emisor-receptor whoever is asked about (p. 33): that is no fault. */
function found(entries: readonly DirectoryEntry[]): DgiiDirectoryOutcome {
  return { kind: 'found', receivers: entries.slice(0, DGII_DIRECTORY_MAX).map(receiverOf) };
}
