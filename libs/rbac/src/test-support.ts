// Only for this lib's own specs: a clock to move, one controller per scope, services on free ports.
import { Clock } from '@getupnet/kernel';
import {
  createServices,
  type EnvSpec,
  type RunningServices,
  type ServiceModule,
} from '@getupnet/platform';

export class MovableClock extends Clock {
  constructor(public ms: number) {
    super();
  }
  override now(): Date {
    return new Date(this.ms);
  }
}

export interface StartOptions {
  readonly http: readonly ServiceModule[];
  readonly clock: Clock;
  readonly env?: readonly EnvSpec[];
  readonly values?: Readonly<Record<string, string>>;
  readonly name?: 'billing' | 'sign';
}

export function start(options: StartOptions): Promise<RunningServices> {
  const { http, clock, env = [], values = {}, name = 'billing' } = options;
  return createServices([{ name, http, workers: [], env }], {
    env: { PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent', ...values },
    providers: [{ provide: Clock, useValue: clock }],
  });
}
