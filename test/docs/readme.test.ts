import { readFileSync } from 'node:fs';

import { describe, expect, onTestFinished, test } from 'vitest';

import { createProject } from '../support/project.ts';

const EXAMPLE = 'examples/greeter/Greeter.sol';

/** The README's blocks of code in a language. */
function blocks(language: string): string[] {
  const readme = readFileSync('README.md', 'utf8');
  return [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text!);
}

describe("the README's contract", () => {
  test('is the example', () => {
    expect(blocks('solidity')).toEqual([readFileSync(EXAMPLE, 'utf8')]);
  });

  test('compiles without a warning', async () => {
    const [contract] = blocks('solidity');
    const project = createProject(
      { [EXAMPLE]: contract! },
      { copies: ['foundry.toml'], links: ['contracts', 'tools'] },
    );
    onTestFinished(() => project.remove());
    const forge = ['FOUNDRY_PROFILE=examples', 'node', 'tools/foundry.mjs', 'forge', 'build', 'examples'];
    expect(await project.run('env', ...forge)).toMatchObject({ code: 0 });
  });
});
