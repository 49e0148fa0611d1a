import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { EXIT, EXIT_CODES, type ExitCode } from '../exitCodes.ts';

type Verdict = 'ok' | 'warning' | 'problem';

/** What a check has found out about something. */
export interface Finding {
  /** What was looked at, such as `code`. */
  readonly check: string;
  /** Where, such as `l1` or an address. */
  readonly subject: string;
  readonly verdict: Verdict;
  readonly value: string;
  /** What to do, where it is not ok. */
  readonly hint?: string | undefined;
  /** Whether it may pass by itself. */
  readonly isTransient?: boolean;
}

type Place = Pick<Finding, 'check' | 'subject'>;

export function ok(place: Place, value: string): Finding {
  return { ...place, verdict: 'ok', value };
}

export function warning(place: Place, value: string, hint: string): Finding {
  return { ...place, verdict: 'warning', value, hint };
}

/** Something that must be mended before the node does all it should. */
export function problem(place: Place, value: string, hint: string | undefined): Finding {
  return { ...place, verdict: 'problem', value, hint, isTransient: false };
}

/** A problem that may pass by itself. */
export function trouble(place: Place, value: string, hint: string | undefined): Finding {
  return { ...place, verdict: 'problem', value, hint, isTransient: true };
}

/** What an error is that a check ended with. */
export function failure(place: Place, cause: unknown): Finding {
  const { code, message, hint } = toXdmError(cause);
  return EXIT_CODES[code] === EXIT.transient ? trouble(place, message, hint) : problem(place, message, hint);
}

/**
 * Runs a check, which has so many milliseconds.
 * @returns what it has found, or as the one finding why it did not end
 */
export async function within(
  milliseconds: number,
  place: Place,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const timeout = AbortSignal.timeout(milliseconds);
  const late = new Promise<readonly Finding[]>((resolve) => {
    timeout.addEventListener('abort', () => {
      const value = `was not answered within ${milliseconds / 1000} s`;
      resolve([trouble(place, value, 'check the endpoint, or give the checks more time with --timeout')]);
    });
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return [failure(place, error)];
  }
}

/** The exit code of what was found: 0 without a problem, 3 where all problems may pass by themselves, 1 otherwise. */
export function exitOf(findings: readonly Finding[]): ExitCode {
  const problems = findings.filter(({ verdict }) => verdict === 'problem');
  if (problems.length === 0) return EXIT.done;
  return problems.every(({ isTransient }) => isTransient === true) ? EXIT.transient : EXIT.error;
}

/** `problem  code of 0x... on L1: none; check the deployment file` */
export function lineOf({ verdict, check, subject, value, hint }: Finding): string {
  const what = subject === '' ? check : `${subject} ${check}`;
  return `${verdict.padEnd('problem'.length)}  ${what}: ${value}${hint === undefined ? '' : `; ${hint}`}`;
}
