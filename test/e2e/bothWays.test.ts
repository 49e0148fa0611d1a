import { Contract, Interface, keccak256, toBeHex, toQuantity, type ContractTransactionReceipt } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { canonicalTransactionChain } from '../../sdk/abi/CanonicalTransactionChain.ts';
import { l1CrossDomainMessenger } from '../../sdk/abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../../sdk/abi/L2CrossDomainMessenger.ts';
import { stateCommitmentChain } from '../../sdk/abi/StateCommitmentChain.ts';
import { queueSourceHash } from '../../sdk/core/deposit.ts';
import { encodeNonce, messageKey, sentMessageSlot, type Message } from '../../sdk/core/message.ts';
import { encodeDeposit, hashMessage, parseDeposit } from '../../sdk/core/optimism.ts';
import { buildStateBatchTree } from '../../sdk/core/stateBatchTree.ts';
import { packStorageProof } from '../../sdk/core/storageProof.ts';
import { deployArtifact } from '../support/chain.ts';
import { startLane, type LaneChains } from '../support/lane.ts';

const GAS_LIMIT = 200_000n;

interface StateRootProof {
  readonly batchIndex: number;
  readonly batchSize: number;
  readonly prevTotalElements: number;
  readonly timestamp: number;
  readonly index: number;
  readonly siblings: readonly string[];
}

let chains: LaneChains;

beforeAll(async () => {
  chains = await startLane();
});

afterAll(async () => {
  await chains.stop();
});

test('a message from L1 is executed on L2 by a real deposit', async () => {
  const { l1, l2, lane } = chains;
  const recorder = await deployArtifact('Recorder', l2.account(3), lane.l2Messenger);
  const target = await recorder.getAddress();
  const user = l1.account(1);
  const messenger = new Contract(lane.l1Messenger, l1CrossDomainMessenger.abi, user);

  const sent = await messenger.getFunction('sendMessage')(target, recordCall(recorder), GAS_LIMIT, { value: 5n });
  const deposit = depositOf((await sent.wait()) as ContractTransactionReceipt);
  const sourceHash = queueSourceHash(lane.l1ChainId, lane.canonicalTransactionChain, 0n);
  const hash = (await l2.provider.send('eth_sendRawTransaction', [
    encodeDeposit({ ...deposit, sourceHash }),
  ])) as string;
  const receipt = await l2.provider.waitForTransaction(hash);

  expect(receipt?.status).toBe(1);
  expect(await recorder.getFunction('sender')()).toBe(user.address);
  expect(await recorder.getFunction('count')()).toBe(1n);
  expect(await l2.provider.getBalance(target)).toBe(5n);
  expect(await l1.provider.getBalance(lane.l1Messenger)).toBe(5n);
});

test('messages from L2 are relayed on L1 with real proofs, once their window has passed', async () => {
  const { l1, lane } = chains;
  const recorder = await deployArtifact('Recorder', l1.account(3), lane.l1Messenger);
  const messages = await sendFromL2(await recorder.getAddress(), recordCall(recorder), 20);
  const stateRootProof = await commitAllBlocks();
  const messenger = new Contract(lane.l1Messenger, l1CrossDomainMessenger.abi, l1.account(2));
  const relay = messenger.getFunction('relayMessage');
  const nodes = await proveMessage(messages[0]!);

  await expect(relay.staticCall(messages[0], { stateRootProof, nodes })).rejects.toMatchObject({
    revert: { name: 'StateCommitmentChain_InsideFraudProofWindow' },
  });
  await l1.provider.send('evm_setNextBlockTimestamp', [stateRootProof.timestamp + Number(lane.fraudProofWindow)]);
  await l1.provider.send('evm_mine', []);
  for (const message of messages) {
    await (await relay(message, { stateRootProof, nodes: await proveMessage(message) })).wait();
    expect(await messenger.getFunction('successfulMessages')(hashMessage(message))).toBe(true);
  }

  expect(await recorder.getFunction('count')()).toBe(20n);
  await expect(relay.staticCall(messages[0], { stateRootProof, nodes })).rejects.toMatchObject({
    revert: { name: 'CrossDomainMessenger_AlreadyRelayed' },
  });
});

function recordCall(recorder: Contract): string {
  const words = [1, 2, 3, 4].map((word) => keccak256(toBeHex(word, 32)));
  return recorder.interface.encodeFunctionData('record', words);
}

function depositOf(receipt: ContractTransactionReceipt): ReturnType<typeof parseDeposit> {
  const queue = new Interface(canonicalTransactionChain.abi);
  const log = receipt.logs.find(({ address }) => address === chains.lane.canonicalTransactionChain)!;
  const { from, to, version, opaqueData } = queue.parseLog(log)!.args;
  return parseDeposit({ from, to, version, opaqueData, blockHash: log.blockHash, logIndex: log.index });
}

async function sendFromL2(target: string, data: string, count: number): Promise<Message[]> {
  const { l2, lane } = chains;
  const user = l2.account(4);
  const messenger = new Contract(lane.l2Messenger, l2CrossDomainMessenger.abi, user);
  const messages: Message[] = [];
  for (let counter = 0; counter < count; counter++) {
    await (await messenger.getFunction('sendMessage')(target, data, GAS_LIMIT)).wait();
    const nonce = encodeNonce(BigInt(counter));
    messages.push({ nonce, sender: user.address, target, value: 0n, gasLimit: GAS_LIMIT, data });
  }
  return messages;
}

/** Commits the state roots of all L2 blocks in one batch; the proof is of the latest one. */
async function commitAllBlocks(): Promise<StateRootProof> {
  const { l1, l2, lane } = chains;
  const latest = await l2.provider.getBlockNumber();
  const numbers = Array.from({ length: latest + 1 }, (_, number) => number);
  const roots = await Promise.all(
    numbers.map(async (number) => {
      const block = (await l2.provider.send('eth_getBlockByNumber', [toQuantity(number), false])) as {
        stateRoot: string;
      };
      return block.stateRoot;
    }),
  );
  const tree = buildStateBatchTree(roots);
  const scc = new Contract(lane.stateCommitmentChain, stateCommitmentChain.abi, l1.account(0));
  const receipt = await (await scc.getFunction('appendStateBatch')(tree.root, tree.size, 0)).wait();
  const { timestamp } = (await l1.provider.getBlock(receipt.blockNumber))!;
  const siblings = tree.siblings(latest);
  return { batchIndex: 0, batchSize: tree.size, prevTotalElements: 0, timestamp, index: latest, siblings };
}

async function proveMessage(message: Message): Promise<string> {
  const { l2, lane } = chains;
  const slot = sentMessageSlot(messageKey(hashMessage(message), lane));
  const proof = (await l2.provider.send('eth_getProof', [lane.messagePasser, [slot], 'latest'])) as {
    accountProof: string[];
    storageProof: { proof: string[] }[];
  };
  return packStorageProof(proof.accountProof, proof.storageProof[0]!.proof);
}
