import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Environment } from '@getupnet/contracts';
import {
  approvalMeaning,
  DGII_SERVICES,
  DgiiApi,
  DgiiEndpoints,
  DgiiStatusApi,
  EmisorReceptorApi,
  meaningOf,
  receiverBase,
  voidMeaning,
  type AuthorisedCall,
  type DgiiAnswer,
  type DgiiService,
} from '@getupnet/dgii-api';
import {
  OPERATIONS,
  startSimulator,
  type Operation,
  type Simulator,
} from '@getupnet/dgii-simulator';
import { newId } from '@getupnet/kernel';
import { ODD_SHAPES, OddTransport } from './testing/odd-shapes.js';
import {
  approvalOf31,
  approvalOfXml,
  BUYER,
  ecf31,
  ISSUER,
  rfce,
  TestSign,
  voidOf31,
} from './testing/signed-documents.js';

/** What the contracts below have at hand. */
interface Stage {
  readonly api: DgiiApi;
  readonly status: DgiiStatusApi;
  readonly counterpart: EmisorReceptorApi;
  readonly simulator: Simulator;
  /** A receiver that takes everything. */
  readonly receiver: string;
  readonly call: (environment: Environment) => Promise<AuthorisedCall>;
  readonly next: () => number;
}

interface Contract {
  /** The simulator's operations it covers. */
  readonly operations: readonly Operation[];
  readonly holds: (stage: Stage) => Promise<void>;
}

const LISTED = {
  nombre: 'ACME',
  rnc: BUYER,
  urlRecepcion: 'https://acme.do/FE/Recepcion/api/ecf/',
  urlAceptacion: 'https://acme.do',
};

const sign = new TestSign();

async function signedSemilla(xml: string): Promise<string> {
  const item = { documentId: newId(), kind: 'semilla', xml } as const;
  const [signed] = await sign.sign({ tenantId: newId(), requester: 'test', items: [item] });
  if (!signed?.ok) throw new Error('not signed');
  return signed.xml;
}

function valueOf<T>(answer: DgiiAnswer<T>): T {
  if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
  return answer.value;
}

/** One contract per service of DGII: a service without one does not compile, nor pass. */
const CONTRACTS: Readonly<Record<DgiiService, Contract>> = {
  autenticacion: {
    operations: ['semilla', 'validarsemilla'],
    holds: async ({ api }) => {
      for (const environment of ['testecf', 'certecf', 'ecf'] as const) {
        const semilla = valueOf(await api.getSemilla(environment));
        const signed = await signedSemilla(semilla);
        const { token, expira } = valueOf(await api.validarSemilla(environment, signed));
        expect(token).toMatch(/^ey/);
        expect(Date.parse(expira ?? '')).toBeGreaterThan(Date.now());
      }
      const unsigned = await api.validarSemilla('testecf', '<SemillaModel/>');
      expect(unsigned).toMatchObject({ kind: 'refused', httpStatus: 400 });
    },
  },
  recepcion: {
    operations: ['recepcion'],
    holds: async ({ api, call, next }) => {
      const file = await ecf31(next());
      const { trackId } = valueOf(
        await api.enviarEcf(await call('certecf'), { rnc: ISSUER, ...file }),
      );
      expect(trackId).not.toBe('');
      const odd = { rnc: ISSUER, encf: 'E310000009999', xml: 'not an e-CF' };
      expect(await api.enviarEcf(await call('certecf'), odd)).toMatchObject({
        kind: expect.stringMatching(/^(refused|ok)$/),
      });
    },
  },
  consultaresultado: {
    operations: ['consultaresultado'],
    holds: async ({ api, call, next }) => {
      const certification = await call('certecf');
      const file = await ecf31(next());
      const sent = await api.enviarEcf(certification, { rnc: ISSUER, ...file });
      const { trackId } = valueOf(sent);
      const result = valueOf(await api.consultarResultado(certification, trackId));
      expect(result).toMatchObject({
        trackId,
        estado: 'Aceptado',
        rnc: ISSUER,
        encf: file.encf,
        secuenciaUtilizada: true,
      });
      expect(meaningOf(result)).toBe('ACCEPTED');
      expect(Math.abs((result.receivedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
      const unknown = valueOf(await api.consultarResultado(certification, newId()));
      expect(meaningOf(unknown)).toBe('NOT_FOUND');
    },
  },
  recepcionfc: {
    operations: ['recepcionfc'],
    holds: async ({ api, call, next }) => {
      const file = await rfce(next());
      const testing = await call('testecf');
      const verdict = valueOf(await api.enviarRfce(testing, { rnc: ISSUER, ...file }));
      expect(verdict).toMatchObject({ encf: file.encf, secuenciaUtilizada: true });
      expect(meaningOf(verdict)).toBe('ACCEPTED');
      const again = valueOf(await api.enviarRfce(testing, { rnc: ISSUER, ...file }));
      expect(meaningOf(again)).toBe('REJECTED');
      expect(again.mensajes[0]?.valor).not.toBe('');
    },
  },
  consultarfce: {
    operations: ['consultarfce'],
    holds: async ({ api, call, next }) => {
      const production = await call('ecf');
      const file = await rfce(next());
      await api.enviarRfce(production, { rnc: ISSUER, ...file });
      const asked = valueOf(await api.consultarRfce(production, { rnc: ISSUER, ...file }));
      expect(asked.encf).toBe(file.encf);
      expect(meaningOf(asked)).toBe('ACCEPTED');
      const other = { rnc: ISSUER, encf: 'E320000009999', codigoSeguridad: 'AAAAAA' };
      const none = valueOf(await api.consultarRfce(production, other));
      expect(meaningOf(none)).toBe('NOT_FOUND');
      expect(await api.consultarRfce(await call('testecf'), other)).toEqual({
        kind: 'unsupported',
      });
    },
  },
  consultaestado: {
    operations: ['consultaestado'],
    holds: async ({ api, call, next }) => {
      const testing = await call('testecf');
      const file = await ecf31(next());
      const document = { rnc: ISSUER, buyerRnc: BUYER, ...file };
      await api.enviarEcf(testing, document);
      const found = valueOf(await api.consultarEstado(testing, document));
      expect(found).toMatchObject({ rnc: ISSUER, encf: file.encf });
      expect(meaningOf(found)).toBe('ACCEPTED');
      const other = { ...document, encf: 'E310000008888' };
      expect(meaningOf(valueOf(await api.consultarEstado(testing, other)))).toBe('NOT_FOUND');
      expect(await api.consultarEstado(await call('certecf'), other)).toEqual({
        kind: 'unsupported',
      });
    },
  },
  consultatrackids: {
    operations: ['consultatrackids'],
    holds: async ({ api, call, next }) => {
      const testing = await call('testecf');
      const file = await ecf31(next());
      const sent = await api.enviarEcf(testing, { rnc: ISSUER, ...file });
      const { trackId } = valueOf(sent);
      const tracks = valueOf(await api.consultarTrackIds(testing, { rnc: ISSUER, ...file }));
      expect(tracks).toMatchObject([{ trackId, estado: 'Aceptado', receivedAt: expect.any(Date) }]);
      const other = { rnc: ISSUER, encf: 'E310000008888' };
      expect(valueOf(await api.consultarTrackIds(testing, other))).toEqual([]);
      expect(await api.consultarTrackIds(await call('certecf'), other)).toEqual({
        kind: 'unsupported',
      });
    },
  },
  aprobacioncomercial: {
    operations: ['aprobacioncomercial'],
    holds: async ({ api, call, next }) => {
      const testing = await call('testecf');
      const number = next();
      await api.enviarEcf(testing, { rnc: ISSUER, ...(await ecf31(number)) });
      const approval = { rncComprador: BUYER, ...(await approvalOf31(number)) };
      const taken = valueOf(await api.enviarAprobacion(testing, approval));
      expect(approvalMeaning(taken)).toBe('ACCEPTED');
      const nobodys = { rncComprador: BUYER, ...(await approvalOf31(next())) };
      const refused = valueOf(await api.enviarAprobacion(testing, nobodys));
      expect(approvalMeaning(refused)).toBe('REJECTED');
      expect(refused.mensajes[0]?.valor).toMatch(/factura/);
      const broken = { ...approval, xml: 'not XML' };
      expect(await api.enviarAprobacion(testing, broken)).toMatchObject({ kind: 'refused' });
    },
  },
  anulacionrangos: {
    operations: ['anulacionrangos'],
    holds: async ({ api, call, next }) => {
      const testing = await call('testecf');
      const first = 100_000 + next() * 10;
      const request = { rnc: ISSUER, xml: await voidOf31(first, first + 5), now: new Date() };
      const voided = valueOf(await api.anularRangos(testing, request));
      expect(voided.rnc).toBe(ISSUER);
      expect(voidMeaning(voided)).toBe('ACCEPTED');
      const again = valueOf(await api.anularRangos(testing, request));
      expect(voidMeaning(again)).toBe('REJECTED');
      expect(again.mensajes[0]?.valor).toMatch(/utilizadas/);
      const broken = { ...request, xml: 'not XML' };
      expect(await api.anularRangos(testing, broken)).toMatchObject({ kind: 'refused' });
      expect(await api.anularRangos(await call('certecf'), request)).toEqual({
        kind: 'unsupported',
      });
    },
  },
  consultadirectorio: {
    operations: ['directoriolistado', 'directorioporrnc'],
    holds: async ({ api, call, simulator: { url } }) => {
      const production = await call('ecf');
      expect(valueOf(await api.directory(production, BUYER))).toEqual([
        { ...LISTED, urlOpcional: null },
      ]);
      expect(valueOf(await api.directory(production, ISSUER))).toEqual([]);
      expect(valueOf(await api.directoryList(production))).toHaveLength(1);
      const [dgii] = valueOf(await api.directory(await call('testecf'), BUYER));
      expect(receiverBase(dgii?.urlRecepcion ?? null)).toBe(`${url}/ecf/testecf/emisorreceptor`);
      expect(await api.directoryList(await call('certecf'))).toEqual({ kind: 'unsupported' });
    },
  },
  estatusservicios: {
    operations: [],
    holds: async ({ simulator, status }) => {
      const key = 'any';
      expect(valueOf(await status.statuses('testecf', key))).toContainEqual({
        servicio: 'Recepción',
        estatus: 'Disponible',
        ambiente: 'PreCertificacion',
        service: 'recepcion',
        environment: 'testecf',
        available: true,
      });
      for (const environment of ['testecf', 'certecf', 'ecf'] as const) {
        expect(valueOf(await status.available(environment, key))).toBe(true);
      }
      expect(valueOf(await status.maintenanceWindows('ecf', key))).toEqual([]);

      const days = ['31-12-2027'];
      const announced = { kind: 'maintenance', days, from: '23:00', to: '03:00' } as const;
      const faults = [
        simulator.control.addFault({ ...announced, environment: 'certecf' }),
        simulator.control.addFault({
          kind: 'down',
          operation: 'anulacionrangos',
          environment: 'ecf',
        }),
      ];
      expect(valueOf(await status.maintenanceWindows('ecf', key))).toMatchObject([
        {
          environment: 'certecf',
          dias: days,
          periods: [{ from: new Date('2028-01-01T03:00Z'), to: new Date('2028-01-01T07:00Z') }],
        },
      ]);
      const statuses = valueOf(await status.statuses('ecf', key));
      const down = statuses.filter(({ available }) => available !== true);
      expect(down).toMatchObject([{ service: 'anulacionrangos', environment: 'ecf' }]);
      expect(valueOf(await status.available('ecf', key))).toBe(false);
      for (const id of faults) simulator.control.removeFault(id);
    },
  },
  emisorreceptor: {
    operations: [
      'receptorsemilla',
      'receptorvalidacion',
      'receptorrecepcion',
      'receptoraprobacion',
      'emisoremision',
      'emisoracuse',
      'emisoraprobacion',
    ],
    holds: async ({ api, counterpart, call, next, simulator: { url }, receiver }) => {
      const semilla = valueOf(await counterpart.getSemilla());
      const token = valueOf(await counterpart.validarCertificado(await signedSemilla(semilla)));
      const theirs = { token: token.token };
      const dgii = await call('testecf');

      const base = `${url}/ecf/testecf/emisorreceptor`;
      const wanted = { rnc: BUYER, tipoEncf: '31', urlRecepcion: base, urlAutenticacion: base };
      const issued = await approvalOfXml(valueOf(await counterpart.emitir(dgii, wanted)));
      const document = { rnc: BUYER, encf: issued.encf };
      const receipt = valueOf(await counterpart.consultarAcuse(dgii, document));
      expect(receipt).toMatchObject({ ...document, estado: 'Aceptado' });
      expect((await counterpart.entregarAprobacion(theirs, issued)).kind).toBe('ok');
      const nobodys = { rncComprador: BUYER, ...(await approvalOf31(next())) };
      expect((await counterpart.entregarAprobacion(theirs, nobodys)).kind).toBe('refused');

      const file = await ecf31(next());
      const arecf = valueOf(await counterpart.entregarEcf(theirs, { rnc: ISSUER, ...file }));
      expect(arecf).toMatch(/<Estado>0<\/Estado>/);
      const approval = valueOf(
        await counterpart.enviarAprobacion(dgii, {
          rnc: ISSUER,
          encf: file.encf,
          estadoAprobacion: '1',
          urlAprobacionComercial: receiver,
          urlAutenticacion: null,
        }),
      );
      expect(approval).toContain(`<eNCF>${file.encf}</eNCF>`);
      expect((await api.getSemilla('testecf')).kind).toBe('ok');
    },
  },
};

/** Client and simulator must understand each other in every operation and in every shape. */
describe('client and DGII', () => {
  let simulator: Simulator;
  let receiver: Server;
  let number = 0;

  beforeAll(async () => {
    simulator = await startSimulator({
      trust: 'any',
      validationDelayMs: 0,
      environments: { ecf: { directory: [LISTED] } },
    });
    receiver = createServer((request, response) => {
      request.resume().on('end', () => response.end());
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
  });
  afterAll(async () => {
    receiver.close();
    await simulator.close();
  });

  it('knows every operation of the simulator but the pages for browsers', () => {
    expect(Object.keys(CONTRACTS).sort()).toEqual([...DGII_SERVICES].sort());
    const covered = Object.values(CONTRACTS).flatMap(({ operations }) => operations);
    const forBrowsers = ['consultatimbre', 'consultatimbrefc'];
    expect([...covered, ...forBrowsers].sort()).toEqual([...OPERATIONS].sort());
  });

  describe.each(Object.keys(ODD_SHAPES))('%s', (shape) => {
    let transport: OddTransport;
    let stage: Stage;

    beforeAll(() => {
      const reshape = ODD_SHAPES[shape];
      if (!reshape) throw new Error(shape);
      transport = new OddTransport(reshape);
      const endpoints = new DgiiEndpoints({ baseUrl: simulator.url });
      const api = new DgiiApi(endpoints, transport);
      const tokens = new Map<Environment, AuthorisedCall>();
      stage = {
        api,
        status: new DgiiStatusApi(endpoints, transport),
        counterpart: new EmisorReceptorApi(endpoints, transport),
        simulator,
        receiver: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
        next: () => (number += 1),
        call: async (environment) => {
          const known = tokens.get(environment);
          if (known) return known;
          const semilla = await signedSemilla(valueOf(await api.getSemilla(environment)));
          const { token } = valueOf(await api.validarSemilla(environment, semilla));
          tokens.set(environment, { environment, token });
          return { environment, token };
        },
      };
    });
    afterAll(() => transport.close());

    it.each(DGII_SERVICES)('%s', async (service) => {
      await CONTRACTS[service].holds(stage);
      const asked = [...transport.paths].filter((path) => path.includes(`/${service}`));
      expect(asked).not.toEqual([]);
    });
  });
});
