import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Addresses and CIDR ranges of either family. */
export class AddressList {
  readonly #list = new BlockList();
  readonly size: number;

  /** Throws a TypeError for a text that {@link isAddressRange} refuses. */
  constructor(ranges: readonly string[]) {
    this.size = ranges.length;
    for (const range of ranges) {
      const parsed = parseRange(range);
      if (parsed === undefined) throw new TypeError(`not an address or CIDR range: ${range}`);
      const { address, bits, family } = parsed;
      this.#list.addSubnet(address, bits, family);
    }
  }

  /** False for a text that is no address. */
  has(text: string): boolean {
    const address = plainAddress(text);
    const version = isIP(address);
    if (version === 0) return false;
    return this.#list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

/** Whether a text is an IPv4 or IPv6 address, alone or with a prefix length. */
export function isAddressRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/** Whose request it is: the peer, or whom a trusted proxy says it speaks for; never a mere header. */
export function clientAddress(request: FastifyRequest): string {
  // The platform found it out when the request came in.
  return request.ctx?.remote ?? addressOf(request);
}

export function addressOf(request: FastifyRequest): string {
  const stated = plainAddress(request.ip ?? '');
  // A trusted proxy may pass on what its client wrote: only an address counts.
  return isIP(stated) === 0 ? plainAddress(request.socket.remoteAddress ?? '') : stated;
}

/**
 * What counts as one client for limits: the address, or the /64 network of an IPv6 one, since whoever
 * has one address of it has them all.
 */
export function addressGroup(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Without zone, and an IPv4 address in IPv6 clothes as itself. */
function plainAddress(text: string): string {
  if (!text.includes(':')) return text;
  return MAPPED.exec(text)?.[1] ?? text.split('%', 1)[0] ?? text;
}

function parseRange(
  text: string,
): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return undefined;
  const most = version === 4 ? 32 : 128;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const bits = prefix === undefined ? most : Number(prefix);
  if (bits > most) return undefined;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
