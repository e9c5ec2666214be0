export { billing, type BillingPorts } from './billing.service-definition.js';
