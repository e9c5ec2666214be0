import { BootError, loadConfig } from '@getupnet/platform';
import { billingEnv } from './billing.env.js';

const load = (source: Readonly<Record<string, string>>) => () => loadConfig([billingEnv], source);

describe('billing’s variables', () => {
  it('have defaults that fit together', () => {
    expect(load({})).not.toThrow();
  });

  it.each([
    ['as long as the window', { BILLING_LEASE_MS: '60000' }],
    ['longer', { BILLING_LEASE_MS: '5000', BILLING_IN_FLIGHT_WINDOW_MS: '4999' }],
  ])('DGI-2: a lease %s is refused at start', (_name, source) => {
    expect(load(source)).toThrow(
      new BootError(['BILLING_LEASE_MS: must be shorter than BILLING_IN_FLIGHT_WINDOW_MS']),
    );
  });

  it('DGI-2: a shorter lease is fine', () => {
    const source = { BILLING_LEASE_MS: '5000', BILLING_IN_FLIGHT_WINDOW_MS: '5001' };
    expect(load(source)).not.toThrow();
  });
});
