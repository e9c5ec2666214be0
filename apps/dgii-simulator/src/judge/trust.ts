import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { readCertificates, trustAuthorities, type TrustCheck } from '@getupnet/xmldsig';
import type { EnvironmentSettings } from '../options.js';

type Each<T> = Readonly<Record<Environment, T>>;

/** Whom each environment trusts, with the root of the simulator's own authority. */
export function trustByEnvironment(
  environments: Each<EnvironmentSettings>,
  ownRootPem: string,
  now: () => Date,
): Each<TrustCheck> {
  const entries = ENVIRONMENTS.map(
    (name) => [name, trustOf(environments[name], ownRootPem, now)] as const,
  );
  return Object.fromEntries(entries) as Each<TrustCheck>;
}

/**
 * Whom an environment trusts: a certificate that names a person (X.520 serialNumber) and leads to the
 * simulator's own authority or to one it was given, unless anybody's is good enough.
 */
function trustOf(settings: EnvironmentSettings, ownRootPem: string, now: () => Date): TrustCheck {
  const issued = settings.trust === 'any' ? null : chainOf(settings, ownRootPem, now);
  return (certificate) => {
    if (certificate.holder === null) return 'the certificate names no person';
    return issued === null ? null : issued(certificate);
  };
}

function chainOf(settings: EnvironmentSettings, ownRootPem: string, now: () => Date): TrustCheck {
  const authorities = [ownRootPem, ...settings.trustedAuthorities].flatMap(readCertificates);
  return trustAuthorities({ authorities, intermediates: [], now });
}
