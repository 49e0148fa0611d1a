import { AbiCoder } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connect } from '../../../sdk/chain/rpc.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import { proveMessages } from '../../../sdk/chain/proofs.ts';
import { readStateRoots } from '../../../sdk/chain/stateBatches.ts';
import { EXAMPLE_DEPLOYMENT } from '../../support/deployment.ts';
import { buildStateBatchTree } from '../../../sdk/core/stateBatchTree.ts';
import { serve, startRpcServer, type RpcServer } from '../../support/rpcServer.ts';

const ROOT = `0x${'12'.repeat(32)}`;
const BATCH = {
  batchIndex: 0n,
  batchRoot: buildStateBatchTree([ROOT]).root,
  batchSize: 1n,
  prevTotalElements: 0n,
  timestamp: 1n,
};

/** The message tree of one message, as a node answers for the passer. */
const TREE = treeAnswer(1n, [ROOT]);

function treeAnswer(count: bigint, peaks: readonly string[]): { readonly result: string } {
  return { result: AbiCoder.defaultAbiCoder().encode(['uint256', 'bytes32[]'], [count, peaks]) };
}

let server: RpcServer;
beforeAll(async () => {
  server = await startRpcServer(serve({}));
});
afterAll(async () => await server.stop());

async function clientOf(answers: Readonly<Record<string, { result: unknown }>>) {
  server.answer = serve({ eth_chainId: { result: '0x385' }, ...answers });
  const chain = await connect(server.url, { name: 'L2' });
  return { lane: EXAMPLE_DEPLOYMENT, l1: chain, l2: chain };
}

describe("a node's malformed answer is the node's fault", () => {
  test.each([{}, { accountProof: 'all' }, { accountProof: ['0x1'], storageProof: [] }, { accountProof: [] }])(
    'to eth_getProof: %o',
    async (result) => {
      const client = await clientOf({
        eth_getBlockByNumber: { result: { stateRoot: ROOT } },
        eth_call: TREE,
        eth_getProof: { result },
      });
      const proving = proveMessages(client, BATCH, [ROOT]);
      await expect(proving).rejects.toMatchObject({
        code: 'rpc-error',
        message: expect.stringContaining('eth_getProof is malformed'),
      });
    },
  );

  test.each([
    ['nothing', { result: '0x' }, 'wrong-chain'],
    ['no message', treeAnswer(0n, []), 'proof-invalid'],
    ['more messages than peaks tell', treeAnswer(3n, [ROOT]), 'proof-invalid'],
  ])("about the passer's tree: %s", async (_, answer, code) => {
    const client = await clientOf({ eth_getBlockByNumber: { result: { stateRoot: ROOT } }, eth_call: answer });
    const error: unknown = await proveMessages(client, BATCH, [ROOT]).catch((thrown: unknown) => thrown);
    expect(toXdmError(error)).toMatchObject({ code });
  });

  test.each([{}, { stateRoot: '0x12' }, { stateRoot: 12 }])('to eth_getBlockByNumber: %o', async (result) => {
    const client = await clientOf({ eth_getBlockByNumber: { result } });
    await expect(readStateRoots(client, 0n, 1)).rejects.toMatchObject({
      code: 'rpc-error',
      message: expect.stringContaining('eth_getBlockByNumber is malformed'),
    });
  });
});
