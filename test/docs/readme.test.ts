import { readFileSync } from 'node:fs';

import { describe, expect, onTestFinished, test } from 'vitest';

import { createProject } from '../support/project.ts';
import { readmeBlocks } from '../support/readme.ts';

const EXAMPLE = 'examples/greeter/Greeter.sol';

describe("the README's contract", () => {
  test('is the example', () => {
    expect(readmeBlocks('solidity')).toEqual([readFileSync(EXAMPLE, 'utf8')]);
  });

  test('compiles without a warning', async () => {
    const [contract] = readmeBlocks('solidity');
    const project = createProject(
      { [EXAMPLE]: contract! },
      { copies: ['foundry.toml'], links: ['contracts', 'tools'] },
    );
    onTestFinished(() => project.remove());
    const forge = ['FOUNDRY_PROFILE=examples', 'node', 'tools/foundry.mjs', 'forge', 'build', 'examples'];
    expect(await project.run('env', ...forge)).toMatchObject({ code: 0 });
  });
});
