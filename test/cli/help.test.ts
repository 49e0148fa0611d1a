import { expect, test } from 'vitest';

import { COMMANDS } from '../../cli/commands.ts';

/** Characters of a line of the help: what is longer is broken a second time. */
const WIDTH = 100;

test.each(COMMANDS.map(({ name, details }) => [name, details] as const))(
  'the help of %s fits its lines',
  (_, details) => {
    expect(details.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
  },
);
