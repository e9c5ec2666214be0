import { parse } from 'yaml';

export interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly network_mode?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly secrets?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly mem_limit?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly secrets?: Readonly<Record<string, { readonly file?: string }>>;
}

/** A compose file, anchors and merge keys resolved, variables not. */
export function parseCompose(text: string): Compose {
  return parse(text, { merge: true }) as Compose;
}

/** `${NAME:-default}` → default; what has none is left empty, as compose does. */
export function interpolate(text: string): string {
  return text.replace(/\$\{[A-Z0-9_]+(?::-([^}]*))?\}/g, (_, fallback?: string) => fallback ?? '');
}

const GATEWAY = 'traefik';
/** Profile of what is run by hand. */
const TOOLS = 'tools';
/** Containers that may reach beyond the machine: the gateway answers, dgii-client calls DGII. */
const OUTWARD: Readonly<Record<string, string>> = { [GATEWAY]: 'public', 'dgii-client': 'egress' };
/** name:version with at least major and minor; never a moving tag. */
const PINNED = /^[a-z0-9/.-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*$/;
const OWN_IMAGE = /^getupnet-ecf:/;
const MOUNTED = /\/run\/secrets\/(\w+)/g;

/** Everything about the file that would expose or weaken a running installation. */
export function composeFaults(compose: Compose): readonly string[] {
  const jobs = jobsOf(compose);
  return Object.entries(compose.services).flatMap(([name, service]) => [
    ...exposure(name, service, compose),
    ...hardening(name, service),
    ...(jobs.has(name) || isByHand(service) ? [] : supervision(name, service)),
    ...secretFaults(name, service, compose),
  ]);
}

/** Services somebody waits for to end: they run once. */
export function jobsOf(compose: Compose): ReadonlySet<string> {
  const conditions = Object.values(compose.services).flatMap((service) =>
    Object.entries(service.depends_on ?? {}),
  );
  const ended = conditions.filter(([, { condition }]) => /completed_successfully$/.test(condition));
  return new Set(ended.map(([name]) => name));
}

/** Never started by `up`: somebody runs it and reads what it says. */
function isByHand({ profiles }: ComposeService): boolean {
  return profiles?.includes(TOOLS) === true;
}

function exposure(name: string, service: ComposeService, compose: Compose): readonly string[] {
  const outside = (service.networks ?? []).filter((net) => !compose.networks?.[net]?.internal);
  const undeclared = (service.networks ?? []).filter((net) => !(net in (compose.networks ?? {})));
  return [
    ...(service.ports && name !== GATEWAY ? [`${name}: publishes a port`] : []),
    ...(service.network_mode || service.privileged ? [`${name}: shares the host`] : []),
    ...(service.volumes ?? [])
      .filter((volume) => volume.includes('docker.sock'))
      .map(() => `${name}: can command the engine`),
    ...(service.networks?.length ? [] : [`${name}: on the default network`]),
    ...undeclared.map((net) => `${name}: network ${net} is not declared`),
    ...outside
      .filter((net) => OUTWARD[name] !== net)
      .map((net) => `${name}: network ${net} leads outside`),
  ];
}

function hardening(name: string, service: ComposeService): readonly string[] {
  const wanted: readonly [boolean, string][] = [
    [service.read_only === true, 'its root is writable'],
    [/^[1-9]\d*(:[1-9]\d*)$/.test(service.user ?? ''), 'runs as root or as the image says'],
    [service.cap_drop?.includes('ALL') === true, 'keeps capabilities'],
    [
      service.security_opt?.includes('no-new-privileges:true') === true,
      'may gain privileges (no-new-privileges)',
    ],
    [service.mem_limit !== undefined, 'has no memory limit'],
    [
      OWN_IMAGE.test(service.image ?? '') || PINNED.test(service.image ?? ''),
      `image ${service.image ?? ''} is not pinned`,
    ],
  ];
  return wanted.filter(([good]) => !good).map(([, fault]) => `${name}: ${fault}`);
}

function supervision(name: string, service: ComposeService): readonly string[] {
  const { healthcheck } = service;
  return [
    ...(service.restart === 'unless-stopped' ? [] : [`${name}: is not restarted`]),
    ...(healthcheck?.test && healthcheck.disable !== true ? [] : [`${name}: has no health check`]),
  ];
}

function secretFaults(name: string, service: ComposeService, compose: Compose): readonly string[] {
  const given = new Set(service.secrets ?? []);
  const text = JSON.stringify([service.environment, service.command]);
  const used = new Set([...text.matchAll(MOUNTED)].map((match) => match[1] ?? ''));
  const loose = Object.entries(service.environment ?? {})
    .filter(([variable]) => /PASSWORD|SECRET|_KEY|KEYS_|KEK|DATABASE_URL|REDIS_URL/.test(variable))
    .filter(([variable]) => !variable.endsWith('_FILE'));
  return [
    ...[...given]
      .filter((secret) => !(secret in (compose.secrets ?? {})))
      .map((secret) => `${name}: secret ${secret} is not declared`),
    ...[...used]
      .filter((secret) => !given.has(secret))
      .map((secret) => `${name}: reads ${secret}, which it is not given`),
    ...loose.map(([variable]) => `${name}: ${variable} is written down; use ${variable}_FILE`),
  ];
}
