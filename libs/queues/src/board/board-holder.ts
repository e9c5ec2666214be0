import { DOCUMENT_QUEUE } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Pools } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { openBackend } from '../open-backend.js';
import { Board } from './board.js';

/** Every queue of the product. */
const QUEUE_NAMES = [DOCUMENT_QUEUE] as const;

/** The board, opened when somebody first looks: a process without a way to the queues still starts. */
@Injectable()
export class BoardHolder implements OnApplicationShutdown {
  #board: Board | undefined;

  constructor(
    private readonly config: Config,
    private readonly pools: Pools,
  ) {}

  board(): Board {
    this.#board ??= this.#open();
    return this.#board;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#board?.close();
  }

  #open(): Board {
    try {
      return new Board(openBackend(this.config, this.pools), QUEUE_NAMES);
    } catch (cause) {
      throw new AppError('dependency.unavailable', { dependency: 'colas' }, { cause });
    }
  }
}
