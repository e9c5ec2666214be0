export { billing, type BillingPorts } from './billing.service-definition.js';
export {
  TRANSITIONS,
  eventTypeOf,
  type StepMaker,
  type Transition,
} from './emission/document-machine.js';
