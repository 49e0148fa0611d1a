import { dataLength, getBytes, toQuantity, type JsonRpcProvider } from 'ethers';

import { sleep } from '../../sdk/chain/sleep.ts';

/** A call that an unlocked account makes. */
export interface Call {
  readonly from: string;
  readonly to: string;
  /** Calldata, hex. */
  readonly data: string;
  readonly gasLimit: number;
}

/** A transaction that was mined. */
export interface Mined {
  readonly hash: string;
  readonly gas: number;
  /** First topics of what it emitted. */
  readonly events: readonly string[];
}

/** What a transaction's gas is made of. */
export interface Split {
  readonly gas: number;
  /** Bytes of calldata. */
  readonly bytes: number;
  /** Price of the calldata: 4 gas a zero byte, 16 any other. */
  readonly calldata: number;
  /** Least price of the transaction (EIP-7623), its 21,000 gas included: 10 gas a zero byte of calldata, 40 any other. */
  readonly floor: number;
  /** Gas of what is executed, the target included. */
  readonly execution: number;
  /** Gas of the target's calls. */
  readonly target: number;
  /** Gas of reading and writing storage, what the target does left out. */
  readonly storage: number;
}

/** Gas of any transaction. */
export const TRANSACTION = 21_000;

/** Gas of a byte of calldata: zero, and any other; the same where the floor binds. */
const PRICES = { zero: 4, other: 16 };
const FLOOR_PRICES = { zero: 10, other: 40 };

/** Milliseconds between two looks for a receipt, most of which are there at the first. */
const LOOK_MS = 5;

/**
 * Sends a transaction and waits until it is mined. Anvil's `eth_sendTransactionSync` does not see every block that comes at once, and
 * waits half a minute for it then.
 * @throws {Error} when it reverts
 */
export async function sendTransaction(provider: JsonRpcProvider, { gasLimit, ...call }: Call): Promise<Mined> {
  const hash = (await provider.send('eth_sendTransaction', [{ ...call, gas: toQuantity(gasLimit) }])) as string;
  for (;;) {
    const receipt = (await provider.send('eth_getTransactionReceipt', [hash])) as RawReceipt | null;
    if (receipt !== null) return minedOf(receipt);
    await sleep(LOOK_MS);
  }
}

/** A receipt, as an endpoint answers it. */
export interface RawReceipt {
  readonly transactionHash: string;
  readonly status: string;
  readonly gasUsed: string;
  readonly logs: readonly { readonly topics: readonly string[] }[];
}

/**
 * What counts of a receipt.
 * @throws {Error} when the transaction reverted
 */
export function minedOf({ transactionHash: hash, status, gasUsed, logs }: RawReceipt): Mined {
  if (Number(status) !== 1) throw new Error(`transaction ${hash} reverted after ${Number(gasUsed)} gas`);
  return { hash, gas: Number(gasUsed), events: logs.map(({ topics }) => topics[0] ?? '') };
}

/** Runs something and undoes what it did to the chain. */
export async function undone<T>(provider: JsonRpcProvider, work: () => Promise<T>): Promise<T> {
  const snapshot = await provider.send('evm_snapshot', []);
  try {
    return await work();
  } finally {
    await provider.send('evm_revert', [snapshot]);
  }
}

/** Price of calldata: what is paid at the least, and what is paid beside the execution. */
export function calldataGas(data: string): { readonly calldata: number; readonly floor: number } {
  const bytes = getBytes(data);
  const zeros = bytes.filter((byte) => byte === 0).length;
  const priceOf = ({ zero, other }: typeof PRICES): number => zeros * zero + (bytes.length - zeros) * other;
  return { calldata: priceOf(PRICES), floor: TRANSACTION + priceOf(FLOOR_PRICES) };
}

/**
 * Splits the gas of a transaction that is the first of its block.
 * @param target contract that the transaction's recipient calls, to be told apart
 * @throws {Error} when the parts do not make the whole
 */
export async function splitOf(
  provider: JsonRpcProvider,
  { hash, gas }: Pick<Mined, 'hash' | 'gas'>,
  target?: string,
): Promise<Split> {
  const transaction: RawTransaction = await provider.send('eth_getTransactionByHash', [hash]);
  const { calldata, floor } = calldataGas(transaction.input);
  const calls: Frame = await provider.send('debug_traceTransaction', [hash, { tracer: 'callTracer' }]);
  const { execution, storage } = await traceSteps(provider, transaction, target === undefined);
  if (Math.max(floor, TRANSACTION + calldata + execution) !== gas) {
    throw new Error(`transaction ${hash} took ${gas} gas, and its steps take ${execution} beside ${calldata}`);
  }
  const ofTarget = target === undefined ? 0 : gasOfCalls(calls, target.toLowerCase());
  return { gas, bytes: dataLength(transaction.input), calldata, floor, execution, target: ofTarget, storage };
}

/** A call, as anvil's tracer of calls shows it. */
interface Frame {
  readonly to?: string;
  readonly gasUsed: string;
  readonly calls?: readonly Frame[];
}

function gasOfCalls({ calls = [] }: Frame, target: string): number {
  const ofCall = (frame: Frame): number => (frame.to === target ? Number(frame.gasUsed) : gasOfCalls(frame, target));
  return calls.reduce((sum, frame) => sum + ofCall(frame), 0);
}

/** A transaction, as an endpoint answers it. */
interface RawTransaction {
  readonly from: string;
  readonly to: string;
  readonly input: string;
  readonly gas: string;
  readonly blockNumber: string;
}

/** A step, as anvil's tracer of steps shows it. */
interface Step {
  readonly op: string;
  readonly depth: number;
  readonly gas: number;
  readonly gasCost: number;
}

/** Leaves out of steps what is not needed. */
const BRIEF = { disableStorage: true, disableStack: true, disableMemory: true };

/** What reads and writes storage. */
const STORAGE: ReadonlySet<string> = new Set(['SLOAD', 'SSTORE']);

/**
 * Runs a transaction again, in the state before its block, step by step: where the floor binds, the gas it used does not say what
 * its execution took.
 * @param everywhere whether the storage of contracts that the recipient calls counts
 */
async function traceSteps(
  provider: JsonRpcProvider,
  { from, to, input, gas, blockNumber }: RawTransaction,
  everywhere: boolean,
): Promise<Pick<Split, 'execution' | 'storage'>> {
  const before = toQuantity(Number(blockNumber) - 1);
  const options = { ...BRIEF, blockOverrides: { number: blockNumber } };
  const { structLogs } = await provider.send('debug_traceCall', [{ from, to, data: input, gas }, before, options]);
  const steps = structLogs as readonly Step[];
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`nothing is executed at ${to}`);
  const ofStorage = steps.filter(({ op, depth }) => STORAGE.has(op) && (everywhere || depth === first.depth));
  return {
    execution: first.gas - last.gas + last.gasCost,
    storage: ofStorage.reduce((sum, { gasCost }) => sum + gasCost, 0),
  };
}
