/** Text that does not belong in the repository, and what to write in its place. */
export interface BannedText {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Files it is looked for in. */
  readonly within: RegExp;
  /** Files in which it is right. */
  readonly except?: RegExp;
}

const CODE = /\.(ts|mjs|js|tsx)$/;
const ANY = /\.(ts|mjs|js|tsx|md|sql|prisma|ya?ml|json|sh|css|html)$|(^|\/)(Dockerfile|run)$/;
const SPEC = /\.spec\.ts$/;

export const BANNED_TEXT: readonly BannedText[] = [
  {
    pattern: /\b(FIXME|TODO|XXX|HACK)\b/,
    instead: 'do it, or open an issue; the repository holds no notes to self',
    within: ANY,
    except: /package-lock\.json$/,
  },
  {
    pattern: /@ts-(ignore|nocheck|expect-error)|eslint-disable|istanbul ignore/,
    instead: 'mend the cause: a warning is not silenced here',
    within: CODE,
  },
  {
    pattern: /\bMath\.random\(/,
    instead: 'randomBytes or randomInt of node:crypto, or an injected seeded generator',
    within: CODE,
  },
  {
    pattern: /\bDate\.now\(\)|\bnew Date\(\)/,
    instead: 'the injected Clock of libs/kernel (performance.now() for a duration)',
    within: /^libs\/(ecf|features)\/.*\.ts$/,
    except: /\.spec\.ts$|\/testing\/|\/conformance\//,
  },
  {
    pattern: /\bprocess\.env\b|\bprocess\[['"]env/,
    instead: 'a variable declared with defineEnv (libs/platform) and read through Config',
    within: /^(apps|libs)\/.*\.ts$/,
    except: /^libs\/(platform|testkit)\/|\.spec\.ts$|\/testing\/|\/conformance\/|^apps\/e2e\//,
  },
  {
    pattern: /setTimeout\(\s*(resolve|done|ok|r)\b|['"]node:timers\/promises['"]/,
    instead: 'waitFor of libs/testkit, or a FakeClock: tests do not sleep',
    within: SPEC,
  },
  {
    pattern: /\bjest\.(setTimeout|retryTimes)\(/,
    instead: 'a limit on the one test that needs it; a test that fails at times is a bug',
    within: SPEC,
  },
  {
    pattern: /\b(describe|test|it)\.only\(|\b(fdescribe|fit)\(/,
    instead: 'the whole suite',
    within: SPEC,
  },
  {
    pattern: /\bSET\s+(LOCAL\s+|SESSION\s+)?app\./i,
    instead: "set_config('app.…', $1, true) inside the transaction, so that it ends with it",
    within: /\.(ts|sql)$/,
  },
  {
    pattern: /set_config\(\s*'app\.tenant_ids?'[^)]*,\s*false\s*\)/i,
    instead: "set_config('app.…', $1, true): on the connection it would outlive the transaction",
    within: /^(libs|apps|tools|prisma)\/.*(?<!\.spec)\.(ts|sql)$/,
  },
  {
    pattern: /\bBYPASSRLS\b/,
    instead: 'a role of its own with a named policy',
    within: /\.sql$/,
    except: /^prisma\/sql\/|NOBYPASSRLS/,
  },
  {
    pattern: /\bparseFloat\(/,
    instead: 'Decimal and moneyText of libs/kernel: amounts have up to 20 digits',
    within: /^libs\/(ecf|features|contracts)\/.*\.ts$/,
  },
  {
    pattern: /(?<![\w.@:/-])\/(work|root|home|Users|tmp\/[a-z]+)\/[\w.-]/,
    instead: 'a path relative to the repository, or one the caller gives',
    within: ANY,
    except: /package-lock\.json$/,
  },
  {
    pattern:
      /-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-----(\\n)?($|[\w+/]{16})|\bgk_[A-Za-z0-9_-]{20,}/,
    instead: 'a key made by the test or given by the operator',
    within: ANY,
    except: /package-lock\.json$/,
  },
];
