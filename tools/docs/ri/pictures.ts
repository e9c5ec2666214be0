import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { renderPdf, represent, type RiLayout } from '@getupnet/ri';
import { smallPng } from './small-png.js';
import { BRANDING, pictureSamples, type PictureSample } from './samples.js';

// npm run docs:ri — draws docs/ri anew: needs pdftoppm (Debian: poppler-utils).
const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const folder = join(root, 'docs/ri');
const DPI: Readonly<Record<RiLayout, string>> = { letter: '84', ticket: '110' };

await mkdir(folder, { recursive: true });
for (const name of await readdir(folder)) await rm(join(folder, name));
const rows: string[] = [];
for (const sample of await pictureSamples(pathToFileURL(join(root, 'libs/ecf/examples/')))) {
  const pictures: string[] = [];
  for (const layout of ['letter', 'ticket'] as const) {
    if (layout === 'ticket' && sample.pages) continue;
    pictures.push(...(await draw(sample, layout)));
  }
  const links = pictures.map((name) => `[${name.replace('.png', '')}](${name})`);
  rows.push(`| ${sample.what} | ${links.join(' · ')} |`);
}
await writeFile(join(folder, 'README.md'), page(rows));

/** Writes the pictures of one document; answers their names. */
async function draw(sample: PictureSample, layout: RiLayout): Promise<readonly string[]> {
  const representation = represent({
    xml: sample.xml,
    environment: 'ecf',
    standing: 'accepted',
    mode: 'normal',
    branding: BRANDING,
    // The samples are not signed, so that the pictures change only when the drawing does.
    codigoSeguridad: 'Rx7+qZ',
    ...sample.input,
  });
  const pdf = await renderPdf(representation, layout);
  const names: string[] = [];
  for (const number of sample.pages ?? [1]) {
    const name = `${sample.name}-${layout}${sample.pages ? `-${number}` : ''}.png`;
    const only = ['-f', String(number), '-l', String(number)];
    const options = { input: pdf, maxBuffer: 64 * 1024 * 1024 };
    const ppm = execFileSync('pdftoppm', ['-r', DPI[layout], ...only, '-'], options);
    await writeFile(join(folder, name), smallPng(ppm));
    names.push(name);
  }
  return names;
}

function page(lines: readonly string[]): string {
  return [
    '# The printed representation, drawn',
    '',
    '`npm run docs:ri` draws these pictures from the worked examples of `libs/ecf` (it needs',
    '`pdftoppm`). Companies, people and numbers are invented; the documents are not signed.',
    '',
    '| Documento | Imágenes |',
    '| --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
