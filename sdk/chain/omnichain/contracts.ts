import { Interface, type ContractRunner } from 'ethers';

import { attestorLightClient } from '../../abi/AttestorLightClient.ts';
import { omnichainService } from '../../abi/OmnichainService.ts';
import { contract, type Read, type Typed, type Write } from '../typedContract.ts';

/** What a service records of an order, as the contract returns it. */
interface DeliveryRecord {
  /** 0 unattempted, 1 failed, 2 relayed. */
  readonly status: bigint;
  readonly relayer: string;
  readonly attempts: bigint;
  readonly blockNumber: bigint;
}

/** What services of all chains have. */
export interface Service {
  readonly transferOut: Write<[toChain: bigint, messageData: string, feeToken: string], string>;
  readonly transferInWithIndex: Write<[chainId: bigint, logIndex: number, proof: string], void>;
  readonly retryMessageIn: Write<
    [fromChain: bigint, toChain: bigint, orderId: string, fromAddress: string, callData: string],
    void
  >;
  readonly addRemoteCaller: Write<[fromChain: bigint, from: string, allowed: boolean], void>;
  readonly getExecutePermission: Read<[target: string, fromChain: bigint, from: string], boolean>;
  readonly getMessageFee: Read<
    [toChain: bigint, feeToken: string, gasLimit: bigint],
    readonly [amount: bigint, receiver: string]
  >;
  readonly messageNonce: Read<[], bigint>;
  readonly delivery: Read<[fromChain: bigint, orderId: string], DeliveryRecord>;
  readonly chainOf: Read<[chainId: bigint], readonly [service: string, lightClient: string]>;
  readonly proposedLightClient: Read<[chainId: bigint], readonly [lightClient: string, applicableFrom: bigint]>;
  readonly lightClientDelay: Read<[], bigint>;
  readonly owner: Read<[], string>;
  readonly pendingOwner: Read<[], string>;
  readonly transferOwnership: Write<[newOwner: string], void>;
  readonly registerChain: Write<[chainId: bigint, service: string, lightClient: string], void>;
  readonly setFee: Write<[toChain: bigint, feeToken: string, perMessage: bigint, perGas: bigint], void>;
}

/** What light clients of all kinds have. */
export interface LightClient {
  readonly finalizedBlockHash: Read<[number: bigint], string>;
  readonly head: Read<[], readonly [number: bigint, blockHash: string]>;
  readonly isFrozen: Read<[], boolean>;
  readonly historyWindow: Read<[], bigint>;
  readonly chainId: Read<[], bigint>;
  readonly kind: Read<[], bigint>;
}

/** What is read of a token that fees are paid with. */
interface Token {
  readonly balanceOf: Read<[account: string], bigint>;
  readonly allowance: Read<[owner: string, spender: string], bigint>;
}

/** ERC-20's. */
const TOKEN_ABI = [
  'function balanceOf(address) view returns (uint256)',
  'function allowance(address, address) view returns (uint256)',
];

/** Calls of a service and of a light client, to be encoded. */
export const SERVICE_CALLS = new Interface(omnichainService.abi);
export const LIGHT_CLIENT_CALLS = new Interface(attestorLightClient.abi);

export function serviceAt(address: string, runner: ContractRunner): Typed<Service> {
  return contract(address, omnichainService.abi, runner);
}

/** Any kind of light client, as far as all of them are the same. */
export function lightClientAt(address: string, runner: ContractRunner): Typed<LightClient> {
  return contract(address, attestorLightClient.abi, runner);
}

export function tokenAt(address: string, runner: ContractRunner): Typed<Token> {
  return contract(address, TOKEN_ABI, runner);
}
