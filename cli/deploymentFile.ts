// The file that describes a lane, as far as every command needs it: before anything of the SDK is imported.
import { readFileSync } from 'node:fs';

import { XdmError } from '../sdk/core/errors.ts';
import type { Environment } from './command.ts';

/** Two chains of which one is a rollup on the other, or any number of chains around a relay chain. */
export type LaneKind = 'rollup' | 'omnichain';

/** What names the file. */
export interface DeploymentArguments {
  readonly deployment?: string | undefined;
}

/** Of a command that is for lanes of one kind. */
export interface KindLimit {
  readonly kind: LaneKind;
  /** What to do about a lane of the other kind, a clause. */
  readonly otherwise: string;
}

const DEFAULT_DEPLOYMENT = '.xdm/deployment.json';

const SUBJECTS = { rollup: "a rollup's lane", omnichain: 'an omnichain lane' } as const;

/** Where the deployment file is. */
export function deploymentPath({ deployment }: DeploymentArguments, { variables }: Environment): string {
  return deployment ?? variables['XDM_DEPLOYMENT'] ?? DEFAULT_DEPLOYMENT;
}

/**
 * The deployment file's text.
 * @throws {XdmError} `deployment-not-found`
 */
export function readDeploymentText(args: DeploymentArguments, environment: Environment): string {
  const path = deploymentPath(args, environment);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new XdmError('deployment-not-found', `the deployment file ${path} cannot be read`, {
      cause,
      hint: 'name another one with --deployment, or write one with `xdm devnet` or `xdm deploy`',
    });
  }
}

/** Which kind of lane was asked for; undefined where there is no such file, or it is no JSON: whoever reads it says so. */
export function laneKindOf(args: DeploymentArguments, environment: Environment): LaneKind | undefined {
  try {
    const { kind } = JSON.parse(readDeploymentText(args, environment)) as { readonly kind?: unknown };
    return kind === 'omnichain' ? 'omnichain' : 'rollup';
  } catch {
    return undefined;
  }
}

/**
 * Makes sure that a command can do something with the lane that was asked for.
 * @throws {XdmError} `invalid-deployment` for a lane of the other kind
 */
export function verifyKind(
  { name, only }: { readonly name: string; readonly only?: KindLimit },
  { deployment }: Readonly<Record<string, unknown>>,
  environment: Environment,
): void {
  if (only === undefined) return;
  const args = { deployment: typeof deployment === 'string' ? deployment : undefined };
  const kind = laneKindOf(args, environment) ?? only.kind;
  if (kind === only.kind) return;
  throw new XdmError(
    'invalid-deployment',
    `${deploymentPath(args, environment)} describes ${SUBJECTS[kind]}, and xdm ${name} is for ${SUBJECTS[only.kind]}`,
    { hint: only.otherwise },
  );
}

/**
 * Makes sure that no option is typed that means something for lanes of the other kind alone.
 * @throws {XdmError} `invalid-argument`
 */
export function refuseOptions(
  kind: LaneKind,
  args: Readonly<Record<string, unknown>>,
  options: readonly string[],
): void {
  const typed = options.find((name) => args[name] !== undefined && args[name] !== false);
  if (typed === undefined) return;
  const other = kind === 'rollup' ? 'omnichain' : 'rollup';
  const endpoints = kind === 'rollup' ? '--l1-rpc-url and --l2-rpc-url' : '--rpc-urls';
  throw new XdmError('invalid-argument', `--${typed} is for ${SUBJECTS[other]}, and this one is ${SUBJECTS[kind]}`, {
    hint: /-rpc-url$|^rpc-urls$/u.test(typed) ? `give endpoints with ${endpoints}` : 'leave it out',
  });
}
