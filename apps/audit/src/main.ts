import { audit } from '@getupnet/feature-audit';
import { runServices } from '@getupnet/platform';

await runServices([audit()]);
