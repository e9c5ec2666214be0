import { dgiiGatewayClient } from '@getupnet/dgii-gateway-client';
import { billing } from '@getupnet/feature-billing';
import { runServices } from '@getupnet/platform';
import { signClient } from '@getupnet/sign-client';

await runServices([billing({ sign: signClient, dgii: dgiiGatewayClient })]);
