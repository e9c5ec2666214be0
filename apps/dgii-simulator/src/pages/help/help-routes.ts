import type { FastifyInstance } from 'fastify';
import { ownAsset, swaggerAsset, type Asset } from '../assets.js';
import { html, type Markup } from '../html.js';
import { PAGE_HEADERS } from '../layout.js';
import { HELP_PAGES, openApiOf } from './openapi.js';

const DOCUMENT = '/swagger/v1/swagger.json';
/** The only files of Swagger UI that a page needs, and our own that starts it. */
const FILES: Readonly<Record<string, () => Asset>> = {
  'swagger-ui.css': () => swaggerAsset('swagger-ui.css'),
  'swagger-ui-bundle.js': () => swaggerAsset('swagger-ui-bundle.js'),
  'help.css': () => ownAsset('help.css'),
  'help.mjs': () => ownAsset('help.mjs'),
};
const CACHE = 'public, max-age=3600';

/**
 * A help page beside each service, where DGII has it: `{service}/help/index.html`. All addresses in
 * it are relative, so it works by path and by Host header alike.
 */
export function addHelp(server: FastifyInstance): void {
  for (const page of HELP_PAGES) {
    for (const path of ['/help', '/help/index.html']) {
      server.get(page.base + path, async (request, reply) => {
        // Without a file name the page's relative addresses would miss the directory.
        if (!request.url.includes('/index.html'))
          return reply.redirect(`${pathOf(request.originalUrl)}/index.html`);
        return reply
          .headers(PAGE_HEADERS)
          .type('text/html; charset=utf-8')
          .send(helpPage(page.title).text);
      });
    }
    server.get(page.base + DOCUMENT, async (request, reply) => {
      const { originalUrl } = request;
      const asked = pathOf(originalUrl);
      return reply
        .headers(PAGE_HEADERS)
        .send(openApiOf(page, asked.slice(0, asked.length - DOCUMENT.length)));
    });
    for (const [name, read] of Object.entries(FILES)) {
      server.get(`${page.base}/help/${name}`, async (_request, reply) => {
        const { type, bytes } = read();
        return reply
          .headers({ ...PAGE_HEADERS, 'cache-control': CACHE })
          .type(type)
          .send(bytes);
      });
    }
  }
}

const pathOf = (url: string): string => (url.split('?', 1)[0] ?? '').replace(/\/$/, '');

const helpPage = (title: string): Markup =>
  html`<!doctype html>
    <html lang="es-DO">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Simulador de la DGII</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="swagger-ui.css" />
        <link rel="stylesheet" href="help.css" />
        <script src="swagger-ui-bundle.js" defer></script>
        <script type="module" src="help.mjs"></script>
      </head>
      <body>
        <main id="ayuda"></main>
        <noscript
          >Esta página necesita JavaScript. El documento está en
          ../swagger/v1/swagger.json.</noscript
        >
      </body>
    </html>`;
