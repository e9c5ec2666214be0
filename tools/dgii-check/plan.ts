import { DGII_SERVICES, type DgiiStatusApi } from '@getupnet/dgii-api';
import type { CheckSession } from './session.js';
import { keyOf, type Step } from './step.js';
import { certificateStep, signStep, tokenStep } from './steps/authentication.js';
import { clockStep } from './steps/clock.js';
import { destinationStep } from './steps/destination.js';
import { lastOf, nameStep, tcpStep, type Host } from './steps/host.js';
import { proxyStep, runtimeStep } from './steps/runtime.js';
import { semillaStep } from './steps/semilla.js';
import { statusStep } from './steps/service-status.js';
import { delegationStep, directoryStep } from './steps/taxpayer.js';
import { tlsStep } from './steps/tls.js';

/** Every step of a check, in the order in which one stands on another. */
export function planOf(session: CheckSession, status: DgiiStatusApi): readonly Step[] {
  const hosts = hostsOf(session);
  const front = hostOf(session, hosts, 'autenticacion');
  const semilla = semillaStep(session, front);
  const { baseUrl } = session.settings;
  return [
    runtimeStep(session.world),
    proxyStep(session.world),
    ...(baseUrl === null ? [] : [destinationStep(baseUrl)]),
    ...hosts.flatMap((host) => [nameStep(host), tcpStep(host, session), tlsStep(host, session)]),
    semilla,
    clockStep(session, keyOf(semilla)),
    certificateStep(session),
    signStep(session, keyOf(semilla)),
    tokenStep(session),
    delegationStep(session),
    directoryStep(session),
    statusStep(session, status, lastOf(hostOf(session, hosts, 'estatusservicios'))),
  ];
}

type Service = (typeof DGII_SERVICES)[number];

/** One entry for each server, however many services live on it. */
function hostsOf({ settings }: CheckSession): readonly Host[] {
  const { endpoints, environment, statusKey } = settings;
  const found = new Map<string, Host>();
  for (const service of DGII_SERVICES) {
    const base = endpoints.base(environment, service);
    if (base === null) continue;
    const known = found.get(base.origin);
    const optional = service === 'estatusservicios' && statusKey === null;
    found.set(base.origin, {
      origin: new URL(base.origin),
      name: base.host,
      optional: (known?.optional ?? true) && optional,
    });
  }
  return [...found.values()];
}

function hostOf({ settings }: CheckSession, hosts: readonly Host[], service: Service): Host {
  const base = settings.endpoints.base(settings.environment, service);
  const host = hosts.find(({ origin }) => origin.origin === base?.origin);
  if (!host) throw new RangeError(`no host for ${service}`);
  return host;
}
