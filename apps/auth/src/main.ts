import { auth } from '@getupnet/feature-auth';
import { runServices } from '@getupnet/platform';

await runServices([auth()]);
