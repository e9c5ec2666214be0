import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/layout.js';
import type { Portal } from '../portal.js';
import { ACTIONS } from './actions.js';
import { inputOf } from './input.js';
import { listPage } from './list-page.js';
import { addPortalApi, problemOf } from './portal-routes.js';
import { progressPage } from './progress-page.js';

interface Subject {
  readonly Params: { readonly rnc: string };
}

const TITLE = 'Portal de certificación';

/** The portal for people: `/_portal`, and a page for each applicant. */
function addPortalPages(server: FastifyInstance, portal: Portal): void {
  server.get('/_portal', async (_request, reply) => {
    sendPage(reply, TITLE, listPage(portal.all()));
    return reply;
  });
  server.post('/_portal', async (request, reply) => {
    try {
      const { rnc } = portal.papers.create(inputOf(request).fields);
      return await reply.redirect(`/_portal/${rnc}`, 303);
    } catch (error) {
      const { status, message } = problemOf(error);
      if (status >= 500) throw error;
      sendPage(reply, TITLE, listPage(portal.all(), message), status);
      return reply;
    }
  });
  server.get<Subject>('/_portal/:rnc', async (request, reply) => {
    const { rnc } = request.params;
    const known = portal.all().find((progress) => progress.rnc === rnc);
    if (known === undefined) {
      sendPage(reply, TITLE, listPage(portal.all(), `No hay postulación de ${rnc}.`), 404);
    } else sendPage(reply, `${TITLE} · ${rnc}`, progressPage(known));
    return reply;
  });
  for (const [name, action] of Object.entries(ACTIONS)) {
    server.post<Subject>(`/_portal/:rnc/${name}`, async (request, reply) => {
      const { rnc } = request.params;
      let problem: { readonly status: number; readonly message: string };
      try {
        const verdict = await action(portal, rnc, inputOf(request));
        if (verdict?.codigo !== '2') return await reply.redirect(`/_portal/${rnc}`, 303);
        const reasons = verdict.mensajes.map(({ valor }) => valor);
        problem = { status: 200, message: `Rechazado: ${reasons.join(' ')}` };
      } catch (error) {
        problem = problemOf(error);
        if (problem.status >= 500 || problem.status === 404) throw error;
      }
      const { status, message } = problem;
      sendPage(reply, `${TITLE} · ${rnc}`, progressPage(portal.progress(rnc), message), status);
      return reply;
    });
  }
}

/** Everything of the portal that answers over HTTP. */
export function addPortal(server: FastifyInstance, portal: Portal): void {
  addPortalApi(server, portal);
  addPortalPages(server, portal);
}
