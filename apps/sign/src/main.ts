import { sign } from '@getupnet/feature-sign';
import { runServices } from '@getupnet/platform';

await runServices([sign()]);
