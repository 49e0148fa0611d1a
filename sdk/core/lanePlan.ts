import { AbiCoder, getCreateAddress, isAddress, keccak256, ZeroAddress } from 'ethers';

import type { Side } from './deployment.ts';
import { XdmError } from './errors.ts';
import { MAX_TRANSACTION_GAS } from './gas.ts';
import { address, flag, hash, natural, object, parseJson, serializeJson, version } from './jsonFile.ts';
import type { Lane } from './lane.ts';
import { deployedAddress } from './laneDeployer.ts';

/** What is fixed about a lane on one of its chains. */
export interface ChainPlan {
  readonly chainId: bigint;
  /** Account that creates the lane deployer, owns it, and deploys the lane through it. */
  readonly account: string;
  /** The account's nonce with which it creates the lane deployer. */
  readonly nonce: number;
  /** A block before the first transaction: the lane's logs are read from there. */
  readonly deployedAt: bigint;
}

/** Accounts on L1 that a lane names. */
export const ROLES = ['owner', 'proposer', 'challenger', 'guardian'] as const;

/** One of them. */
export type LaneRole = (typeof ROLES)[number];

/** What whoever deploys a lane chooses. */
export interface LaneTerms {
  /** Names the three others, and ends a pause; an account on L1, as they are. */
  readonly owner: string;
  readonly proposer: string;
  readonly challenger: string;
  readonly guardian: string;
  /** Seconds, 1 to 365 days. */
  readonly fraudProofWindow: bigint;
  /** Most L2 gas of the deposits of one L1 block, at least 16,777,216 and below L2's block gas limit. */
  readonly maxBlockGas: bigint;
  /** L2 block whose state root is element 0 of the state-commitment chain. */
  readonly startBlock: bigint;
  /** Whether messages may carry ETH. */
  readonly valueEnabled: boolean;
  /** Wei put into the vault, to cover what L2 holds from its genesis. */
  readonly genesisVault: bigint;
  /** Contract on L2 that says who may send, see ISenderAllowlist; zero for everyone. */
  readonly allowlist: string;
}

/** Everything about a lane that is fixed before the first transaction that deploys it. */
export interface LanePlan extends LaneTerms {
  readonly l1: ChainPlan;
  readonly l2: ChainPlan;
  /** Hash of the creation code of all its contracts: a lane is not made of two versions. */
  readonly creationCodeHash: string;
}

/** The contracts of a lane. */
export type LaneContract =
  | 'ChainStorageContainer'
  | 'StateCommitmentChain'
  | 'CanonicalTransactionChain'
  | 'L1CrossDomainMessenger'
  | 'L2ToL1MessagePasser'
  | 'L2CrossDomainMessenger';

/** StateCommitmentChain's longest fraud-proof window. */
const MAX_WINDOW = 31_536_000n;

const MAX_UINT64 = 2n ** 64n - 1n;

/** The lane that a plan leads to. It depends on nothing else: not on what was deployed already, nor in which order. */
export function plannedLane(plan: LanePlan): Lane {
  const at = (side: Side, contract: LaneContract): string =>
    deployedAddress(laneDeployerOf(plan[side]), laneSalt(plan, contract));
  return {
    l1ChainId: plan.l1.chainId,
    l2ChainId: plan.l2.chainId,
    batches: at('l1', 'ChainStorageContainer'),
    stateCommitmentChain: at('l1', 'StateCommitmentChain'),
    canonicalTransactionChain: at('l1', 'CanonicalTransactionChain'),
    l1Messenger: at('l1', 'L1CrossDomainMessenger'),
    messagePasser: at('l2', 'L2ToL1MessagePasser'),
    l2Messenger: at('l2', 'L2CrossDomainMessenger'),
    fraudProofWindow: plan.fraudProofWindow,
    startBlock: plan.startBlock,
    valueEnabled: plan.valueEnabled,
  };
}

/** Address of the lane deployer on a chain. */
export function laneDeployerOf({ account, nonce }: ChainPlan): string {
  return getCreateAddress({ from: account, nonce });
}

/** The salt with which a lane deployer deploys a contract: another one in each plan, and for each contract. */
export function laneSalt(plan: LanePlan, contract: LaneContract): string {
  const fields: [type: string, value: unknown][] = [
    ['string', contract],
    ['uint256', plan.l1.chainId],
    ['uint256', plan.l2.chainId],
    ['address', plan.owner],
    ['address', plan.proposer],
    ['address', plan.challenger],
    ['address', plan.guardian],
    ['uint256', plan.fraudProofWindow],
    ['uint256', plan.maxBlockGas],
    ['uint256', plan.startBlock],
    ['bool', plan.valueEnabled],
    ['uint256', plan.genesisVault],
    ['address', plan.allowlist],
    ['bytes32', plan.creationCodeHash],
    ['address', laneDeployerOf(plan.l1)],
    ['address', laneDeployerOf(plan.l2)],
  ];
  const types = fields.map(([type]) => type);
  const values = fields.map(([, value]) => value);
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}

/**
 * Refuses a plan that its contracts would refuse, before anything is paid for.
 * @throws {XdmError} `invalid-argument`, with the offending value
 */
export function verifyLanePlan(plan: LanePlan): void {
  const { fraudProofWindow, maxBlockGas, genesisVault } = plan;
  const refusals: readonly (readonly [isRefused: boolean, problem: string])[] = [
    ...ROLES.map((role) => {
      const isAccount = isAddress(plan[role]) && plan[role] !== ZeroAddress;
      return [!isAccount, `the ${role} "${plan[role]}" is not an account's address`] as const;
    }),
    [!isAddress(plan.allowlist), `the allowlist "${plan.allowlist}" is not an address`],
    [plan.l1.chainId === plan.l2.chainId, `both chains have id ${plan.l1.chainId}`],
    [
      fraudProofWindow < 1n || fraudProofWindow > MAX_WINDOW,
      `a fraud-proof window of ${fraudProofWindow} s is not between 1 s and 365 days`,
    ],
    [
      maxBlockGas < MAX_TRANSACTION_GAS || maxBlockGas > MAX_UINT64,
      `${maxBlockGas} L2 gas a block is not between ${MAX_TRANSACTION_GAS} and ${MAX_UINT64}`,
    ],
    [
      !plan.valueEnabled && genesisVault > 0n,
      `${genesisVault} wei could never leave the vault of a lane without value`,
    ],
  ];
  const refusal = refusals.find(([isRefused]) => isRefused);
  if (refusal !== undefined) throw new XdmError('invalid-argument', refusal[1]);
}

/** Version of the file's format. */
const VERSION = 1;

const chainSchema = object({
  chainId: natural,
  account: address,
  nonce: natural.transform(Number),
  deployedAt: natural,
});

const schema = object({
  version: version(VERSION),
  l1: chainSchema,
  l2: chainSchema,
  owner: address,
  proposer: address,
  challenger: address,
  guardian: address,
  fraudProofWindow: natural,
  maxBlockGas: natural,
  startBlock: natural,
  valueEnabled: flag,
  genesisVault: natural,
  allowlist: address,
  creationCodeHash: hash,
});

/**
 * Reads a plan's file.
 * @param text JSON, as `serializeLanePlan` writes it
 * @param source what to call it in an error, such as the file's path
 * @throws {XdmError} `invalid-deployment`, with the offending key and value
 */
export function parseLanePlan(text: string, source: string): LanePlan {
  const { version: _version, ...plan } = parseJson(text, schema, {
    source,
    subject: "a lane's plan",
    code: 'invalid-deployment',
    hint: 'delete it to plan the lane anew',
  });
  return plan;
}

/** A plan's file: JSON, numbers as decimal strings where they may exceed 2^53. */
export function serializeLanePlan(plan: LanePlan): string {
  return serializeJson({ version: VERSION, ...plan });
}
