import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { DgiiApi, DgiiEndpoints, DgiiStatusApi } from '@getupnet/dgii-api';
import { HttpTransport } from '@getupnet/http-client';
import { planOf } from './plan.js';
import { CheckSession } from './session.js';
import { keyOf, type Step } from './step.js';
import { ShiftedClock } from './testing/run-check.js';

function plan(environment: Environment, baseUrl: string | null = null): readonly Step[] {
  const endpoints = new DgiiEndpoints(baseUrl === null ? {} : { baseUrl });
  const transport = new HttpTransport();
  const settings = {
    environment,
    rnc: '131880738',
    endpoints,
    baseUrl,
    timeoutMs: 1_000,
    signer: null,
    statusKey: null,
  };
  const world = { clock: new ShiftedClock(), env: {} };
  const session = new CheckSession(settings, world, new DgiiApi(endpoints, transport));
  return planOf(session, new DgiiStatusApi(endpoints, transport));
}

const HOSTS = ['ecf.dgii.gov.do', 'fc.dgii.gov.do', 'statusecf.dgii.gov.do'];

test.each(ENVIRONMENTS)('%s: every host by name, connection and TLS', (environment) => {
  const steps = plan(environment);
  for (const id of ['dns', 'tcp', 'tls']) {
    expect(steps.filter((step) => step.id === id).map(({ target }) => target)).toEqual(HOSTS);
  }
});

test('one server that plays all hosts is looked at once, and named as what it is', () => {
  const steps = plan('testecf', 'https://simulador.example.com:9443');
  const targets = steps.filter(({ id }) => id === 'dns').map(({ target }) => target);
  expect(targets).toEqual(['simulador.example.com:9443']);
  expect(steps.map(({ id }) => id)).toContain('destination');
});

test('what a step stands on comes before it', () => {
  const steps = plan('testecf');
  const seen = new Set<string>();
  for (const step of steps) {
    expect(step.needs.filter((key) => !seen.has(key))).toEqual([]);
    seen.add(keyOf(step));
  }
  expect(seen.size).toBe(steps.length);
});
