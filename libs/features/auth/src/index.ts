export { auth } from './auth.service-definition.js';
