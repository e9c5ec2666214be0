export { audit } from './audit.service-definition.js';
