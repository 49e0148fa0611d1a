// How a light client is, as `xdm lightclient status` prints it.
import type { LightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import { counted } from '../../sdk/core/counted.ts';
import type { XdmError } from '../../sdk/core/errors.ts';
import { EXIT, EXIT_CODES, type ExitCode } from '../exitCodes.ts';
import { formatDuration, type Values } from '../format.ts';
import { sentenceOf, type Result } from '../output.ts';
import type { ChosenLightClient } from './lightClients.ts';

/** A light client, and how it is; or why that is not known, where the chain that it is on does not say. */
export type LightClientReport = { readonly light: ChosenLightClient } & (
  | { readonly status: LightClientStatus; readonly problem?: undefined }
  | { readonly status?: undefined; readonly problem: XdmError }
);

/** How a light client is, for readers and for scripts. */
export function lightClientResult({ light, status, problem }: LightClientReport): {
  readonly result: Result;
  readonly exitCode: ExitCode;
} {
  const { on, of, entry } = light;
  const names = { on, of, kind: entry.kind, address: entry.address };
  if (status !== undefined) {
    const values = { ...names, ...valuesOf(status) };
    return { result: { values, texts: textsOf(status, light) }, exitCode: exitOf(status) };
  }
  const unknown = Object.fromEntries(NAMES.map((name) => [name, undefined]));
  const values = { ...names, ...unknown, next: [], problem: problemOf(problem) };
  return { result: { values, texts: { state: sentenceOf(problem) } }, exitCode: EXIT_CODES[problem.code] };
}

/** That there are updates is no error: whoever maintains it sends them. */
function exitOf({ isFrozen, isExpired, problem }: LightClientStatus): ExitCode {
  if (isFrozen || isExpired) return EXIT.error;
  return problem === undefined ? EXIT.done : EXIT_CODES[problem.code];
}

/** What is not known of one whose chain does not answer. */
const NAMES = ['head', 'age', 'trustedUntil', 'expiresIn', 'frozen', 'expired', 'due'] as const;

function valuesOf(status: LightClientStatus): Record<(typeof NAMES)[number] | 'next' | 'problem', Values[string]> {
  const { head, age, trustedUntil, trustedFor, isFrozen, isExpired, next, due, problem } = status;
  return {
    head: { number: head.number, hash: head.hash },
    age,
    trustedUntil,
    expiresIn: trustedFor,
    frozen: isFrozen,
    expired: isExpired,
    next,
    due,
    problem: problem && problemOf(problem),
  };
}

function problemOf({ code, message, hint }: XdmError): Values {
  return { code, message, hint };
}

function textsOf(status: LightClientStatus, light: ChosenLightClient): Readonly<Record<string, string>> {
  const { head, age, trustedFor, isFrozen, isExpired } = status;
  return {
    head: `${head.number}`,
    age: age === undefined ? '-' : formatDuration(age),
    expiresIn: trustedFor === undefined ? 'never' : isExpired ? 'expired' : formatDuration(trustedFor),
    frozen: isFrozen ? 'yes' : 'no',
    state: stateOf(status, light),
  };
}

const REASONS: Readonly<Record<NonNullable<LightClientStatus['due']>, string>> = {
  'next-signers': 'to learn who signs next',
  'trust-half-over': 'before its trusting period is over',
};

function stateOf(
  { isFrozen, isExpired, next, due, problem }: LightClientStatus,
  { on, of }: ChosenLightClient,
): string {
  if (isFrozen) return 'frozen: two blocks of one height were vouched for';
  if (isExpired) return 'expired: it takes no update any more';
  if (problem !== undefined) return sentenceOf(problem);
  if (next.length === 0) return 'ok: in sync';
  const updates = `${counted(next.length, 'update')} to ${next.at(-1)}`;
  if (due === undefined) return `ok: ${updates}, once a message waits for it`;
  return `due: ${updates}, ${REASONS[due]}: a maintainer sends that, or xdm lightclient update --on ${on} --of ${of}`;
}
