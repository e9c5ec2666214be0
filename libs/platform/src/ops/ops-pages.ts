/** Policy of the operations pages: what they load is theirs, and nothing is inline. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="es-DO">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · GetUpNet e-CF</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
${body}
</body>
</html>
`;

/** Where an operator exchanges an access token for the cookie. */
export const loginPage = (isRefused: boolean): string =>
  page(
    'Operación',
    '<link rel="stylesheet" href="/docs/assets/ops.css">',
    `<main>
<h1>Operación</h1>
${isRefused ? '<p role="alert">El token no abrió la página: venció, se revocó o está incompleto.</p>' : ''}
<form method="post" action="/docs/login" autocomplete="off">
<label for="token">Token de acceso de una sesión con permiso PLATFORM_OPS</label>
<textarea id="token" name="token" rows="6" required spellcheck="false"></textarea>
<button>Entrar</button>
</form>
<p>Lo da POST /auth/login; sirve aquí mientras dure la sesión, 15 minutos a lo sumo.</p>
</main>`,
  );

export const docsPage = page(
  'API',
  `<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/docs/assets/ops.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
<script type="module" src="/docs/assets/docs.mjs"></script>`,
  `<header><nav>
<a href="/docs">Rutas públicas</a> <a href="/docs?listener=internal">Rutas internas</a>
<a href="/queues">Colas</a>
</nav><form method="post" action="/docs/logout"><button>Salir</button></form></header>
<main id="api"></main>
<noscript>Esta página necesita JavaScript. El documento está en /docs/public.json.</noscript>`,
);

export const OPS_CSS = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
header { display: flex; justify-content: space-between; gap: 1rem; padding: .75rem 1rem; }
nav a { margin-right: 1rem; }
label, textarea { display: block; width: 100%; box-sizing: border-box; margin: .5rem 0; }
.swagger-ui .scheme-container { display: none; }
[role="alert"] { border-left: 4px solid #b3261e; padding-left: .75rem; }
`;

export const DOCS_SCRIPT = `/* global SwaggerUIBundle */
const listener = new URLSearchParams(location.search).get('listener');
SwaggerUIBundle({
  url: listener === 'internal' ? '/docs/internal.json' : '/docs/public.json',
  dom_id: '#api',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  // A page to read: calls need credentials that do not belong into a browser here.
  supportedSubmitMethods: [],
  // Nothing outside is asked: no validator, no configuration from the address.
  validatorUrl: null,
  queryConfigEnabled: false,
});
`;
