import { id, type Wallet } from 'ethers';
import { describe, expect, test } from 'vitest';

import { simulatedAttestors } from '../../../../../devnet/attestors/attestorKeys.ts';
import {
  attestationData,
  rotationData,
  type AttestedLightClient,
  type TypedData,
} from '../../../../../sdk/core/omnichain/lightClient/attestation.ts';
import type { SignedBlock } from '../../../../../sdk/core/omnichain/lightClient/attestorApi.ts';
import {
  agreedRotation,
  Attestations,
  type AttestorState,
} from '../../../../../sdk/core/omnichain/lightClient/attestorPlan.ts';

const ATTESTORS = simulatedAttestors(1n, 1n, 3);
const STRANGERS = simulatedAttestors(2n, 1n, 3);
const client: AttestedLightClient = { on: 2n, of: 1n, address: '0x1111111111111111111111111111111111111111' };

const state: AttestorState = {
  client,
  epoch: 1n,
  signers: ATTESTORS.map(({ address }) => address),
  threshold: 2n,
  head: 10n,
};

async function sign(wallet: Wallet, { domain, types, value }: TypedData): Promise<string> {
  return await wallet.signTypedData(domain, types, value);
}

async function attest(
  wallet: Wallet,
  number: bigint,
  epoch = 1n,
  blockHash = id(`block ${number}`),
): Promise<SignedBlock> {
  return { number, blockHash, signature: await sign(wallet, attestationData(client, { epoch, number, blockHash })) };
}

const [first, second, third] = ATTESTORS as [Wallet, Wallet, Wallet];

describe('attestors', () => {
  test('agree on the newest block that enough of them have signed', async () => {
    const said = [
      await attest(third, 20n),
      await attest(first, 20n),
      await attest(second, 21n),
      await attest(first, 15n),
    ];
    const agreed = new Attestations(state, said).newest();
    expect(agreed?.value.number).toBe(20n);
    // By ascending address, whoever answered first.
    expect(agreed?.signatures).toBe(`${said[1]!.signature}${said[0]!.signature.slice(2)}`);
  });

  test('are missed where too few have answered, and others are named who have', async () => {
    const [stranger] = STRANGERS as [Wallet];
    const few = [await attest(first, 20n), await attest(first, 21n)];
    const check = (said: readonly SignedBlock[]) => () => new Attestations(state, said).requireEnough();
    expect(check(few)).toThrow(/^1 attestors of epoch 1 have answered, and 2 must$/u);
    expect(check([...few, await attest(stranger, 20n)])).toThrow(
      `and 2 must: others answered, but as ${stranger.address}, who are not among the signers`,
    );
    expect(check([...few, await attest(second, 9n)])).not.toThrow();
  });

  test('are asked for the block that enough of them have come to, where their newest ones differ', async () => {
    const said = new Attestations(state, [
      await attest(first, 22n),
      await attest(second, 25n),
      await attest(third, 21n),
    ]);
    expect(said.newest()).toBeUndefined();
    expect(said.common()).toBe(22n);
  });

  test('say nothing new of the head, or of blocks below', async () => {
    const said = new Attestations(state, [await attest(first, 10n), await attest(second, 10n)]);
    expect(said.newest()).toBeUndefined();
    expect(said.common()).toBeUndefined();
  });

  test.each([
    ['one of them twice', async () => [await attest(first, 20n), await attest(first, 20n)]],
    ['others beside them', async () => [await attest(first, 20n), await attest(STRANGERS[0]!, 20n)]],
    ['those of another epoch', async () => [await attest(first, 20n), await attest(second, 20n, 2n)]],
    ['some for another block', async () => [await attest(first, 20n), await attest(second, 20n, 1n, id('another'))]],
    [
      'who writes no signature',
      async () => [await attest(first, 20n), { ...(await attest(second, 20n)), signature: `0x${'11'.repeat(65)}` }],
    ],
  ])('are not enough when it is %s', async (_name, said) => {
    expect(new Attestations(state, await said()).newest()).toBeUndefined();
  });

  test('hand over to the set that enough of them have signed', async () => {
    const next = { epoch: 2n, signers: STRANGERS.map(({ address }) => address), threshold: 2n };
    const signed = await Promise.all(
      [second, first].map(async (each) => ({ ...next, signature: await sign(each, rotationData(client, next)) })),
    );
    expect(agreedRotation(state, signed)?.value).toEqual(next);
    expect(agreedRotation(state, signed.slice(1))).toBeUndefined();
  });

  test.each([
    ['in no order', STRANGERS.toReversed(), 2n],
    ['by a half of it', STRANGERS.slice(1), 1n],
    ['by more than there are', STRANGERS, 4n],
  ])('hand over to no set that agrees %s', async (_name, wallets, threshold) => {
    const next = { epoch: 2n, signers: wallets.map(({ address }) => address), threshold };
    const signed = await Promise.all(
      ATTESTORS.map(async (each) => ({ ...next, signature: await sign(each, rotationData(client, next)) })),
    );
    expect(agreedRotation(state, signed)).toBeUndefined();
  });
});
