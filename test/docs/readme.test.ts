import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { createProject } from '../support/project.ts';
import { readmeBlocks } from '../support/readme.ts';

const EXAMPLE = 'examples/greeter/Greeter.sol';

describe("the README's contract", () => {
  test('is the example', () => {
    expect(readmeBlocks('solidity')).toEqual([readFileSync(EXAMPLE, 'utf8')]);
  });

  test('compiles without a warning, with the settings that it is given', async () => {
    const [contract, settings] = [readmeBlocks('solidity')[0]!, readmeBlocks('toml')[0]!];
    const packages = ['@openzeppelin/contracts', '@layerzerolabs/toolbox-foundry'];
    const project = createProject({ 'src/Greeter.sol': contract, 'foundry.toml': settings }, { packages });
    onTestFinished(() => project.remove());
    project.link('contracts', 'node_modules/xdm/contracts');
    const compiler = ['FOUNDRY_DENY=warnings', `FOUNDRY_SOLC=${resolve('tools/solc.mjs')}`];
    const forge = ['node', resolve('tools/foundry.mjs'), 'forge', 'build'];
    expect(await project.run('env', ...compiler, ...forge)).toMatchObject({ code: 0 });
  });
});
