import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseDeployment, serializeDeployment, type Deployment } from '../../../sdk/core/deployment.ts';
import * as arbitrary from '../../support/arbitraries.ts';
import { EXAMPLE_DEPLOYMENT } from '../../support/deployment.ts';

const { address, uint256 } = arbitrary;
const url = fc.constantFrom('http://127.0.0.1:8545', 'https://l2.example/key');

const deployment: fc.Arbitrary<Deployment> = fc
  .tuple(
    fc.record({
      l1ChainId: uint256,
      l2ChainId: uint256,
      l1Messenger: address,
      l2Messenger: address,
      canonicalTransactionChain: address,
      stateCommitmentChain: address,
      batches: address,
      messagePasser: address,
      fraudProofWindow: uint256,
      startBlock: uint256,
      valueEnabled: fc.boolean(),
      deposits: fc.constantFrom('sequencer' as const, 'derived' as const),
      l1DeployedAt: uint256,
      l2DeployedAt: uint256,
    }),
    fc.record({ l1RpcUrl: url, l2RpcUrl: url }, { requiredKeys: [] }),
  )
  .map(([lane, urls]) => ({ ...lane, ...urls }));

const file = (changes: object = {}): string =>
  JSON.stringify({ ...(JSON.parse(serializeDeployment(EXAMPLE_DEPLOYMENT)) as object), ...changes });
const read = (text: string): Deployment => parseDeployment(text, 'lane.json');

describe('a deployment file', () => {
  test('gives back the deployment it was written from', () => {
    const property = fc.property(deployment, (lane) => {
      expect(read(serializeDeployment(lane))).toEqual(lane);
    });
    fc.assert(property);
  });

  test('has its version first, and a line a key', () => {
    expect(serializeDeployment(EXAMPLE_DEPLOYMENT)).toMatch(/^\{\n {2}"version": 1,\n {2}"l1ChainId": /u);
    expect(serializeDeployment(EXAMPLE_DEPLOYMENT)).toMatch(/\n\}\n$/u);
  });

  test('may have addresses without a checksum, and gives them one', () => {
    expect(read(file({ batches: EXAMPLE_DEPLOYMENT.batches.toLowerCase() }))).toEqual(EXAMPLE_DEPLOYMENT);
  });

  test('may have numbers beyond 2^53 as strings only', () => {
    expect(read(file({ startBlock: '9007199254740993' })).startBlock).toBe(9007199254740993n);
    expect(() => read(file().replace(/"startBlock":"?\d+"?/u, '"startBlock":9007199254740993'))).toThrow(
      'lane.json does not describe a lane: key "startBlock" is 9007199254740992, not a whole number, which is a string from 2^53 on',
    );
  });

  const messenger = `0x${'Ab'.repeat(20)}`;
  test.each<[string, string]>([
    ['lane.json is not JSON', '{'],
    ['it is [], not a JSON object', '[]'],
    ['it is null, not a JSON object', 'null'],
    ['key "version" is 2, not 1, the version of the format that this xdm reads', file({ version: 2 })],
    ['key "version" is missing: it is 1, the version', file({ version: undefined })],
    ['key "l1Mesenger" is unknown', file({ l1Mesenger: '0x' })],
    ['key "l1Messenger" is "0x1234", not an address', file({ l1Messenger: '0x1234' })],
    [`key "l1Messenger" is "${messenger}", not an address, or its checksum is wrong`, file({ l1Messenger: messenger })],
    ['key "l1Messenger" is "XE73', file({ l1Messenger: 'XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS' })],
    ['key "l1Messenger" is 5, not an address', file({ l1Messenger: 5 })],
    ['key "l2Messenger" is missing: it is an address', file({ l2Messenger: undefined })],
    ['key "l1ChainId" is -1, not a whole number', file({ l1ChainId: -1 })],
    ['key "l1ChainId" is "0x384", not a whole number', file({ l1ChainId: '0x384' })],
    ['key "fraudProofWindow" is 1.5, not a whole number', file({ fraudProofWindow: 1.5 })],
    ['key "fraudProofWindow" is null, not a whole number', file({ fraudProofWindow: null })],
    ['key "valueEnabled" is "yes", not true or false', file({ valueEnabled: 'yes' })],
    ['key "deposits" is "magic", not "sequencer" or "derived"', file({ deposits: 'magic' })],
    ['key "l1RpcUrl" is 8545, not a URL', file({ l1RpcUrl: 8545 })],
    ['; key "deposits" is 1, not "sequencer" or "derived"', file({ deposits: 1, startBlock: true })],
  ])('is refused: %s', (problem, text) => {
    expect(() => read(text)).toThrow(problem);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid-deployment' }));
  });
});
