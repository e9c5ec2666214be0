import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasXmlsec = spawnSync('xmlsec1', ['--version']).status === 0;

/** What xmlsec1 says of a signed document. */
export interface XmlsecVerdict {
  readonly accepted: boolean;
  /** The bytes it digested for the one reference. */
  readonly digested: string;
}

const BATCH = 400;
const DIGESTED = /== PreDigest data - start buffer:\n([\s\S]*?)\n== PreDigest data - end buffer/g;

/**
 * The independent judge, with one trusted root. One process takes many documents and stops at the
 * first that it rejects; so as long as it accepts, a thousand cost hardly more than one.
 */
export function xmlsecVerdicts(
  documents: readonly Uint8Array[],
  trustedPem: string,
): XmlsecVerdict[] {
  const dir = mkdtempSync(join(tmpdir(), 'xmlsec-'));
  try {
    const ca = join(dir, 'ca.pem');
    writeFileSync(ca, trustedPem);
    const files = documents.map((bytes, index) => {
      const file = join(dir, `${index}.xml`);
      writeFileSync(file, bytes);
      return file;
    });
    const verdicts: XmlsecVerdict[] = [];
    while (verdicts.length < files.length) {
      const from = verdicts.length;
      verdicts.push(...judged(files.slice(from, from + BATCH), ca));
    }
    return verdicts;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Verdicts up to and including the first rejection. */
function judged(files: readonly string[], ca: string): XmlsecVerdict[] {
  const { status, stdout, stderr } = spawnSync(
    'xmlsec1',
    [
      ...['--verify', '--trusted-pem', ca, ...onlyX509()],
      ...['--store-references', '--print-debug', ...files],
    ],
    { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 },
  );
  const accepted = status === 0 ? files.length : (stderr.match(/^OK$/gm) ?? []).length;
  if (status !== 0 && !stderr.includes(`"${files[accepted]}"`)) {
    throw new Error(`xmlsec1 did not say which document it rejects: ${stderr}`);
  }
  const digested = [...stdout.matchAll(DIGESTED)].map(([, text = '']) => text);
  const verdicts = files
    .slice(0, accepted)
    .map((_file, index) => ({ accepted: true, digested: digested[index] ?? '' }));
  return status === 0 ? verdicts : [...verdicts, { accepted: false, digested: '' }];
}

let keyData: readonly string[] | undefined;

/** Newer versions take keys from a document only when told to. */
function onlyX509(): readonly string[] {
  const help = (): string => spawnSync('xmlsec1', ['--help-verify']).stdout.toString();
  keyData ??= help().includes('--enabled-key-data') ? ['--enabled-key-data', 'x509'] : [];
  return keyData;
}
