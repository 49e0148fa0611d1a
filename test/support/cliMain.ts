import type { Environment } from '../../cli/command.ts';
import { main } from '../../cli/main.ts';
import type { CliRun } from './cli.ts';

/** Runs a command line in this process, as without a terminal. */
export async function runMain(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string): void => {
      written[name] += text;
    },
  });
  const environment: Environment = {
    variables,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    askSecret: undefined,
    untilStopped: async () => await Promise.resolve(),
    untilAbandoned: async () => await Promise.resolve(),
  };
  return { code: await main(args, environment), ...written };
}
