import { runServices } from '@getupnet/platform';
import { allServices } from './services.js';

await runServices([...allServices()]);
