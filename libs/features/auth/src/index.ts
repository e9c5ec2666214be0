export { auth } from './auth.service-definition.js';
export {
  Provisioning,
  newTotpSecret,
  type NewPerson,
  type ProvisioningOptions,
} from './provisioning/provisioning.js';
export { Upkeep } from './upkeep/upkeep.js';
