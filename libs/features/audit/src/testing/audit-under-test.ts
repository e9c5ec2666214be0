// Only for this lib's specs: the running service with a directory and a key of its own.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditVerification } from '@getupnet/contracts';
import { SystemClock, newId } from '@getupnet/kernel';
import { createServices, loadConfig, type RunningServices } from '@getupnet/platform';
import { ServiceCaller, newServiceKey, serviceCallerEnv } from '@getupnet/rbac';
import { waitFor, type TestDatabase, type TestTenant } from '@getupnet/testkit';
import { audit } from '../audit.service-definition.js';
import { CheckpointWorker } from '../checkpoints/checkpoint.worker.js';

/** Nothing is chained while any transaction on the server is open, another suite's long one too. */
export const CHAINED_MS = 25_000;

/** Service `audit` alone, on a database of the suite's. */
export class AuditUnderTest {
  private constructor(
    private readonly database: TestDatabase,
    private readonly services: RunningServices,
    readonly dir: string,
    readonly publicKey: KeyObject,
    private readonly caller: ServiceCaller,
  ) {}

  static async start(database: TestDatabase): Promise<AuditUnderTest> {
    const dir = await mkdtemp(join(tmpdir(), 'audit-'));
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = newServiceKey('billing', 'audit');
    const services = await createServices([audit()], {
      env: {
        ...{ PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent' },
        DATABASE_URL: database.ownerUrl,
        SERVICE_KEYS_IN: key.entry,
        AUDIT_CHECKPOINT_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        WORM_DIRECTORY: dir,
        ...{ AUDIT_POLL_MS: '20', AUDIT_CHECKPOINT_MS: '100' },
      },
    });
    const config = loadConfig([serviceCallerEnv], { SERVICE_KEY_OUT_AUDIT: key.out });
    const caller = new ServiceCaller(config, new SystemClock());
    return new AuditUnderTest(database, services, dir, publicKey, caller);
  }

  async close(): Promise<void> {
    await this.services.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  get checkpoints(): string {
    return join(this.dir, 'checkpoints');
  }

  get internalUrl(): string {
    return this.services.internalUrl;
  }

  get(apiKey: string, path: string, accept = 'application/json'): Promise<Response> {
    const headers = { authorization: `Bearer ${apiKey}`, accept };
    return fetch(`${this.services.publicUrl}${path}`, { headers });
  }

  async json<T>(apiKey: string, path: string): Promise<T> {
    return (await (await this.get(apiKey, path)).json()) as T;
  }

  /** Of a call from billing about a tenant. */
  serviceHeaders(tenantId: string, body: string): Record<string, string> {
    return this.caller.headers({ callee: 'audit', tenantId, purpose: 'audit.append', body });
  }

  /** Raw events, one transaction each. */
  async write(tenantId: string, ...types: readonly string[]): Promise<void> {
    for (const type of types) {
      await this.database.batchDb.run([tenantId], (client) =>
        client.query(
          `INSERT INTO audit_event (tenant_id, month, id, type, actor, payload)
           VALUES ($1, date_trunc('month', now())::date, $2, $3, 'test', '{"a": "é", "n": 1.50}')`,
          [tenantId, newId(), type],
        ),
      );
    }
  }

  async chained(tenantId: string, length: number): Promise<void> {
    const text = 'SELECT count(*)::int AS n FROM audit_link WHERE tenant_id = $1';
    await waitFor(
      async () => {
        const { rows } = await this.database.pools.query<{ n: number }>('audit_append', text, [
          tenantId,
        ]);
        return rows[0]?.n === length;
      },
      { what: `a chain of ${length}`, timeoutMs: CHAINED_MS },
    );
  }

  /** Waits until the chain has so many entries and a checkpoint states the last of them. */
  async sealed(tenant: TestTenant, length: number): Promise<void> {
    const stated = async (): Promise<boolean> => {
      const answer = await this.json<AuditVerification>(tenant.apiKey, '/audit/verify');
      return answer.checkpoint?.seq === length;
    };
    const what = `a checkpoint of ${length} entries`;
    await waitFor(stated, { what, everyMs: 50, timeoutMs: CHAINED_MS });
  }

  /** What is not sealed by now stays so. */
  stopSealing(): Promise<void> {
    return this.services.app.get(CheckpointWorker).beforeApplicationShutdown();
  }

  /** Runs as the database's owner, row-level security off: somebody who got in. */
  tamper(sql: string): Promise<unknown> {
    return this.database.asOwner(async (owner) => {
      await owner.query('BEGIN');
      for (const table of ['audit_event', 'audit_link']) {
        await owner.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
      }
      await owner.query(sql);
      for (const table of ['audit_event', 'audit_link']) {
        await owner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
      }
      await owner.query('COMMIT');
    });
  }
}
