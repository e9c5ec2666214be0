import type { ScannedRoute } from '../endpoint/scan-routes.js';

/** Finds which methods a path has on a listener, to tell 405 from 404. */
export class AllowedMethods {
  readonly #patterns: readonly { readonly pattern: RegExp; readonly route: ScannedRoute }[];

  constructor(routes: readonly ScannedRoute[]) {
    this.#patterns = routes.map((route) => ({ pattern: patternOf(route.endpoint.path), route }));
  }

  /** Sorted; empty when the path is unknown there. */
  find(url: string, listener: 'public' | 'internal'): string[] {
    const path = decoded(url);
    const methods = new Set<string>();
    for (const { pattern, route } of this.#patterns) {
      const { endpoint } = route;
      const here = endpoint.listener === 'both' || endpoint.listener === listener;
      if (!here || !pattern.test(path)) continue;
      methods.add(endpoint.method);
      if (endpoint.method === 'GET') methods.add('HEAD');
    }
    return [...methods].sort();
  }
}

function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`, 'i');
}

function decoded(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  try {
    return decodeURI(path);
  } catch {
    // Not decodable, so no route has it; the path as it is will match none either.
    return path;
  }
}
