export { billing, type BillingPorts } from './billing.service-definition.js';
export {
  TRANSITIONS,
  eventTypeOf,
  type StepMaker,
  type Transition,
} from './emission/document-machine.js';
export { MOST_FAULTS, MOST_STARTS } from './emission/trouble.js';
