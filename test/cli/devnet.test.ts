import { describe, expect, test } from 'vitest';

import { EXIT } from '../../cli/exitCodes.ts';
import { runMain } from '../support/cliMain.ts';

describe('xdm devnet starts nothing', () => {
  test.each([
    ['with two ports that are one', ['--l1-port', '9545'], '--l1-port and --l2-port are both 9545'],
    ['with two ports of three', ['--omnichain', '--ports', '1,2'], '--ports has value "1,2"'],
    ['with a port twice', ['--omnichain', '--ports', '1,2,1'], '--ports has value "1,2,1"'],
    ['with ports of a lane of the other kind', ['--ports', '1,2,3'], '--ports has no meaning without --omnichain'],
    [
      'with a window where there is none',
      ['--omnichain', '--challenge-period', '1'],
      '--challenge-period has no meaning',
    ],
    ['with blocks too far apart for a committee to sign', ['--omnichain', '--block-time', '21'], '21 seconds between'],
    ['without time between blocks', ['--omnichain', '--block-time', '0'], '--block-time'],
  ])('%s', async (_, args, problem) => {
    const { code, stdout, stderr } = await runMain(['devnet', ...args]);
    expect(stderr).toContain(problem);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
  });
});
