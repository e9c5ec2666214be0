import type { RouteRow } from '@getupnet/platform';

/** The route table for people. */
export function routesPage(routes: readonly RouteRow[]): string {
  const rows = routes.map((route) =>
    [
      route.method,
      `\`${route.path}\``,
      route.service,
      route.listener,
      route.scope,
      route.permissions.map((permission) => `\`${permission}\``).join(' or ') || '—',
    ].join(' | '),
  );
  return [
    '# Routes',
    '',
    'Generated from the handlers’ declarations by `npm run docs`. `public` is the gateway’s listener,',
    '`internal` the loopback-only one.',
    '',
    '| Method | Path | Service | Listener | Scope | Permission |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}
