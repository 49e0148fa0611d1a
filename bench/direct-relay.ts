// Gas of relaying single L2-to-L1 messages on two real chains: two anvils, L2 with many accounts and messages, real
// `eth_getProof` proofs verified on chain. Prints the figures; --json prints them for machines.
//
// usage: node bench/direct-relay.ts [--accounts 1000] [--messages 1000] [--samples 25] [--batch-size 16] [--json]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import {
  Contract,
  ContractFactory,
  dataLength,
  getBytes,
  HDNodeWallet,
  Interface,
  JsonRpcProvider,
  keccak256,
  toBeHex,
  toQuantity,
  type InterfaceAbi,
} from 'ethers';

import { DEVELOPMENT_MNEMONIC, startAnvil, type Anvil } from '../devnet/anvil.ts';
import { l1CrossDomainMessenger } from '../sdk/abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../sdk/abi/L2CrossDomainMessenger.ts';
import { stateCommitmentChain } from '../sdk/abi/StateCommitmentChain.ts';
import { deployLane } from '../sdk/actions/deployLane.ts';
import { planLane } from '../sdk/actions/planLane.ts';
import type { Lane } from '../sdk/core/lane.ts';
import { encodeNonce, messageKey, sentMessageSlot, type Message } from '../sdk/core/message.ts';
import { hashMessage } from '../sdk/core/optimism.ts';
import { buildStateBatchTree } from '../sdk/core/stateBatchTree.ts';
import { packStorageProof } from '../sdk/core/storageProof.ts';

const GAS_LIMIT = 200_000n;
const FRAUD_PROOF_WINDOW = 10n;
const ETHER = 10n ** 18n;

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '1000' },
    samples: { type: 'string', default: '25' },
    'batch-size': { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
  },
});
const size = {
  accounts: positive('accounts'),
  messages: positive('messages'),
  samples: Math.min(positive('samples'), positive('messages')),
  batchSize: positive('batch-size'),
};

function positive(name: 'accounts' | 'messages' | 'samples' | 'batch-size'): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new RangeError(`--${name} ${values[name]} is not 1 or more`);
  return number;
}

interface World {
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
  readonly lane: Lane;
  readonly relayer: HDNodeWallet;
  readonly user: HDNodeWallet;
  readonly target: string;
}

/** A relay's gas, and the bytes and price of its calldata. */
interface Sample {
  readonly gasUsed: number;
  readonly proofBytes: number;
  readonly calldataBytes: number;
  readonly floorPrice: number;
}

function account(index: number, provider: JsonRpcProvider): HDNodeWallet {
  return HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', `m/44'/60'/0'/0/${index}`).connect(provider);
}

async function createWorld(l1: JsonRpcProvider, l2: JsonRpcProvider): Promise<World> {
  const deployer = account(0, l1);
  const signers = { l1Signer: deployer, l2Signer: account(0, l2) };
  const plan = await planLane(signers, {
    owner: deployer.address,
    proposer: deployer.address,
    challenger: deployer.address,
    guardian: deployer.address,
    fraudProofWindow: FRAUD_PROOF_WINDOW,
    maxBlockGas: 20_000_000n,
    startBlock: 0n,
    valueEnabled: true,
    genesisVault: ETHER,
  });
  const lane = await deployLane(signers, plan);
  const recorder = artifact('Recorder');
  const target = await new ContractFactory(recorder.abi, recorder.bytecode.object, deployer).deploy(lane.l1Messenger);
  await target.waitForDeployment();
  return { l1, l2, lane, relayer: account(1, l1), user: account(2, l2), target: await target.getAddress() };
}

function artifact(name: string): { abi: InterfaceAbi; bytecode: { object: string } } {
  const path = `cache/default/out/${name}.sol/${name}.json`;
  return JSON.parse(readFileSync(path, 'utf8')) as ReturnType<typeof artifact>;
}

/** 132 bytes: a selector and four words. */
function payload(index: number): string {
  const words = [0, 1, 2, 3].map((word) => keccak256(toBeHex(4 * index + word + 1, 32)));
  return new Interface(artifact('Recorder').abi).encodeFunctionData('record', words);
}

async function fillAccounts(l2: JsonRpcProvider, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const address = `0x${keccak256(toBeHex(index, 32)).slice(26)}`;
    await l2.send('anvil_setBalance', [address, toQuantity(ETHER)]);
  }
}

async function sendMessages({ l2, lane, user, target }: World, count: number): Promise<Message[]> {
  const messenger = new Interface(l2CrossDomainMessenger.abi);
  const messages: Message[] = [];
  for (let index = 0; index < count; index++) {
    const data = payload(index);
    const call = messenger.encodeFunctionData('sendMessage', [target, data, GAS_LIMIT]);
    const transaction = { from: user.address, to: lane.l2Messenger, data: call, gas: toQuantity(300_000) };
    await l2.send('eth_sendTransaction', [transaction]);
    const nonce = encodeNonce(BigInt(index));
    messages.push({ nonce, sender: user.address, target, value: 0n, gasLimit: GAS_LIMIT, data });
  }
  return messages;
}

/** Commits a batch that ends with L2's latest block, and lets its window pass. */
async function commitLatest({ l1, l2, lane }: World, batchSize: number): Promise<object> {
  const scc = new Contract(lane.stateCommitmentChain, stateCommitmentChain.abi, account(0, l1));
  const append = scc.getFunction('appendStateBatch');
  const roots: string[] = [];
  // Enough blocks for the batch, and for one before it.
  await l2.send('anvil_mine', [toQuantity(batchSize)]);
  const latest = await l2.getBlockNumber();
  for (let number = 0; number <= latest; number++) {
    const block = (await l2.send('eth_getBlockByNumber', [toQuantity(number), false])) as { stateRoot: string };
    roots.push(block.stateRoot);
  }
  const start = roots.length - batchSize;
  await (await append(buildStateBatchTree(roots.slice(0, start)).root, start, 0)).wait();
  const tree = buildStateBatchTree(roots.slice(start));
  const receipt = await (await append(tree.root, batchSize, start)).wait();
  const { timestamp } = (await l1.getBlock(receipt.blockNumber))!;
  // Not by an increase: a chain that mined several blocks in a second is ahead of the clock that an increase counts from.
  await l1.send('evm_setNextBlockTimestamp', [timestamp + Number(FRAUD_PROOF_WINDOW)]);
  await l1.send('evm_mine', []);
  const index = batchSize - 1;
  const siblings = tree.siblings(index);
  return { batchIndex: 1, batchSize, prevTotalElements: start, timestamp, index, siblings };
}

async function relay(world: World, message: Message, stateRootProof: object): Promise<Sample> {
  const { l2, lane, relayer } = world;
  const slot = sentMessageSlot(messageKey(hashMessage(message), lane));
  const proof = (await l2.send('eth_getProof', [lane.messagePasser, [slot], 'latest'])) as {
    accountProof: string[];
    storageProof: { proof: string[] }[];
  };
  const nodes = packStorageProof(proof.accountProof, proof.storageProof[0]!.proof);
  const messenger = new Contract(lane.l1Messenger, l1CrossDomainMessenger.abi, relayer);
  const transaction = await messenger.getFunction('relayMessage')(message, { stateRootProof, nodes });
  const receipt = await transaction.wait();
  if (!(await messenger.getFunction('successfulMessages')(hashMessage(message)))) throw new Error('not delivered');
  return {
    gasUsed: Number(receipt.gasUsed),
    proofBytes: dataLength(nodes),
    calldataBytes: dataLength(transaction.data),
    floorPrice: floorPrice(transaction.data),
  };
}

/** Least gas of a transaction with this calldata (EIP-7623). */
function floorPrice(data: string): number {
  return getBytes(data).reduce((gas, byte) => gas + (byte === 0 ? 10 : 40), 21_000);
}

async function measure(l1Node: Anvil, l2Node: Anvil): Promise<Sample[]> {
  const world = await createWorld(connect(l1Node), connect(l2Node));
  await fillAccounts(world.l2, size.accounts);
  const messages = await sendMessages(world, size.messages);
  const stateRootProof = await commitLatest(world, size.batchSize);
  const step = size.messages / size.samples;
  const samples: Sample[] = [];
  // The first relay pays for the target's empty slots: it is not counted.
  await relay(world, messages[Math.floor(step / 2)]!, stateRootProof);
  for (let sample = 0; sample < size.samples; sample++) {
    const index = Math.floor(sample * step);
    if (index === Math.floor(step / 2)) continue;
    samples.push(await relay(world, messages[index]!, stateRootProof));
  }
  world.l1.destroy();
  world.l2.destroy();
  return samples;
}

function connect(node: Anvil): JsonRpcProvider {
  return new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1, pollingInterval: 20, staticNetwork: true });
}

function summary(samples: readonly Sample[], figure: (sample: Sample) => number): Record<string, number> {
  const sorted = samples.map(figure).toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]!, max: sorted.at(-1)! };
}

const l1Node = await startAnvil({ chainId: 900, args: ['--hardfork', 'prague'] });
const l2Node = await startAnvil({ chainId: 901, args: ['--hardfork', 'prague'] });
try {
  const samples = await measure(l1Node, l2Node);
  const table = {
    'gas used': summary(samples, ({ gasUsed }) => gasUsed),
    'floor price (EIP-7623)': summary(samples, (sample) => sample.floorPrice),
    'calldata bytes': summary(samples, ({ calldataBytes }) => calldataBytes),
    'proof bytes': summary(samples, ({ proofBytes }) => proofBytes),
  };
  if (values.json) {
    console.log(JSON.stringify({ ...size, samples: samples.length, ...table }, undefined, 2));
  } else {
    console.log(`direct relay, ${size.accounts} accounts, ${size.messages} messages, batch of ${size.batchSize} roots`);
    console.table(table);
  }
} finally {
  await Promise.all([l1Node.stop(), l2Node.stop()]);
}
