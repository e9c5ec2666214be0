import type { LedgerEntry } from '@getupnet/dgii-simulator';
import { findOffences, hardshipOf, type Offences, type Told } from './send-checker.js';

const NUMBER = { rnc: '131880681', encf: 'E310000000001' };
const KEY = '131880681 E310000000001';
const TOLD: Told = { ...NUMBER, state: 'ACCEPTED', sha256: 'ours' };
const NOTHING: Offences = {
  blindResends: [],
  doubleAcceptances: [],
  otherBytes: [],
  notFinal: [],
  contradicted: [],
  strangers: [],
};

/** Lines a second apart, as the simulator writes them. */
function ledger(...drafts: readonly Partial<LedgerEntry>[]): LedgerEntry[] {
  return drafts.map((draft, at) => ({
    seq: at + 1,
    time: second(at),
    environment: 'testecf',
    service: 'recepcion',
    ...NUMBER,
    sha256: 'ours',
    trackId: null,
    codigo: null,
    mensajes: [],
    secuenciaUtilizada: null,
    httpStatus: 200,
    answer: 'delivered',
    fault: null,
    processed: true,
    visibleAt: null,
    pendingPolls: 0,
    facts: null,
    ...draft,
  }));
}

const WINDOW_MS = 3_000;
const found = (lines: readonly LedgerEntry[], told: readonly Told[]): Offences =>
  findOffences(lines, told, WINDOW_MS);
const second = (at: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString();
const upload = { codigo: '1' };
const barred = { processed: false, fault: 'html' };
const asked = { service: 'consultatrackids', sha256: null } as const;
const taken = { codigo: '2' };
const unasked = { environment: 'certecf' } as const;

describe('the checker of sends', () => {
  it.each<[string, readonly Partial<LedgerEntry>[]]>([
    ['one upload', [upload]],
    ['an answer lost, asked about, adopted', [{ ...upload, fault: 'answer-lost' }, asked]],
    ['a page of HTML, asked about, sent again', [barred, asked, upload]],
    ['a token refused at the door', [{ processed: false, httpStatus: 401 }, upload]],
    [
      'DGII said «none» because it was slow to show what it had',
      [upload, { ...asked, fault: 'late' }, taken],
    ],
    [
      'a resend after the window where nobody can be asked',
      [
        { ...barred, ...unasked },
        { ...upload, ...unasked, time: second(3) },
      ],
    ],
  ])('finds nothing: %s', (_name, lines) => {
    expect(found(ledger(...lines), [TOLD])).toEqual(NOTHING);
  });

  it.each<[string, readonly Partial<LedgerEntry>[]]>([
    ['at once', [barred, upload]],
    [
      'within the window where nobody can be asked',
      [
        { ...barred, ...unasked },
        { ...upload, ...unasked, time: second(2) },
      ],
    ],
    ['though DGII said that it has it', [upload, asked, taken]],
    ['though the query failed', [barred, { ...asked, processed: false, httpStatus: 503 }, upload]],
    ['though the answer never came', [barred, { ...asked, answer: 'withheld' }, upload]],
    ['on an answer from before the upload', [asked, barred, upload]],
    ['on one answer for two resends', [barred, asked, barred, upload]],
    [
      'on an answer that came after it had gone',
      [barred, { ...upload, arrivedAt: second(1), time: second(3) }, { ...asked, time: second(2) }],
    ],
  ])('finds a blind resend: %s', (_name, lines) => {
    expect(found(ledger(...lines), [TOLD]).blindResends).toEqual([KEY]);
  });

  it('finds what DGII accepted twice, and other bytes', () => {
    const lines = ledger(barred, asked, upload, { ...upload, sha256: 'others' });
    expect(found(lines, [TOLD])).toMatchObject({
      doubleAcceptances: [KEY],
      otherBytes: [KEY],
    });
  });

  it('finds what has no end, another end, or is known to one side only', () => {
    const open = { ...TOLD, state: 'UNKNOWN' } as const;
    expect(found(ledger(upload), [open])).toMatchObject({ notFinal: [KEY] });
    const rejected = { ...TOLD, state: 'REJECTED' } as const;
    expect(found(ledger(upload), [rejected])).toMatchObject({ contradicted: [KEY] });
    expect(found(ledger(barred), [TOLD])).toMatchObject({ contradicted: [KEY] });
    expect(found(ledger(upload), [])).toMatchObject({ strangers: [KEY] });
    expect(found([], [TOLD])).toMatchObject({ strangers: [KEY] });
  });

  it('tells how hard it was', () => {
    const lost = { ...upload, fault: 'answer-lost' };
    expect(hardshipOf(ledger(barred, asked, lost, { ...upload, encf: 'E2' }))).toEqual({
      documents: 2,
      uploads: 3,
      resends: 1,
      queries: 1,
      byFault: { html: 1, 'answer-lost': 1, none: 1 },
    });
  });
});
