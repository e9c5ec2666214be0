import { AppError } from '@getupnet/kernel';

/** When a batch takes no further line: what was accepted stays, the rest is told to come again. */
export class BatchEnd {
  constructor(
    /** `performance.now()` from which on no line is begun. */
    private readonly until: number,
    private readonly signals: {
      /** The caller went away: nobody reads what became of further lines. */
      readonly gone: AbortSignal;
      readonly draining: AbortSignal;
    },
  ) {}

  get leftMs(): number {
    return Math.max(0, this.until - performance.now());
  }

  /** Throws `batch.line_not_reached` once the batch is over. */
  assertOpen(): void {
    if (this.signals.gone.aborted) throw notReached('la conexión se cerró');
    if (this.signals.draining.aborted) throw notReached('el servicio se está reiniciando');
    if (this.leftMs === 0) throw this.late();
  }

  /** For a line that waited for its turn until the end. */
  late(): AppError {
    return notReached('se agotó el tiempo de la solicitud');
  }
}

function notReached(reason: string): AppError {
  return new AppError('batch.line_not_reached', { reason });
}
