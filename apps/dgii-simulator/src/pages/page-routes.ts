import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SimulatorControl } from '../control/control.js';
import { lowerCaseKeys } from '../http/arrival.js';
import { ownAsset } from './assets.js';
import { html } from './html.js';
import { PAGE_HEADERS, sendPage } from './layout.js';
import { activeFaults, forcedVerdicts } from './panel/faults-section.js';
import { panel } from './panel/panel.js';
import { sequencesSection } from './panel/sequences-section.js';
import { trafficDetails, trafficRow } from './panel/traffic-section.js';
import type { TrafficObserver } from './traffic/traffic-observer.js';
import { OBSERVED } from './services.js';
import type { TrafficFilter, TrafficRing } from './traffic/traffic-ring.js';
import { TrafficStream } from './traffic/traffic-stream.js';

const OWN_FILES = ['panel.css', 'panel.mjs'] as const;
/** Calls on a page that was just opened. */
const FIRST_ROWS = 100;

const wanted = z.object({
  service: z
    .enum([...OBSERVED])
    .optional()
    .catch(undefined),
  rnc: z
    .string()
    .regex(/^\d{1,11}$/)
    .optional()
    .catch(undefined),
  encf: z
    .string()
    .toUpperCase()
    .regex(/^E\d{0,12}$/)
    .optional()
    .catch(undefined),
  after: z.coerce.number().int().min(0).optional().catch(undefined),
});

/** The pages for people: `/`, and what it is made of under `/_pages`. */
export function addPages(
  server: FastifyInstance,
  control: SimulatorControl,
  traffic: TrafficObserver,
): void {
  const { ring } = traffic;
  traffic.attach(server);
  const stream = new TrafficStream({
    ring,
    renderRow: trafficRow,
    stateMark: () => {
      const { faults, forcedVerdicts } = control.state();
      return JSON.stringify([faults, forcedVerdicts]);
    },
    watch: () => traffic.watch(),
  });
  server.addHook('preClose', (done) => {
    stream.close();
    done();
  });
  const sequences = economically(() => control.sequences());
  server.get('/', async (request, reply) => {
    const filter = filterOf(request);
    const view = {
      state: control.state(),
      sequences: sequences(),
      rows: ring.after(0, filter, FIRST_ROWS),
      newest: ring.newest,
      filter,
      baseUrl: `${request.protocol}://${request.host}`,
    };
    sendPage(reply, 'Simulador de la DGII', panel(view));
    return reply;
  });
  server.get('/_pages/estado', async (_request, reply) => {
    const state = control.state();
    const parts = html`<main>
      ${activeFaults(state)} ${forcedVerdicts(state)} ${sequencesSection(sequences())}
    </main>`;
    sendPage(reply, 'Estado', parts);
    return reply;
  });
  addFiles(server);
  addTraffic(server, ring, stream);
}

/** Share of the time that open pages may spend on counting numbers. */
const SHARE = 50;

/** The same value again until it has aged by a multiple of what it cost: millions are counted. */
function economically<T>(make: () => T): () => T {
  let made: { readonly value: T; readonly untilMs: number } | undefined;
  return () => {
    const startMs = performance.now();
    if (made !== undefined && startMs < made.untilMs) return made.value;
    const value = make();
    const endMs = performance.now();
    made = { value, untilMs: endMs + SHARE * (endMs - startMs) };
    return value;
  };
}

function addFiles(server: FastifyInstance): void {
  for (const name of OWN_FILES) {
    server.get(`/_pages/${name}`, async (_request, reply) => {
      const { type, bytes } = ownAsset(name);
      return reply.headers(PAGE_HEADERS).type(type).send(bytes);
    });
  }
}

function addTraffic(server: FastifyInstance, ring: TrafficRing, stream: TrafficStream): void {
  // A HEAD would open a stream that nobody reads, and never end it.
  const streams = { exposeHeadRoute: false };
  server.get('/_pages/llamadas', streams, async (request, reply) => {
    const given = wanted.parse(request.query);
    // A browser that lost the connection says what it saw last.
    const seen = Number(request.headers['last-event-id'] ?? given.after ?? ring.newest);
    const events = stream.open(filterOf(request), Number.isSafeInteger(seen) ? seen : ring.newest);
    if (events === undefined)
      return reply.code(503).send({ error: 'Hay demasiadas páginas abiertas.' });
    return reply.headers(PAGE_HEADERS).type('text/event-stream; charset=utf-8').send(events);
  });
  server.get<{ Params: { id: string } }>('/_pages/llamadas/:id', async (request, reply) => {
    const row = ring.get(Number(request.params.id));
    const back = html`<p><a href="/">Volver al simulador</a></p>`;
    if (row === undefined) {
      const gone = html`<main>
        <h1>Ya no se recuerda esa llamada</h1>
        <p>Aquí solo están las últimas; la bitácora las tiene todas.</p>
        ${back}
      </main>`;
      sendPage(reply, 'Llamada', gone, 404);
    } else {
      sendPage(reply, `Llamada ${row.id}`, html`<main>${trafficDetails(row)} ${back}</main>`);
    }
    return reply;
  });
}

function filterOf(request: FastifyRequest): TrafficFilter {
  const given = Object.entries(lowerCaseKeys(request.query)).map(([key, value]) => [
    key,
    value.trim(),
  ]);
  const { service, rnc, encf } = wanted.parse(Object.fromEntries(given));
  return {
    ...(service === undefined ? {} : { service }),
    ...(rnc === undefined ? {} : { rnc }),
    ...(encf === undefined ? {} : { encf }),
  };
}
