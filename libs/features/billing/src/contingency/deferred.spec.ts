import { readFileSync } from 'node:fs';
import type { Sign, SignRequest } from '@getupnet/contracts';
import type { Config } from '@getupnet/platform';
import { FakeClock } from '@getupnet/testkit';
import type { DocumentSteps, Step } from '../emission/document-steps.js';
import type { EmissionDocument } from '../emission/emission-document.js';
import { SignStage } from '../emission/sign-stage.js';
import { Stint } from '../emission/stint.js';
import { emissionDocument } from '../emission/testing/emission-document.js';

const PLAIN = readFileSync('libs/ecf/examples/31/minimal.xml', 'utf8').trim();
const EXPIRY = '</FechaVencimientoSecuencia>';
const DEFERRED = PLAIN.replace(
  EXPIRY,
  `${EXPIRY}<IndicadorEnvioDiferido>1</IndicadorEnvioDiferido>`,
);
const LEASE_MS = 45_000;
const HOUR_MS = 3_600_000;

describe('deferred sending', () => {
  const signed = async (unsigned: string, afterMs: number): Promise<Step | undefined> => {
    const applied: Step[] = [];
    const sign = {
      sign: ({ items }: SignRequest) =>
        Promise.resolve(
          items.map(({ documentId, kind }) => ({
            ...{ ok: true, documentId, kind, xml: '<ECF/>', sha256: 'ab', certificateId: 'c' },
            codigoSeguridad: 'abcdef',
          })),
        ),
    } as unknown as Sign;
    const steps = {
      apply: (_document: EmissionDocument, step: Step) => {
        applied.push(step);
        return Promise.resolve(null);
      },
    } as unknown as DocumentSteps;
    const config = { get: () => ({ BILLING_DEFERRED_AFTER_MS: afterMs }) } as unknown as Config;
    const document = emissionDocument({ state: 'QUEUED', bodies: { unsigned } });
    const stint = new Stint('test', LEASE_MS, new FakeClock());
    await new SignStage(sign, steps, config).run([document], stint, LEASE_MS);
    return applied[0];
  };

  it('a document that says so waits with a term of 24 hours and without an intent to send', async () => {
    const step = await signed(DEFERRED, 2 * HOUR_MS);
    expect(step).toMatchObject({
      through: ['SIGNED', 'DEFERRED'],
      patch: { codigoSeguridad: 'abcdef', sendWithinMs: 24 * HOUR_MS },
      nextAttemptInMs: 2 * HOUR_MS,
      enqueue: false,
    });
    expect(step?.leaseMs).toBeUndefined();
  });

  it('at once where nothing else is set', async () => {
    const now = { through: ['SIGNED', 'DEFERRED'], nextAttemptInMs: 0, enqueue: true };
    expect(await signed(DEFERRED, 0)).toMatchObject(now);
  });

  it('any other document is sent by whoever signs it', async () => {
    expect(await signed(PLAIN, 2 * HOUR_MS)).toMatchObject({
      through: ['SIGNED', 'SENDING'],
      leaseMs: LEASE_MS,
    });
  });
});
