// What whoever deploys a lane chooses: by options, by a file, or as it is unless said otherwise.
import { ZeroAddress, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import type { PlanLaneParameters } from '../sdk/actions/planLane.ts';
import { senderAllowlistAt } from '../sdk/chain/contracts.ts';
import { toXdmError } from '../sdk/chain/rpcErrors.ts';
import type { DepositMode } from '../sdk/core/deployment.ts';
import { XdmError } from '../sdk/core/errors.ts';
import { MAX_TRANSACTION_GAS } from '../sdk/core/gas.ts';
import { address, flag, natural, object, parseJson } from '../sdk/core/jsonFile.ts';
import type { Arguments } from './command.ts';
import { readIfThere } from './files.ts';
import type { TERM_OPTIONS } from './options.ts';
import { parseAddress, parseChoice, parseNatural, parseWei } from './values.ts';

const WEEK_S = 604_800n;

/** Share of an L2 block that the deposits of one L1 block may fill: what L2's own users need is left. */
const DEPOSIT_SHARE = { numerator: 2n, denominator: 3n };

const DEPOSIT_MODES = ['sequencer', 'derived'] as const satisfies readonly DepositMode[];

type TermArguments = Omit<Arguments<typeof TERM_OPTIONS>, 'rest'>;

/** What is asked for; the rest is as the chains and the account have it. */
export interface AskedTerms extends Partial<PlanLaneParameters> {
  readonly deposits: DepositMode;
  readonly fraudProofWindow: bigint;
  readonly valueEnabled: boolean;
  readonly genesisVault: bigint;
}

/** Named as in a plan and in the deployment file. */
const schema = object({
  owner: address,
  proposer: address,
  challenger: address,
  guardian: address,
  fraudProofWindow: natural,
  deposits: z.enum(DEPOSIT_MODES, { error: DEPOSIT_MODES.join(' or ') }),
  maxBlockGas: natural,
  startBlock: natural,
  allowlist: address,
  genesisVault: natural,
  valueEnabled: flag,
}).partial();

/**
 * The terms that are typed or stand in the file.
 * @throws {XdmError} `invalid-argument`, and `invalid-config` for the file, with the offending key and value
 */
export function readTerms(args: TermArguments): AskedTerms {
  return {
    deposits: 'sequencer',
    fraudProofWindow: WEEK_S,
    valueEnabled: true,
    genesisVault: 0n,
    ...readFile(args.config),
    ...withoutUndefined(readOptions(args)),
  };
}

/**
 * What a lane is planned with. Roles that nobody is named for are the deploying account's.
 * @throws {XdmError} `invalid-argument` for an L2 that has no room for deposits, or whose allowlist is none
 */
export async function completeTerms(
  { deposits: _deposits, ...asked }: AskedTerms,
  account: string,
  l2: JsonRpcProvider,
): Promise<PlanLaneParameters> {
  if (asked.allowlist !== undefined) await verifyAllowlist(asked.allowlist, l2);
  const roles = { owner: account, proposer: account, challenger: account, guardian: account };
  return { ...roles, ...asked, maxBlockGas: asked.maxBlockGas ?? (await usualBlockGas(l2)) };
}

function readFile(path: string | undefined): Partial<AskedTerms> {
  if (path === undefined) return {};
  const text = readIfThere(path);
  if (text === undefined) {
    throw new XdmError('invalid-config', `there is no file ${path}`, { hint: 'give another one with --config' });
  }
  return withoutUndefined(
    parseJson(text, schema, {
      source: path,
      subject: "a lane's terms",
      code: 'invalid-config',
      hint: `its keys are ${Object.keys(schema.shape).join(', ')}`,
    }),
  );
}

function readOptions(args: TermArguments): { readonly [K in keyof AskedTerms]?: AskedTerms[K] | undefined } {
  const read = <T>(name: keyof typeof TERM_OPTIONS, parse: (option: string, text: string) => T): T | undefined => {
    const text = args[name];
    return typeof text === 'string' ? parse(name, text) : undefined;
  };
  return {
    owner: read('owner', parseAddress),
    proposer: read('proposer', parseAddress),
    challenger: read('challenger', parseAddress),
    guardian: read('guardian', parseAddress),
    fraudProofWindow: read('challenge-period', parseNatural),
    deposits: read('deposits', (name, text) => parseChoice(name, text, DEPOSIT_MODES)),
    maxBlockGas: read('max-block-gas', parseNatural),
    startBlock: read('start-block', parseNatural),
    allowlist: read('allowlist', parseAddress),
    genesisVault: read('genesis-vault', parseWei),
    valueEnabled: args['no-value'] ? false : undefined,
  };
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** A lane keeps its allowlist for good: with an address that does not answer nobody could ever send from L2. */
async function verifyAllowlist(allowlist: string, l2: JsonRpcProvider): Promise<void> {
  // What it is in a plan where everyone may send.
  if (allowlist === ZeroAddress) return;
  let cause: unknown;
  try {
    await senderAllowlistAt(allowlist, l2).isAllowed(ZeroAddress);
    return;
  } catch (error) {
    cause = error;
  }
  if (toXdmError(cause).retryable) throw cause;
  throw new XdmError('invalid-argument', `the allowlist ${allowlist} is no sender allowlist on L2`, {
    cause,
    hint: 'deploy a SenderAllowlist on L2 first, or leave it out for everyone',
  });
}

async function usualBlockGas(l2: JsonRpcProvider): Promise<bigint> {
  const limit = (await l2.getBlock('latest'))?.gasLimit ?? 0n;
  if (limit <= MAX_TRANSACTION_GAS) {
    throw new XdmError('invalid-argument', `L2's block gas limit is ${limit}, too little for a lane's deposits`, {
      hint: `it must be above ${MAX_TRANSACTION_GAS}, which one deposit can need`,
    });
  }
  const share = (limit * DEPOSIT_SHARE.numerator) / DEPOSIT_SHARE.denominator;
  return share > MAX_TRANSACTION_GAS ? share : limit - 1n;
}
