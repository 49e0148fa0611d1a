import { globSync, readFileSync } from 'node:fs';

import { Interface } from 'ethers';
import { describe, expect, test } from 'vitest';

import type { Command, OptionsByName } from '../../cli/command.ts';
import { COMMANDS } from '../../cli/commands.ts';
import { COMMON_OPTIONS } from '../../cli/options.ts';
import { senderAllowlist } from '../../sdk/abi/SenderAllowlist.ts';

const DOCUMENTS = ['README.md', ...globSync('docs/*.md'), 'monitoring/alerts.yml'];

/** What starts a command line: `xdm` itself, or one of the files that it is in a clone and in a project. */
const PROGRAM = /^(?:npx xdm|xdm|(?:node_modules\/\.bin\/)?node bin\/xdm\.mjs|node_modules\/\.bin\/xdm) (.+)$/u;

/** Command lines in a document, in a line of a block of code or between backticks, without what follows them. */
function commandLines(document: string): string[] {
  const text = readFileSync(document, 'utf8').replaceAll('\\\n', ' ');
  const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```$/gmsu)].flatMap(([, block = '']) => block.split('\n'));
  // Between backticks a line can be broken.
  const spans = [...text.replaceAll(/^ *```.*?^ *```$/gmsu, '').matchAll(/`([^`]+)`/gu)].map(([, span = '']) =>
    span.replaceAll(/\s+/gu, ' '),
  );
  return [...blocks, ...spans].flatMap((line) => {
    const words = PROGRAM.exec(line.trim())?.[1];
    return words === undefined ? [] : [words.replace(/\s+#.*$/u, '')];
  });
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);

function problemOf(line: string): string | undefined {
  const [name = '', ...rest] = line.match(/'[^']*'|\S+/gu) ?? [];
  if (name.startsWith('--') || name === '<command>') return undefined;
  const command = COMMANDS.find((each) => [each.name, kebab(each.name)].includes(name));
  return command === undefined ? `there is no command ${name}` : problemOfArguments(command, rest);
}

function problemOfArguments({ name, arity, options: own }: Command, words: readonly string[]): string | undefined {
  const options: OptionsByName = { ...own, ...COMMON_OPTIONS };
  let given = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    const option = word.startsWith('--') ? options[word.slice(2)] : undefined;
    if (option === undefined && word.startsWith('--')) return word === '--help' ? undefined : `${name} has no ${word}`;
    if (option === undefined) given += 1;
    else if (option.type !== 'boolean') index += 1;
  }
  // A sentence can name a command without its arguments.
  const isWhole = given === 0 || arity === 'any' || arity === 'some' || arity === given;
  return isWhole ? undefined : `${name} takes ${arity} arguments, not ${given}`;
}

describe('the command lines of', () => {
  test.each(DOCUMENTS)('%s are of commands, options and arguments that there are', (document) => {
    const problems = commandLines(document).map((line) => [line, problemOf(line)] as const);
    expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([]);
  });

  test('the runbook are found', () => {
    const named = new Set(commandLines('docs/emergency.md').map((line) => line.split(' ')[0]));
    const needed = ['challenge', 'pause', 'unpause', 'roles', 'setRole', 'acceptOwnership', 'relayer', 'relayMessage'];
    expect([...named]).toEqual(expect.arrayContaining([...needed, 'doctor', 'list', 'retry']));
  });

  test('the runbook name nothing that could be pasted as it is, and meant another lane', () => {
    const given = commandLines('docs/emergency.md').filter((line) => /\b(?:0x[\da-f]+|\d+)\b/iu.test(line));
    expect(given).toEqual([]);
  });

  test.each([
    ['panic --account guardian', 'there is no command panic'],
    ['pause --guardian', 'pause has no --guardian'],
    ['setRole guardian --account owner', 'setRole takes 2 arguments, not 1'],
    ['setRole guardian 0x12 --account owner', undefined],
    ["sendMessage --target 0x12 --sig 'greet(string)' hello --wait", undefined],
  ])('nobody: `xdm %s` is judged as it should be', (line, problem) => {
    expect(problemOf(line)).toBe(problem);
  });
});

/** Headings as GitHub makes links of them. */
function anchorsOf(document: string): string[] {
  return [...readFileSync(document, 'utf8').matchAll(/^#+ (.+)$/gmu)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('the alerts and the places that the runbook names exist', () => {
  const runbook = readFileSync('docs/emergency.md', 'utf8');
  const alerts = new Set([...runbook.matchAll(/`(Xdm\w+)`/gu)].map(([, name]) => name));
  const known = readFileSync('monitoring/alerts.yml', 'utf8');
  expect(alerts.size).toBeGreaterThan(5);
  expect([...alerts].filter((name) => !known.includes(`alert: ${name}\n`))).toEqual([]);

  const anchors = anchorsOf('docs/emergency.md');
  const links = [...runbook.matchAll(/\]\(#([^)]+)\)/gu)].map(([, anchor = '']) => anchor);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});

test('what the runbook calls of an allowlist, and looks for, it has', () => {
  const runbook = readFileSync('docs/emergency.md', 'utf8');
  const named = [...runbook.matchAll(/cast (send|logs) (?:--address )?LIST "([^"]+)"/gu)].map(([, how, name]) => [
    how === 'send' ? 'function' : 'event',
    name!,
  ]);
  expect(named.length).toBeGreaterThan(2);
  const { fragments } = new Interface(senderAllowlist.abi);
  const known = fragments.flatMap((each) => (each.type === 'constructor' ? [] : [[each.type, each.format('sighash')]]));
  expect(known).toEqual(expect.arrayContaining(named));
});
