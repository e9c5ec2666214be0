import { Injectable, Optional } from '@nestjs/common';
import type { BatchResult } from '@getupnet/contracts';
import { Counter, Registry } from 'prom-client';

/** What became of a line, as the metric calls it. */
export function outcomeOf({ replayed, problem }: BatchResult): string {
  if (problem === undefined) return replayed === true ? 'replayed' : 'accepted';
  return problem.code === 'batch.line_not_reached' ? 'not_reached' : 'refused';
}

/** Counts the lines of batches as they are answered. */
@Injectable()
export class BatchMetrics {
  private readonly lines: Counter | undefined;

  constructor(@Optional() registry?: Registry) {
    if (!registry) return;
    this.lines = new Counter({
      name: 'batch_lines_total',
      help: 'Lines of batches answered, by what became of them.',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  answered(result: BatchResult): void {
    this.lines?.inc({ outcome: outcomeOf(result) });
  }
}
