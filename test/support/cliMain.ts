import type { Environment } from '../../cli/command.ts';
import { main } from '../../cli/main.ts';
import type { CliRun } from './cli.ts';

/**
 * Runs a command line in this process, as without a terminal: in a fifth of the time that a process of its own takes.
 * @param onStderr is told of what it says on stderr, as it says it
 */
export async function runMain(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  onStderr?: (text: string) => void,
): Promise<CliRun> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string): void => {
      written[name] += text;
      if (name === 'stderr') onStderr?.(text);
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
