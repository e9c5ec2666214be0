import type { Environment } from '@getupnet/contracts';
import type { Signer, TrustCheck } from '@getupnet/xmldsig';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from './authority/authority-files.js';
import { ROOT_PATH, addAuthorityRoutes } from './authority/authority-routes.js';
import { CertificateIssuer, type TestCertificate } from './authority/certificate-issuer.js';
import type { CertificateRequest } from './authority/certificate-request.js';
import { counterpartSigner } from './authority/counterpart-signer.js';
import { refusalNotice } from './authority/refusal-notice.js';
import { SimulatorControl } from './control/control.js';
import { addControlRoutes } from './control/control-routes.js';
import { guardLocal } from './control/local-guard.js';
import { FaultBook } from './faults/fault-book.js';
import { startChaos } from './faults/start-chaos.js';
import { ForcedVerdicts } from './faults/forced-verdicts.js';
import { Exchange } from './http/exchange.js';
import { buildServer } from './http/server.js';
import type { Operation } from './http/service-map.js';
import { speaksTls, tlsServer } from './http/tls-server.js';
import { DocumentJudge } from './judge/document-judge.js';
import type { Judge } from './judge/judge.js';
import { SemillaReader } from './judge/semilla-reader.js';
import { SignedReader } from './judge/signed-reader.js';
import { trustByEnvironment } from './judge/trust.js';
import { addHelp } from './pages/help/help-routes.js';
import { addPages } from './pages/page-routes.js';
import { TrafficObserver } from './pages/traffic/traffic-observer.js';
import { addPortal } from './portal/http/portal-pages.js';
import { openPortal, type Portal } from './portal/portal.js';
import { resolveSettings, type Settings, type SimulatorOptions } from './options.js';
import { anulacionRangos } from './services/anulacion-rangos.js';
import { aprobacionComercial } from './services/aprobacion-comercial.js';
import { ReceiverClient } from './sender/receiver-client.js';
import { semilla, validarSemilla } from './services/autenticacion.js';
import type { Handler } from './services/call.js';
import { consultaResultado } from './services/consulta-resultado.js';
import { consultaEstado, consultaRfce, consultaTrackIds } from './services/consultas.js';
import { directorioListado, directorioPorRnc } from './services/directorio.js';
import { emisorAcuse, emisorAprobacion, emisorEmision } from './services/emisor.js';
import { ServiceStatus } from './services/estatus.js';
import { recepcion, recepcionFc } from './services/recepcion.js';
import { receptorAprobacion } from './services/receptor-aprobacion.js';
import { receptorRecepcion } from './services/receptor.js';
import { Semillas } from './services/semillas.js';
import { consultaTimbre, consultaTimbreFc } from './services/timbre.js';
import { Tokens } from './services/tokens.js';
import type { ControlRecord } from './state/control-record.js';
import { CounterpartStore } from './state/counterpart-store.js';
import { DocumentStore } from './state/document-store.js';
import { Ledger } from './state/ledger.js';
import { replayEntry } from './state/replay.js';

/** A running simulator. */
export interface Simulator {
  /** `http://host:port`; services are below `/ecf`, `/fc` and `/statusecf`. */
  readonly url: string;
  readonly control: SimulatorControl;
  /** PEM of the simulator's own authority, the root of the certificates it issues. */
  readonly rootPem: string;
  /** A test certificate with its P12, good or with a defect on purpose. */
  issueCertificate(request: CertificateRequest): Promise<TestCertificate>;
  close(): Promise<void>;
}

const KEY_BYTES = 32;

/** Starts a DGII of our own: what it received is in its ledger, and it judges as DGII does. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = resolveSettings(options);
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'dgii-simulator-'));
  const now = (): Date => settings.clock.now();
  const authority = await openAuthority(dataDir, now());
  const isTls = speaksTls(options);
  const memory = await openMemory(dataDir, settings, { fsync: options.fsync ?? false, tls: isTls });
  const { store, counterpart, faults, forced, semillas, tokens, ledger } = memory;
  const issuer = new CertificateIssuer(authority, now);
  const trust = trustByEnvironment(settings.environments, issuer.rootPem, now);
  const reader = new SignedReader(trust);
  const judge = new DocumentJudge({ settings, reader, store, forced });
  const signer = counterpartSigner(authority, options.counterpartSigner);
  const client = new ReceiverClient(signer);
  const known = { settings, store, counterpart, reader, signer, client };
  const portal = openPortal(dataDir, options.fsync, { ...known, trust: trust.certecf });
  let listening = '';
  const parts = {
    ...known,
    judge: portal.listen(judge),
    portal,
    semillas,
    tokens,
    trust,
    notice: options.onNotice ?? (() => undefined),
    publicUrl: () => options.publicUrl ?? listening,
  };
  const handlers = handlersOf(parts);
  const blind = handlersOf({ ...parts, store: new DocumentStore() });
  const { magicValues } = settings;
  const stage = { handlers, blind, faults, tokens, ledger, store, magicValues };
  const exchange = new Exchange({ now, ...stage });
  const status = new ServiceStatus(faults, now);
  const listener = isTls
    ? tlsServer({ options, settings, authority, faults, ledger, now })
    : undefined;
  const server = buildServer(settings, exchange, status, listener);
  const traffic = new TrafficObserver(now);
  ledger.observer = (entry) => traffic.line(entry);
  const control = new SimulatorControl({ ...memory, now, seed: settings.seed, portal });
  guardLocal(server, settings.controlHosts, [ROOT_PATH]);
  addControlRoutes(server, control);
  addPages(server, control, traffic);
  addHelp(server);
  addPortal(server, portal);
  addAuthorityRoutes(server, issuer);
  const stop = async (): Promise<void> => {
    exchange.close();
    await server.close();
    await ledger.close();
    portal.close();
    reader.dispose();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  let stopping: Promise<void> | undefined;
  const close = (): Promise<void> => (stopping ??= stop());
  const begin = async (): Promise<string> => {
    if (options.chaos !== undefined) startChaos(options.chaos, faults);
    return server.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  };
  const url = await begin().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  listening = isTls ? url.replace('http:', 'https:') : url;
  return {
    url: listening,
    control,
    rootPem: issuer.rootPem,
    issueCertificate: (request) => issuer.issue(request),
    close,
  };
}

/** What DGII remembers, as its ledger tells it. */
async function openMemory(
  dataDir: string,
  { clock, seed, semillaLifetimeMs }: Settings,
  { fsync, tls }: { readonly fsync: boolean; readonly tls: boolean },
) {
  const store = new DocumentStore();
  const counterpart = new CounterpartStore();
  const journal = (control: ControlRecord): void => ledger.note({ control }, clock.now());
  const faults = new FaultBook({ seed, journal, tls });
  const forced = new ForcedVerdicts(journal);
  const semillas = new Semillas(semillaLifetimeMs);
  const tokens = new Tokens(tokenKey(dataDir));
  const ledger = await Ledger.open(join(dataDir, 'ledger.jsonl'), fsync, (entry) => {
    replayEntry(store, counterpart, entry);
    faults.replay(entry);
    forced.replay(entry);
    tokens.replay(entry);
  });
  return { store, counterpart, faults, forced, semillas, tokens, ledger };
}

interface HandlerParts {
  readonly settings: Settings;
  readonly store: DocumentStore;
  readonly counterpart: CounterpartStore;
  readonly judge: Judge;
  readonly portal: Portal;
  readonly reader: SignedReader;
  readonly semillas: Semillas;
  readonly tokens: Tokens;
  readonly trust: Readonly<Record<Environment, TrustCheck>>;
  readonly signer: () => Signer;
  readonly client: ReceiverClient;
  readonly publicUrl: () => string;
  readonly notice: (text: string) => void;
}

function handlersOf(parts: HandlerParts): Readonly<Record<Operation, Handler>> {
  const { settings, store, counterpart, judge, reader, semillas, tokens, signer } = parts;
  const { validationDelayMs } = settings;
  const ofTests = settings.environments.testecf;
  const queries = { store, settings };
  const semillaReader = new SemillaReader(parts.trust, (refused) =>
    parts.notice(refusalNotice(refused)),
  );
  const validar = validarSemilla({ semillas, tokens, reader: semillaReader, settings });
  return {
    semilla: semilla(semillas),
    validarsemilla: validar,
    recepcion: recepcion({ judge, store, validationDelayMs }),
    recepcionfc: recepcionFc({ judge, store, validationDelayMs }),
    consultaresultado: consultaResultado(store),
    consultaestado: consultaEstado(queries),
    consultatrackids: consultaTrackIds(queries),
    consultarfce: consultaRfce(queries),
    aprobacioncomercial: parts.portal.approvals.watch(
      aprobacionComercial({ reader, store, settings }),
    ),
    anulacionrangos: anulacionRangos({ reader, store, settings }),
    directoriolistado: directorioListado(parts),
    directorioporrnc: directorioPorRnc(parts),
    receptorsemilla: semilla(semillas),
    receptorvalidacion: validar,
    receptorrecepcion: receptorRecepcion({
      reader,
      counterpart,
      settings: ofTests,
      magicValues: settings.magicValues,
      signer,
    }),
    receptoraprobacion: receptorAprobacion({ reader, counterpart, settings: ofTests }),
    emisoremision: emisorEmision(parts),
    emisoracuse: emisorAcuse({ counterpart, settings }),
    emisoraprobacion: emisorAprobacion(parts),
    consultatimbre: consultaTimbre(store),
    consultatimbrefc: consultaTimbreFc(store),
  };
}

/** Tokens given before a restart stay good, as they do at DGII. */
function tokenKey(dataDir: string): Buffer {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'token.key');
  if (existsSync(path)) return readFileSync(path);
  const key = randomBytes(KEY_BYTES);
  writeFileSync(path, key, { mode: 0o600 });
  return key;
}
