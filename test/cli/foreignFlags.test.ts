import { expect, test } from 'vitest';

import { COMMANDS } from '../../cli/commands.ts';
import { COMMON_OPTIONS } from '../../cli/options.ts';
import { runMain } from '../support/cliMain.ts';

/** Options without a value, of whatever command. */
const FLAGS = new Set(
  COMMANDS.flatMap(({ options }) =>
    Object.entries(options)
      .filter(([, { type }]) => type === 'boolean')
      .map(([name]) => name),
  ),
);

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  '%s refuses each flag that is of other commands alone',
  async (name, { options }) => {
    const foreign = [...FLAGS].filter((flag) => !(flag in options || flag in COMMON_OPTIONS));
    expect(foreign.length).toBeGreaterThan(0);
    const required = Object.entries(options).flatMap(([option, { demandOption, choices }]) =>
      demandOption === undefined ? [] : [`--${option}`, String(choices?.[0] ?? 'x')],
    );
    for (const flag of foreign) {
      expect(await runMain([name, ...required, `--${flag}`])).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: Unknown argument: ${flag}; see \`xdm ${name} --help\`\n`,
      });
    }
  },
);
