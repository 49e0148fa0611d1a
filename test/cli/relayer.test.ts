import { expect, test } from 'vitest';

import { relayer } from '../../cli/commands/relayer.ts';
import { CONFIG_KEYS } from '../../relayer/config.ts';

test('every setting of the node is an option', () => {
  const kebabCase = (key: string): string => key.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  const others = ['config', 'deployment', 'keystore', 'account', 'password-file', 'from'];
  const settings = Object.keys(relayer.options).filter((option) => !others.includes(option));
  const compare = (a: string, b: string): number => a.localeCompare(b);
  expect(settings.toSorted(compare)).toEqual(CONFIG_KEYS.map(kebabCase).toSorted(compare));
});
