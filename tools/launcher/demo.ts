import { relative } from 'node:path';
import { launch, main, readFlags } from './cli.js';
import { issueDemoDocuments, type DemoResult } from './demo-run.js';
import type { Platform } from './boot-platform.js';
import { table } from './table.js';

const HELP = `npm run demo — arranca todo en esta máquina y emite un e-CF de cada tipo.

  npm run demo                    se queda encendido hasta Ctrl-C
  npm run demo -- --once          termina al emitir: 0 si la DGII (simulada) aceptó todos
  npm run demo -- --once --json   un objeto JSON por documento en la salida estándar

Variables: GETUPNET_DATA_DIR (.data), PORT (8080), INTERNAL_PORT (8081); 0 elige un puerto libre.
DATABASE_URL, REDIS_URL y DGII_BASE_URL usan lo suyo en lugar de lo incluido.
`;

const ACCEPTED: ReadonlySet<string> = new Set(['ACCEPTED', 'CONDITIONALLY_ACCEPTED']);

await main(async () => {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  return launch('GetUpNet e-CF · demostración', !flags.once, async (platform, progress) => {
    progress.title('Un documento de cada tipo, por la API pública:');
    let people: Promise<void> | undefined;
    const results = await issueDemoDocuments(platform.demo, platform.dir, (document, result) => {
      progress.note(`${result.encf}  ${result.state}  ${document.shows}`);
      // Hashes passwords while documents wait for their verdicts; not before the first has its own.
      people ??= begun(platform.people());
      if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    });
    await people;
    if (!flags.json) process.stdout.write(`\n${report(results)}\n`);
    progress.title(`Listo en ${progress.total()}.`);
    if (!flags.once) progress.note(addresses(platform));
    return results.every((result) => ACCEPTED.has(result.state)) ? 0 : 1;
  });
});

/** A failure is told where the promise is awaited, not when it happens. */
function begun(work: Promise<void>): Promise<void> {
  void work.catch(() => undefined);
  return work;
}

function report(results: readonly DemoResult[]): string {
  return table(
    ['Tipo', 'e-NCF', 'Estado', 'trackId', 'Código', 'XML', 'PDF'],
    results.map((result) => [
      result.tipo,
      result.encf,
      result.state,
      result.trackId ?? '(resumen)',
      result.codigoSeguridad ?? '',
      relative(process.cwd(), result.xml),
      relative(process.cwd(), result.pdf),
    ]),
  );
}

function addresses({ demo, dir }: Platform): string {
  const keys = demo.tenants.map((tenant) => `  ${tenant.name} (${tenant.rnc}): ${tenant.apiKey}`);
  return [
    `API pública         ${demo.gatewayUrl}`,
    `Puerto interno      ${demo.internalUrl}/readyz`,
    `Simulador DGII      ${demo.simulatorUrl}`,
    'Claves de API:',
    ...keys,
    'Personas (operador y un administrador de cada empresa), con contraseña y TOTP: en «todo esto»',
    `Registro            ${relative(process.cwd(), dir.log)}`,
    `Todo esto           ${relative(process.cwd(), dir.demoFile)}`,
    'Ctrl-C para terminar.',
  ].join('\n  ');
}
