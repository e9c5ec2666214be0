/** Steps of a boot, one line each, so that nobody stares at a silent terminal. */
export class Progress {
  private readonly startedAt = performance.now();

  constructor(private readonly out: NodeJS.WritableStream) {}

  /** Runs one step and says how long it took. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    this.out.write(`  ${name} … `);
    try {
      const result = await work();
      this.out.write(`${seconds(performance.now() - from)}\n`);
      return result;
    } catch (error) {
      this.out.write('falló\n');
      throw error;
    }
  }

  note(text: string): void {
    this.out.write(`  ${text}\n`);
  }

  title(text: string): void {
    this.out.write(`\n${text}\n`);
  }

  total(): string {
    return seconds(performance.now() - this.startedAt);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
