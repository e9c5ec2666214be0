import { dgiiClient } from '@getupnet/feature-dgii-client';
import { runServices } from '@getupnet/platform';
import { signClient } from '@getupnet/sign-client';

await runServices([dgiiClient({ sign: signClient })]);
