import { parseArgs, type ParseArgsConfig } from 'node:util';
import { errorFacts } from './error-facts.js';
import { CliError } from './io.js';
import { didYouMean } from './suggest.js';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** What was written behind a command's name. */
export interface Invocation {
  readonly positionals: readonly string[];
  /** Value of an option that takes one. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
}

/** Every command has them. */
export const COMMON_OPTIONS: Options = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
};

/** Reads the words behind `command`; an unknown option is told, with the nearest one. */
export function parseOptions(
  command: string,
  options: Options,
  args: readonly string[],
): Invocation {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    const given: Readonly<Record<string, unknown>> = values;
    const texts = (name: string): readonly string[] =>
      [given[name]].flat().filter((value): value is string => typeof value === 'string');
    return {
      positionals,
      text: (name) => texts(name).at(-1),
      texts,
      flag: (name) => given[name] === true,
    };
  } catch (error) {
    throw misused(command, Object.keys(options), error);
  }
}

/** For a command whose words are all options. */
export function refuseWords(command: string, { positionals }: Invocation): void {
  if (positionals.length === 0) return;
  throw new CliError(`Sobra «${positionals[0]}». Vea «${command} --help».`);
}

function misused(command: string, known: readonly string[], error: unknown): unknown {
  const { code, message: text } = errorFacts(error);
  const option = /'(-{1,2}[^'\s=]*)/.exec(text)?.[1] ?? '';
  const advice = ` Vea «${command} --help».`;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = didYouMean(
      option,
      known.map((name) => `--${name}`),
    );
    return new CliError(`Opción desconocida: ${option}.${near}${advice}`, undefined, {
      cause: error,
    });
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return new CliError(`La opción ${option} está mal usada.${advice}`, undefined, {
      cause: error,
    });
  }
  return error;
}
