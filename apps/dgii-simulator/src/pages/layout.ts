import type { FastifyReply } from 'fastify';
import { html, type Markup } from './html.js';

/** Own files only: no inline script or style runs, and nobody may frame the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every page and file for people. */
export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** A whole page of the simulator. */
export function sendPage(reply: FastifyReply, title: string, body: Markup, status = 200): void {
  void reply
    .code(status)
    .headers(PAGE_HEADERS)
    .type('text/html; charset=utf-8')
    .send(documentOf(title, body).text);
}

const documentOf = (title: string, body: Markup): Markup =>
  html`<!doctype html>
    <html lang="es-DO">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/_pages/panel.css" />
        <script type="module" src="/_pages/panel.mjs"></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
