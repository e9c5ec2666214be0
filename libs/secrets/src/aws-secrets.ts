import { AppError } from '@getupnet/kernel';
import type { SecretsManager } from '@aws-sdk/client-secrets-manager';

export interface AwsSecretsOptions {
  /** The SDK's own chain (AWS_REGION, profile, instance) when absent. */
  readonly region?: string;
  /** Another address than AWS's, for private endpoints. */
  readonly endpoint?: string;
}

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 2;

/**
 * The three calls of AWS Secrets Manager we use. Credentials come from the SDK's default chain. The
 * SDK is loaded on first use: installations without AWS never pay for it.
 */
export class AwsSecrets {
  #client: Promise<SecretsManager> | undefined;

  constructor(private readonly options: AwsSecretsOptions = {}) {}

  /** Text of a secret, or null when there is none (of that stage). */
  async read(
    name: string,
    stage: 'AWSCURRENT' | 'AWSPREVIOUS' = 'AWSCURRENT',
  ): Promise<string | null> {
    const client = await this.client();
    try {
      const answer = await client.getSecretValue({ SecretId: name, VersionStage: stage });
      return answer.SecretString ?? null;
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return null;
      throw unavailable(error);
    }
  }

  /** Creates the secret, or gives an existing one a new version. */
  async write(name: string, text: string): Promise<void> {
    const client = await this.client();
    try {
      await client.createSecret({ Name: name, SecretString: text });
    } catch (error) {
      if (!isNamed(error, 'ResourceExistsException')) throw unavailable(error);
      await client
        .putSecretValue({ SecretId: name, SecretString: text })
        .catch((failure: unknown) => Promise.reject(unavailable(failure)));
    }
  }

  /** Closes its connections. */
  async close(): Promise<void> {
    if (this.#client !== undefined) (await this.#client).destroy();
  }

  private client(): Promise<SecretsManager> {
    this.#client ??= this.connect();
    return this.#client;
  }

  private async connect(): Promise<SecretsManager> {
    const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
    return new SecretsManager({
      ...this.options,
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    });
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function unavailable(cause: unknown): AppError {
  return new AppError('dependency.unavailable', { dependency: 'secretos' }, { cause });
}
