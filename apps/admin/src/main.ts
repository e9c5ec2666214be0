import { admin } from '@getupnet/feature-admin';
import { runServices } from '@getupnet/platform';

await runServices([admin()]);
