import { z } from 'zod';
import type { Verdict } from '../../state/verdict.js';
import type { Portal } from '../portal.js';
import { PortalProblem } from '../portal-problem.js';
import { isStep, PRINTED_KINDS } from '../state/steps.data.js';

/** What came with a request, whether from a form, as JSON or as a bare file. */
export interface ActionInput {
  readonly fields: Readonly<Record<string, unknown>>;
  /** A file by its name in the form; a bare body is any of them. */
  readonly file: (name: string) => Buffer | undefined;
}

/** The verdict on an uploaded invoice; other actions answer with the progress only. */
type Outcome = Verdict | undefined;
type Action = (portal: Portal, rnc: string, input: ActionInput) => Promise<Outcome> | Outcome;

/** An action without a verdict. */
const step =
  (run: (portal: Portal, rnc: string, input: ActionInput) => Promise<void> | void): Action =>
  async (portal, rnc, input) => {
    await run(portal, rnc, input);
    return undefined;
  };

/** What an applicant can do, by the last part of the address. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  postulacion: step((portal, rnc, input) => portal.papers.register(rnc, xmlOf(input))),
  facturas: (portal, rnc, input) =>
    portal.progress(rnc).paso === 4
      ? portal.simulation.upload(rnc, xmlOf(input))
      : portal.dataTest.upload(rnc, xmlOf(input)),
  representaciones: step(printAll),
  'urls-prueba': step((portal, rnc, { fields }) =>
    portal.communication.setUrls(rnc, 'prueba', fields),
  ),
  'urls-produccion': step((portal, rnc, { fields }) =>
    portal.communication.setUrls(rnc, 'produccion', fields),
  ),
  'prueba-recepcion': step((portal, rnc) => portal.communication.testReception(rnc)),
  'prueba-aprobaciones': step((portal, rnc) => portal.communication.testApprovals(rnc)),
  declaracion: step((portal, rnc, input) => portal.papers.declare(rnc, xmlOf(input))),
  verificacion: step((portal, rnc) => portal.papers.verifyStatus(rnc)),
  paso: step((portal, rnc, { fields }) => {
    const { paso, motivo } = movement.parse(fields);
    portal.move(rnc, paso, motivo);
  }),
  anulacion: step((portal, rnc, { fields }) => portal.cancel(rnc, reason.parse(fields).motivo)),
};

const reason = z.object({ motivo: z.string().trim().min(1).max(250) });
const movement = reason.extend({
  paso: z.coerce.number().refine(isStep, 'un paso del 1 al 14'),
});

/** Every printed representation that the form brought. */
function printAll(portal: Portal, rnc: string, input: ActionInput): void {
  const files = PRINTED_KINDS.flatMap((kind) => {
    const bytes = input.file(`ri-${kind}`);
    return bytes === undefined || bytes.length === 0 ? [] : [[kind, bytes] as const];
  });
  if (files.length === 0) throw new PortalProblem('Elija al menos un PDF.', 400);
  for (const [kind, bytes] of files) portal.simulation.print(rnc, kind, bytes);
}

function xmlOf(input: ActionInput): Buffer {
  const bytes = input.file('xml');
  if (bytes === undefined || bytes.length === 0) {
    throw new PortalProblem('Falta el archivo XML.', 400);
  }
  return bytes;
}
