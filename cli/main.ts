import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';

import yargs, { type Argv } from 'yargs';

import { XdmError } from '../sdk/core/errors.ts';
import type { Command, Environment } from './command.ts';
import { COMMANDS } from './commands.ts';
import { verifyKind } from './deploymentFile.ts';
import { EXIT, EXIT_CODES, type ExitCode } from './exitCodes.ts';
import { formatGiven } from './format.ts';
import { COMMON_OPTIONS } from './options.ts';
import { createOutput, type Output } from './output.ts';
import { askSecret } from './prompt.ts';

/** What was typed, once it is understood: a command and its arguments, or text that answers it. */
type Request = { readonly command: Command; readonly args: Parameters<Command['run']>[0] } | { readonly text: string };

/** Characters in a line of the help. */
const HELP_WIDTH = 100;

/** Milliseconds between two looks at who the parent is. */
const PARENT_INTERVAL_MS = 100;

const DEBUG_VARIABLE = 'XDM_DEBUG';

/**
 * Runs the command line.
 * @param argv what follows the program's name
 * @returns the exit code; it does not throw
 */
export async function main(
  argv: readonly string[],
  environment: Environment = processEnvironment(),
): Promise<ExitCode> {
  const output = createOutput(environment.stdout, environment.stderr, wantsJson(argv));
  try {
    const request = await parse(argv);
    if ('text' in request) {
      environment.stdout.write(`${request.text}\n`);
      return EXIT.done;
    }
    const { command, args } = request;
    verifyKind(command, args, environment);
    return await command.run(args, { environment, output });
  } catch (error) {
    return await report(error, output, environment);
  }
}

function processEnvironment(): Environment {
  const { stdin, stdout, stderr, env } = process;
  // Who reads the output may have read enough, as `head` does.
  stdout.on('error', () => process.exit(EXIT.done));
  return {
    variables: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
    stdout,
    stderr,
    untilStopped,
    untilAbandoned,
    askSecret: stdin.isTTY ? async (question) => await askSecret(question, stdin, stderr) : undefined,
  };
}

async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    // Not once: Ctrl-C can reach a process twice, from the terminal and from npm.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
  });
}

/** npm passes a signal on to its shell, which ends of it without a word to what it runs: the process has another parent then. */
async function untilAbandoned(): Promise<void> {
  if (process.env['npm_lifecycle_event'] === undefined) await new Promise(() => undefined);
  const parent = process.ppid;
  while (process.ppid === parent) await setTimeout(PARENT_INTERVAL_MS, undefined, { ref: false });
}

/** Looked for by hand, since it decides how an error of the parser itself is reported. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).includes('--json');
}

async function parse(argv: readonly string[]): Promise<Request> {
  let request: Request | undefined;
  let parser = yargs()
    .scriptName('xdm')
    .usage('$0 <command> [options]\n\nSends messages between chains, and delivers them.')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .wrap(HELP_WIDTH)
    .detectLocale(false)
    .exitProcess(false)
    .showHelpOnFail(false)
    // Before the command's name, too, they take no value.
    .boolean(flags())
    .strictCommands()
    .strictOptions()
    .demandCommand(1, 'no command is given')
    .epilogue(
      '`xdm <command> --help` describes a command. Exit codes: 0 done, 1 error, 2 usage, 3 transient, 4 not ready, 5 message failed.',
    )
    .version(readVersion())
    .fail((message: string | null, error: Error | undefined) => {
      throw error === undefined || error.name === 'YError' ? usageError(argv, message ?? error?.message ?? '') : error;
    });
  for (const command of COMMANDS) {
    parser = register(parser, command, (args) => {
      request = { command, args };
    });
  }
  await parser.parseAsync(argv, {}, (_error, _args, text) => {
    if (text !== '') request = { text };
  });
  return request ?? { text: await parser.getHelp() };
}

/** Options without a value, of whatever command. */
function flags(): string[] {
  const options = COMMANDS.flatMap((command) => Object.entries(command.options));
  const names = options.filter(([, { type }]) => type === 'boolean').map(([name]) => name);
  return [...new Set([...names, ...Object.keys(COMMON_OPTIONS)])];
}

function register(parser: Argv, command: Command, onParsed: (args: Parameters<Command['run']>[0]) => void): Argv {
  const { name, parameters, summary, details, options } = command;
  return parser.command({
    command: name,
    ...(name !== kebabCase(name) && { aliases: kebabCase(name) }),
    describe: summary,
    builder: (builder) =>
      builder
        // What follows a command are its arguments.
        .strictCommands(false)
        .usage(`${['$0', name, parameters].join(' ').trim()} [options]\n\n${summary}.`)
        .options({ ...options, ...COMMON_OPTIONS })
        .epilogue(details)
        .demandCommand(0),
    handler: ({ _: [, ...rest], $0: _program, ...args }) => {
      verifyOwn(command, args);
      verifyOnce(args);
      verifyArity(command, rest.length);
      onParsed({ ...args, rest: rest.map(String) });
    },
  });
}

/** yargs refuses what no command knows, but not a flag of another command: what somebody meant to be a dry run would be none. */
function verifyOwn({ name, options }: Command, args: Readonly<Record<string, unknown>>): void {
  const foreign = Object.keys(args).find(
    (key) => args[key] !== undefined && !(key in options || key in COMMON_OPTIONS),
  );
  if (foreign === undefined) return;
  throw new XdmError('invalid-argument', `Unknown argument: ${foreign}`, { hint: `see \`xdm ${name} --help\`` });
}

function verifyOnce(args: Readonly<Record<string, unknown>>): void {
  const repeated = Object.keys(args).find((name) => Array.isArray(args[name]));
  if (repeated === undefined) return;
  throw new XdmError('invalid-argument', `--${repeated} is given more than once`, { hint: 'give it once' });
}

function verifyArity({ name, parameters, arity }: Command, count: number): void {
  if (arity === 'any' || arity === count || (arity === 'some' && count > 0)) return;
  const alone = arity === 'some' ? parameters : `${parameters} alone`;
  const takes = arity === 0 ? 'no arguments' : alone;
  throw new XdmError('invalid-argument', `${name} takes ${takes}, and ${formatGiven(count)}`, {
    hint: `see \`xdm ${name} --help\``,
  });
}

function usageError(argv: readonly string[], message: string): XdmError {
  const typed = COMMANDS.find(({ name }) => [name, kebabCase(name)].includes(argv[0] ?? ''));
  // What was typed in the wrong place can be a private key.
  const problem = message.replaceAll(/(?:0x)?[\da-f]{64}/giu, '0x...');
  return new XdmError('invalid-argument', problem, {
    hint: `see \`xdm${typed === undefined ? '' : ` ${typed.name}`} --help\``,
  });
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}

async function report(error: unknown, output: Output, { variables, stderr }: Environment): Promise<ExitCode> {
  const xdmError = error instanceof XdmError ? error : await translate(error);
  output.error(xdmError);
  if (variables[DEBUG_VARIABLE] === '1' && error instanceof Error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) stderr.write(`${cause.stack}\n`);
  }
  return EXIT_CODES[xdmError.code];
}

/** Only ethers throws what is no error of ours, and it is imported then. */
async function translate(error: unknown): Promise<XdmError> {
  const { toXdmError } = await import('../sdk/chain/rpcErrors.ts');
  return toXdmError(error);
}

function readVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  return path === undefined ? '' : (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
