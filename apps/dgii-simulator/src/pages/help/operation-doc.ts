import type { z } from 'zod';

/** A parameter of the address. */
export interface ParameterDoc {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

export type Media =
  'application/json' | 'application/xml' | 'application/problem+json' | 'text/plain' | 'text/html';

/** One form that an operation's answer can take. */
export interface AnswerDoc {
  readonly status: number;
  readonly description: string;
  readonly media: Media;
  readonly schema: z.ZodType;
  /** Root element, of an XML answer. */
  readonly xmlRoot?: string;
}

/** What a help page says of an operation; address, method and token are in the service map. */
export interface OperationDoc {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterDoc[];
  /** Of an operation that takes JSON instead of a document. */
  readonly body?: z.ZodType;
  /** Root element of the document that is sent. */
  readonly document?: string;
  readonly answers: readonly AnswerDoc[];
}
