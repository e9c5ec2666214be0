export { ImportCertificate } from './certificates/import-certificate.use-case.js';
export { sign, signLocal } from './sign.service-definition.js';
export { SignLocalModule } from './sign.modules.js';
