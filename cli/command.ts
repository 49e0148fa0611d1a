import type { InferredOptionTypes, Options } from 'yargs';

import type { KindLimit } from './deploymentFile.ts';
import type { ExitCode } from './exitCodes.ts';
import type { Output, TextStream } from './output.ts';

/** Option declarations by their names in kebab case, as yargs takes them. */
export type OptionsByName = Readonly<Record<string, Options>>;

/** What a command is given beside its arguments. */
export interface Environment {
  /** Environment variables that are not empty. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Asks the user for something that is not shown; undefined where nobody sits at a terminal. */
  readonly askSecret: ((question: string) => Promise<string>) | undefined;
  /** Settles when the user or the system asks the process to end, which is then the command's to do. */
  readonly untilStopped: () => Promise<void>;
  /** Settles when the npm is gone that runs the process; never where none does. */
  readonly untilAbandoned: () => Promise<void>;
}

/** What the options of a command came to, and the arguments that are no options. */
export type Arguments<O extends OptionsByName> = InferredOptionTypes<O> & { readonly rest: readonly string[] };

interface Surroundings {
  readonly environment: Environment;
  readonly output: Output;
}

interface CommandDefinition<O extends OptionsByName> {
  /** In camel case; the kebab-case form works, too. */
  readonly name: string;
  /** Arguments that are no options, for the help, such as `HASH`. */
  readonly parameters: string;
  /** How many there may be: exactly as many, at least one, or any number. */
  readonly arity: number | 'some' | 'any';
  readonly summary: string;
  /** What the help says below the options. */
  readonly details: string;
  readonly options: O;
  /** Where it is for lanes of one kind alone. */
  readonly only?: KindLimit;
  /** Imports what it needs when it runs: `xdm --help` does not wait for it. */
  run(args: Arguments<O>, surroundings: Surroundings): Promise<ExitCode>;
}

/** A command whose options are checked. */
export interface Command extends Omit<CommandDefinition<OptionsByName>, 'run'> {
  run(
    args: Readonly<Record<string, unknown>> & { readonly rest: readonly string[] },
    around: Surroundings,
  ): Promise<ExitCode>;
}

/** Ties the type of a command's arguments to its options. */
export function defineCommand<const O extends OptionsByName>(definition: CommandDefinition<O>): Command {
  return definition;
}
