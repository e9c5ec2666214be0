import { jest } from '@jest/globals';
import type { DgiiVerdict } from '@getupnet/contracts';
import { SystemClock } from '@getupnet/kernel';
import type { EmissionReader, SendingHistory } from '@getupnet/persistence';
import { Logger } from '@nestjs/common';
import type { DocumentSteps, Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { Stint } from './stint.js';
import { VerdictRecorder } from './verdict-recorder.js';
import { emissionDocument } from './testing/emission-document.js';

const DOCUMENT = emissionDocument({
  environment: 'certecf',
  attempts: 2,
  epoch: 2,
  leased: true,
  sendingForMs: 100,
});

function taken(codigo: string): DgiiVerdict {
  return {
    codigo: '2',
    estado: 'Rechazado',
    status: 'REJECTED',
    mensajes: [{ codigo, valor: 'El e-NCF ya fue utilizado.' }],
    secuenciaUtilizada: true,
    fechaRecepcion: null,
  };
}

const hearing = { by: 'poll', before: [] } as const;
const stint = (): Stint => new Stint('test', 1_000, new SystemClock());

describe('VerdictRecorder', () => {
  const through = async (
    document: Partial<EmissionDocument>,
    history: Partial<SendingHistory>,
    codigo = '1209',
    as: 'verdict' | 'refusal' = 'verdict',
  ): Promise<readonly string[]> => {
    const applied: Step[] = [];
    const steps = {
      apply: (_document: EmissionDocument, step: Step) => {
        applied.push(step);
        return Promise.resolve(null);
      },
    } as unknown as DocumentSteps;
    const reader = {
      sendingHistory: () => Promise.resolve({ unanswered: false, echoed: false, ...history }),
      load: () => Promise.resolve(null),
    } as unknown as EmissionReader;
    const recorder = new VerdictRecorder(steps, reader);
    const sent = { ...DOCUMENT, ...document };
    if (as === 'verdict') await recorder.record(sent, taken(codigo), hearing, stint());
    else {
      const recorded = await recorder.recordRefusal(sent, taken(codigo).mensajes, stint());
      expect(recorded).toBe(applied.length > 0);
    }
    return applied.flatMap((step) => step.through);
  };
  const unanswered = { unanswered: true };

  it('takes the echo of an unanswered send for an acceptance where nobody can be asked', async () => {
    expect(await through({}, unanswered)).toEqual(['ACCEPTED']);
    expect(await through({ state: 'SUBMITTED' }, unanswered)).toEqual(['ACCEPTED']);
  });

  it('asks about the first send where DGII can be asked, whenever the echo comes', async () => {
    expect(await through({ environment: 'testecf' }, unanswered)).toEqual(['UNKNOWN']);
    const later = { environment: 'ecf', state: 'SUBMITTED' } as const;
    expect(await through(later, unanswered)).toEqual(['UNKNOWN']);
  });

  it('asks once: what DGII goes on saying is its verdict', async () => {
    const echoed = { unanswered: true, echoed: true };
    const polled = { environment: 'testecf', state: 'SUBMITTED' } as const;
    expect(await through(polled, echoed)).toEqual(['REJECTED']);
    const asked = { environment: 'testecf', state: 'UNKNOWN' } as const;
    expect(await through(asked, unanswered)).toEqual(['REJECTED']);
  });

  it('asks about the first send too when the second is refused at reception', async () => {
    const testecf = { environment: 'testecf' } as const;
    expect(await through(testecf, unanswered, '1209', 'refusal')).toEqual(['UNKNOWN']);
    // For a person: another refusal, an answered send, one asked about before, nobody to ask.
    expect(await through(testecf, unanswered, '614', 'refusal')).toEqual([]);
    expect(await through(testecf, {}, '1209', 'refusal')).toEqual([]);
    const echoed = { unanswered: true, echoed: true };
    expect(await through(testecf, echoed, '1209', 'refusal')).toEqual([]);
    expect(await through({}, unanswered, '1209', 'refusal')).toEqual([]);
  });

  it.each(['certecf', 'testecf', 'ecf'] as const)(
    'believes in %s that the number is somebody else’s when every send was answered',
    async (environment) => {
      expect(await through({ environment, attempts: 3 }, {})).toEqual(['REJECTED']);
    },
  );

  it.each([
    ['REJECTED', 'ACCEPTED', 1],
    ['REJECTED', 'REJECTED', 0],
    ['REJECTED', 'SUBMITTED', 0],
  ] as const)(
    'DGI-3: a verdict %s that comes after %s was recorded changes nothing; told %i times',
    async (_told, state, times) => {
      const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const steps = { apply: () => Promise.resolve(null) } as unknown as DocumentSteps;
      const reader = {
        load: () => Promise.resolve(emissionDocument({ state })),
      } as unknown as EmissionReader;
      const recorder = new VerdictRecorder(steps, reader);
      await recorder.record(
        emissionDocument({ state: 'SUBMITTED' }),
        taken('614'),
        hearing,
        stint(),
      );
      expect(errors).toHaveBeenCalledTimes(times);
      errors.mockRestore();
    },
  );

  it('takes other rejections as they are', async () => {
    expect(await through({}, unanswered, '614')).toEqual(['REJECTED']);
    expect(await through({ attempts: 1 }, unanswered)).toEqual(['REJECTED']);
  });
});
