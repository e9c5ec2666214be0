export { admin } from './admin.service-definition.js';
