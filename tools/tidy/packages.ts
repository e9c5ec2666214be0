export interface Manifest {
  readonly license?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** A version, or a directory of this repository. */
const EXACT = /^(\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?|file:[\w-][\w./-]*)$/;

/** Ranges and tags in place of versions. */
export function looseVersions(manifest: Manifest): readonly string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name}: ${version}`);
}

/** Scripts npm would run by itself; .npmrc silences them, so they would be silently skipped. */
export function hookScripts(manifest: Manifest): readonly string[] {
  const names = Object.keys(manifest.scripts ?? {});
  return names.filter(
    (name) =>
      /^(pre|post)?(install|prepare|pack|publish)$/.test(name) ||
      (/^(pre|post)/.test(name) && names.includes(name.replace(/^(pre|post)/, ''))),
  );
}

/** Why `npm ci` would refuse the lock, here or on another platform, or could not trust it. */
export function lockFaults(manifest: Manifest, packages: LockedPackages): readonly string[] {
  const top = { ...manifest.dependencies, ...manifest.devDependencies };
  const wrong = Object.entries(top)
    .filter(([name, version]) => !isLockedAt(packages[`node_modules/${name}`], version))
    .map(([name]) => `${name} is not locked at the version of package.json`);
  const missing = Object.entries(packages).flatMap(([path, locked]) =>
    Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })
      .filter((name) => !resolves(path, name, packages))
      .map((name) => `${path || 'the root'} needs ${name}, which is not locked`),
  );
  // The registry in use may lack another platform's package; npm then takes it unchecked there.
  const unchecked = Object.entries(packages)
    .filter(([path, locked]) => path.includes('node_modules/') && !locked.link && !locked.integrity)
    .filter(([, locked]) => !(locked.optional && locked.os))
    .map(([path]) => `${path} has no integrity`);
  return [...wrong, ...missing, ...unchecked];
}

function isLockedAt(locked: LockedPackage | undefined, version: string): boolean {
  if (!version.startsWith('file:')) return locked?.version === version;
  return locked?.link === true && locked.resolved === version.slice('file:'.length);
}

/** As Node looks for it: beside the package, then in each directory above. */
function resolves(path: string, name: string, packages: LockedPackages): boolean {
  for (
    let from = path;
    ;
    from = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1))
  ) {
    if (packages[from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`])
      return true;
    if (from === '') return false;
  }
}
