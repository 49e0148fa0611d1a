import { getBytes, hexlify } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  parseBootstrap,
  parseUpdate,
  type BeaconBootstrap,
  type BeaconUpdate,
} from '../../../sdk/core/omnichain/lightClient/beaconApi.ts';
import { ETHEREUM_MAINNET, forkTable, type ForkStart } from '../../../sdk/core/omnichain/lightClient/forks.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import { committeeRoot } from '../../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import { startChain, type Chain } from '../../support/chain.ts';
import {
  bootstrapRoot,
  deploySyncCommitteeClient,
  type SyncCommitteeClient,
} from '../../support/syncCommitteeClient.ts';
import { describeVectors, readVectors } from '../../support/vectors.ts';

let chain: Chain;
let client: SyncCommitteeClient;

describeVectors('mainnet in August 2023', () => {
  afterAll(async () => await chain.stop());

  const FOLDER = 'lightclient/mainnet-capella';
  let updates: BeaconUpdate[];
  let finality: BeaconUpdate;

  interface Answer {
    readonly data: unknown;
  }

  beforeAll(async () => {
    const bootstrap = parseBootstrap((readVectors(`${FOLDER}/bootstrap.json`) as Answer).data);
    updates = (readVectors(`${FOLDER}/updates.json`) as Answer[]).map(({ data }) => parseUpdate(data));
    finality = parseUpdate((readVectors(`${FOLDER}/finality.json`) as Answer).data);
    const { genesisTime, secondsPerSlot } = ETHEREUM_MAINNET;
    const startsAt = genesisTime + (bootstrap.header.beacon.slot + 1n) * secondsPerSlot;
    chain = await startChain(31_337, ['--hardfork', 'prague', '--timestamp', `${startsAt}`]);
    client = await deploySyncCommitteeClient(chain, ETHEREUM_MAINNET, bootstrapRoot(bootstrap), bootstrap);
  });

  test('no word of an update can be changed', async () => {
    // It names a committee and has an absent key: every field is in use.
    const [update] = updates;
    const { data, to } = await client.contract.getFunction('update').populateTransaction(client.encode(update!));
    const bytes = getBytes(data);
    const call = async (input: Uint8Array): Promise<unknown> =>
      await chain.provider.send('eth_call', [{ to, data: hexlify(input), gas: '0x3d0900' }, 'latest']);
    expect(await client.refusal(update!)).toBeUndefined();
    expect(await call(bytes)).toBe('0x');

    for (let end = 4 + 32; end <= bytes.length; end += 32) {
      const flipped = Uint8Array.from(bytes);
      // Nobody vouches for the signature's slot but by its period, which the bit of 8,192 changes.
      const isSignatureSlot = BigInt(hexlify(bytes.subarray(end - 32, end))) === update!.signatureSlot;
      flipped[isSignatureSlot ? end - 2 : end - 1]! ^= isSignatureSlot ? 0x20 : 1;
      await expect(call(flipped), `the word before byte ${end}`).rejects.toThrow(/revert/u);
    }
  });

  test('six periods are taken, one update after the other', async () => {
    expect(updates).toHaveLength(6);
    for (const update of updates) {
      const next = client.periodOf(update.attested.slot) + 1n;
      await client.update(update);
      client.learn(next, update.nextCommittee);
      expect(await client.contract.getFunction('committeeRoot')(next)).toBe(committeeRoot(update.nextCommittee!));
    }
    expect(await client.finalizedSlot()).toBe(updates.at(-1)!.finalized.beacon.slot);
  });

  test('a final block after them is known by its hash', async () => {
    const { gasUsed } = await client.update(finality);
    const { execution, beacon } = finality.finalized;
    expect(await client.finalizedSlot()).toBe(beacon.slot);
    expect(await client.contract.getFunction('finalizedBlockHash')(execution.block_number)).toBe(execution.block_hash);
    expect(gasUsed).toBeLessThan(420_000n);
  });
});

describeVectors('the specification, minimal preset', () => {
  afterAll(async () => await chain.stop());

  interface Step {
    readonly process_update?: { readonly update: string; readonly checks: Checks };
    readonly force_update?: unknown;
  }
  interface Checks {
    readonly finalized_header: { readonly slot: string | number };
  }
  interface Case {
    readonly meta: { readonly genesis_validators_root: string; readonly trusted_block_root: string };
    readonly bootstrap: unknown;
    readonly steps: readonly Step[];
    readonly updates: Readonly<Record<string, unknown>>;
  }

  /** The specification's heads up to where it forces an update. */
  function headsBeforeForce(steps: readonly Step[]): bigint[] {
    const heads: bigint[] = [];
    for (const { process_update: step } of steps) {
      if (step === undefined) break;
      heads.push(BigInt(step.checks.finalized_header.slot));
    }
    return heads;
  }

  /** A step that is taken, or why it is not. */
  type Outcome =
    | 'taken'
    | 'forced'
    | 'update-invalid'
    | 'SyncCommitteeLightClient_NothingNew'
    | 'SyncCommitteeLightClient_UnknownCommittee';

  const SYNC: readonly Outcome[] = [
    'taken',
    'taken',
    'taken',
    'update-invalid',
    'SyncCommitteeLightClient_NothingNew',
    // From here on the specification's head is a header that nobody has finalized: ours stays, until it is replaced.
    'forced',
    'update-invalid',
    'SyncCommitteeLightClient_NothingNew',
    'forced',
    'SyncCommitteeLightClient_UnknownCommittee',
  ];
  const DENEB: ForkStart = { name: 'deneb', epoch: 0n, version: '0x04000001' };
  const ELECTRA: ForkStart = { name: 'electra', epoch: 0n, version: '0x05000001' };
  const CASES: readonly (readonly [string, ForkStart, readonly Outcome[]])[] = [
    ['deneb_light_client_sync', DENEB, SYNC],
    ['electra_light_client_sync', ELECTRA, SYNC],
    [
      'electra_advance_finality_without_sync_committee',
      ELECTRA,
      ['taken', 'taken', 'update-invalid', 'taken', 'taken'],
    ],
  ];

  beforeAll(async () => {
    chain = await startChain(31_337, ['--hardfork', 'prague', '--timestamp', '1700000000']);
  });

  async function deploy({ meta, bootstrap }: Case, fork: ForkStart): Promise<void> {
    const parsed: BeaconBootstrap = parseBootstrap(bootstrap);
    const newest = await chain.provider.getBlock('latest');
    const secondsPerSlot = 6n;
    const network = {
      genesisTime: BigInt(newest!.timestamp) - (parsed.header.beacon.slot + 1n) * secondsPerSlot,
      genesisValidatorsRoot: meta.genesis_validators_root,
      secondsPerSlot,
      slotsPerEpoch: 8n,
      epochsPerPeriod: 8n,
      committeeSize: 32n,
      forks: forkTable([fork]),
    };
    client = await deploySyncCommitteeClient(chain, network, meta.trusted_block_root, parsed);
  }

  test.each(CASES)('%s', async (name, fork, outcomes) => {
    const vector = readVectors(`lightclient/spec-minimal/${name}.json`) as Case;
    await deploy(vector, fork);
    const actual: string[] = [];
    const heads: bigint[] = [];
    for (const { process_update: step } of vector.steps) {
      actual.push(step === undefined ? 'forced' : await attempt(parseUpdate(vector.updates[step.update])));
      heads.push(await client.finalizedSlot());
    }
    expect(actual).toEqual(outcomes);
    const expected = headsBeforeForce(vector.steps);
    expect(heads.slice(0, expected.length)).toEqual(expected);
    expect(new Set(heads.slice(expected.length - 1)).size).toBe(1);
  });

  async function attempt(update: BeaconUpdate): Promise<string> {
    // Kept even if it is refused, so that the contract is asked about the updates that the specification takes.
    client.learn(client.periodOf(update.attested.slot) + 1n, update.nextCommittee);
    try {
      client.encode(update);
    } catch (error) {
      if (!(error instanceof XdmError)) throw error;
      return error.code;
    }
    const refusal = await client.refusal(update);
    if (refusal === undefined) await client.update(update);
    return refusal ?? 'taken';
  }
});
