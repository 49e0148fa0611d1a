import { encodeRlp, keccak256, toQuantity, type JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { getSealedBlock, withAllSeals } from '../../../../sdk/chain/omnichain/maintenance/sealedBlocks.ts';
import { connect } from '../../../../sdk/chain/rpc.ts';
import { encodeHeader, type HeaderFields } from '../../../../sdk/core/omnichain/header.ts';
import { unseal } from '../../../../sdk/core/omnichain/lightClient/sealedHeader.ts';
import { sealersOf } from '../../../../sdk/core/omnichain/lightClient/sealers.ts';
import { serve as serveMethods, startRpcServer, type RpcServer } from '../../../support/rpcServer.ts';
import { seal, SCHEME, SealedChain, serveSealedChain, validator } from '../../../support/sealedChain.ts';

const ID = 7100n;

const VALIDATORS = [0, 1, 2, 3].map(validator);

/** Who has sealed block 1 by what each node has heard; the last has heard of a stranger, and of one of them twice. */
const HEARD = [
  [VALIDATORS[0]!, VALIDATORS[1]!],
  [VALIDATORS[1]!, VALIDATORS[2]!],
  [validator(9), VALIDATORS[2]!, VALIDATORS[2]!],
];

const servers: RpcServer[] = [];

/** A node of a chain whose block 1 was sealed by some of its validators. */
async function serve(sealers: (typeof HEARD)[number], fields = {}, round = 1): Promise<string> {
  const chain = new SealedChain(0);
  chain.append(VALIDATORS);
  chain.append(VALIDATORS, sealers, fields, round);
  const server = await serveSealedChain(chain, ID);
  servers.push(server);
  return server.url;
}

let urls: string[];

beforeAll(async () => {
  urls = await Promise.all(HEARD.map(async (sealers) => await serve(sealers)));
});

afterAll(async () => {
  await Promise.all(servers.map(async (server) => await server.stop()));
});

/** Sealers of block 1, as one node has it, and with what all have. */
async function sealersBy(...nodes: readonly string[]): Promise<readonly [one: string[], all: string[]]> {
  const provider: JsonRpcProvider = await connect(nodes, { name: 'sealed' });
  const block = await getSealedBlock(provider, SCHEME, 1n);
  const all = await withAllSeals(provider, SCHEME, block);
  provider.destroy();
  expect(sealersOf(all.sealed, SCHEME)).toEqual(all.sealers);
  return [[...block.sealers], [...all.sealers]];
}

function addresses(...indices: readonly number[]): string[] {
  return indices.map((index) => VALIDATORS[index]!.address.toLowerCase());
}

test("a block has the seals that each of its nodes has, once, and no stranger's", async () => {
  const [one, all] = await sealersBy(...urls);
  expect(one).toEqual(addresses(0, 1));
  expect(all).toEqual(addresses(0, 1, 2));
});

test('a block has its seals alone where there is no other node, or one of another block or round', async () => {
  const [one, all] = await sealersBy(urls[0]!);
  expect(all).toEqual(one);
  const others = [VALIDATORS[2]!, VALIDATORS[3]!];
  for (const url of [await serve(others, { gasUsed: '0x1' }), await serve(others, {}, 2)]) {
    expect((await sealersBy(urls[0]!, url))[1]).toEqual(one);
  }
});

/** By the hash that it has without its seals. */
function rehashed(header: HeaderFields): HeaderFields {
  return { ...header, hash: keccak256(unseal(encodeHeader(header)!, SCHEME).header) };
}

test.each<[what: string, change: (header: HeaderFields) => unknown]>([
  ['bytes that are no whole ones', (header) => ({ ...header, miner: '0x1' })],
  ['extra data that is no RLP', (header) => ({ ...header, extraData: '0xff' })],
  ['a round without bounds', (header) => seal(header, { validators: VALIDATORS, sealers: [], round: 2 ** 52 })],
  ['lists for validators', (header) => rehashed({ ...header, extraData: encodeRlp(['0x', [['0x']], [], '0x', []]) })],
  ['nothing', () => null],
  ['a word', () => 'nothing'],
])('a block has its seals alone where another node answers with %s', async (_what, change) => {
  const chain = new SealedChain(0);
  chain.append(VALIDATORS);
  chain.append(VALIDATORS, HEARD[0], {}, 1);
  const answers = {
    eth_chainId: { result: toQuantity(ID) },
    eth_getBlockByHash: { result: change(chain.header(1n)!) },
  };
  const liar = await startRpcServer(serveMethods(answers));
  servers.push(liar);
  expect((await sealersBy(urls[0]!, liar.url))[1]).toEqual(addresses(0, 1));
});
