import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import {
  DGII_HOSTS,
  DGII_SERVICES,
  hostOf,
  offers,
  type DgiiHost,
  type DgiiService,
} from './services.js';

export interface EndpointSettings {
  /** One server that plays all three hosts (the simulator): `{baseUrl}/{host}/{environment}/{service}`. */
  readonly baseUrl?: string | undefined;
  /**
   * Production may be reached: it then stays on the official hosts, and on this machine where a
   * simulator plays it.
   */
  readonly production?: boolean | undefined;
  /** Full base URL of single services, keyed `environment/service` (`certecf/recepcionfc`). */
  readonly overrides?: Readonly<Record<string, string>> | undefined;
}

/** DGII's domain; a final dot names the same host. */
const OFFICIAL_DOMAIN = /(?:^|\.)dgii\.gov\.do\.?$/;

/**
 * Base URL of each (environment, service), fixed when the process starts. An environment is pinned:
 * no setting can lead a call of one environment to DGII's address of another.
 */
export class DgiiEndpoints {
  private readonly bases = new Map<string, URL>();

  /** Throws a RangeError that names every faulty setting. */
  constructor(settings: EndpointSettings = {}) {
    const { overrides = {}, production = false } = settings;
    const problems: string[] = [];
    for (const environment of ENVIRONMENTS) {
      for (const service of DGII_SERVICES.filter((one) => offers(environment, one))) {
        const key = `${environment}/${service}`;
        const stated = overrides[key];
        const base = parseBase(stated ?? defaultBase(environment, service, settings.baseUrl));
        const problem = base
          ? pinProblem(base, { environment, service, stated, production })
          : 'not an http(s) URL';
        if (problem) problems.push(`${key}: ${problem}`);
        if (base) this.bases.set(key, base);
      }
    }
    for (const key of Object.keys(overrides)) {
      if (!this.bases.has(key)) problems.push(`${key}: DGII has no such service there`);
    }
    if (problems.length > 0) throw new RangeError(`DGII endpoints: ${problems.join('; ')}`);
  }

  /** `null` when DGII does not offer the service in that environment. */
  base(environment: Environment, service: DgiiService): URL | null {
    return this.bases.get(`${environment}/${service}`) ?? null;
  }
}

function defaultBase(environment: Environment, service: DgiiService, baseUrl?: string): string {
  const host = hostOf(service);
  const root = baseUrl === undefined ? officialRoot(host) : `${trimSlashes(baseUrl)}/${host}`;
  // The status host answers for all environments; the environment is a parameter there.
  return service === 'estatusservicios'
    ? `${root}/api/estatusservicios`
    : `${root}/${environment}/${service}`;
}

function officialRoot(host: DgiiHost): string {
  return `https://${DGII_HOSTS[host]}`;
}

function parseBase(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(trimSlashes(text));
  const anonymous = url.username === '' && url.password === '';
  const clean = anonymous && url.search === '' && url.hash === '';
  return clean && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null;
}

interface Pinned {
  readonly environment: Environment;
  readonly service: DgiiService;
  readonly stated: string | undefined;
  readonly production: boolean;
}

/** Whoever can listen here has the keys anyway. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** A token or a document must not end up at another environment or service than it is meant for. */
function pinProblem(base: URL, pinned: Pinned): string | null {
  const { environment, service, stated, production } = pinned;
  if (!OFFICIAL_DOMAIN.test(base.hostname)) {
    const strays = stated !== undefined || (production && !LOOPBACK.test(base.hostname));
    return strays && environment === 'ecf' ? 'production stays on the official hosts' : null;
  }
  if (base.protocol !== 'https:') return 'DGII is reached over https only';
  if (base.port !== '') return 'DGII is reached at its usual port only';
  const [first, second] = base.pathname.toLowerCase().split('/').slice(1);
  if (service === 'estatusservicios') {
    return first === 'api' && second === service ? null : `path is not of ${service}`;
  }
  if (first !== environment) return `path is not of ${environment}`;
  return second === service ? null : `path is not of ${service}`;
}

function trimSlashes(text: string): string {
  return text.replace(/\/+$/, '');
}
