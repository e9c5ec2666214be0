import { launch, main, readFlags } from './cli.js';

const HELP = `npm start — la misma plataforma que la demostración, sin emitir documentos.

Variables: GETUPNET_DATA_DIR (.data), PORT (8080), INTERNAL_PORT (8081); 0 elige un puerto libre.
DATABASE_URL, REDIS_URL y DGII_BASE_URL usan lo suyo en lugar de lo incluido.
`;

await main(async () => {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  return launch('GetUpNet e-CF', true, async ({ demo, dir, people }, progress) => {
    await progress.step('Personas de demostración', people);
    progress.title(`Lista en ${progress.total()}.`);
    progress.note(`API pública ${demo.gatewayUrl} · claves y direcciones en ${dir.demoFile}`);
    progress.note('Ctrl-C para terminar.');
    return 0;
  });
});
