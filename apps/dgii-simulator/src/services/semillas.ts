import { randomBytes } from 'node:crypto';

const MAX_OPEN = 50_000;

interface OpenSemilla {
  readonly fecha: string;
  readonly expiresAtMs: number;
}

/** Semillas handed out and not yet used; each opens one token at most. */
export class Semillas {
  private readonly open = new Map<string, OpenSemilla>();

  constructor(private readonly lifetimeMs: number) {}

  issue(fecha: string, nowMs: number): string {
    const valor = randomBytes(48).toString('base64');
    this.open.set(valor, { fecha, expiresAtMs: nowMs + this.lifetimeMs });
    this.dropOldest(nowMs);
    return valor;
  }

  /** Whether this semilla is ours, untouched, in time and unused; it is used from now on. */
  use(valor: string, fecha: string, nowMs: number): boolean {
    const semilla = this.open.get(valor);
    if (semilla === undefined || semilla.fecha !== fecha) return false;
    this.open.delete(valor);
    return nowMs < semilla.expiresAtMs;
  }

  clear(): void {
    this.open.clear();
  }

  private dropOldest(nowMs: number): void {
    for (const [valor, semilla] of this.open) {
      if (this.open.size <= MAX_OPEN && nowMs < semilla.expiresAtMs) return;
      this.open.delete(valor);
    }
  }
}
