import { expect, test } from 'vitest';

import { doubtsOf, verifyThere } from '../../cli/omnichain/replaceLightClient.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { account } from '../support/events.ts';
import { serve, startRpcServer } from '../support/rpcServer.ts';

const [inPlace, proposed, other] = [1, 2, 3].map(account) as [string, string, string];

const announced = { address: other, applicableFrom: 86_400n };
const good = { isFrozen: false, isExpired: false };
const propose = { act: 'propose', proposed, announced: undefined, inPlace, state: good } as const;
const apply = { act: 'apply', proposed: undefined, announced, inPlace, state: good } as const;

test.each([
  ['nothing against one that is as it should be', propose, []],
  ['nothing against putting it in place', apply, []],
  ['nothing of what says nothing of itself', { ...propose, state: undefined }, []],
  ['of one that is frozen', { ...apply, state: { ...good, isFrozen: true } }, ['is frozen, for good']],
  ['of one that has expired', { ...propose, state: { ...good, isExpired: true } }, ['has expired']],
  ['of the one that is in place', { ...propose, proposed: inPlace }, ['is in place already']],
  [
    'of one that takes the place of another',
    { ...propose, announced },
    ['from 1970-01-02 00:00:00 UTC, is announced no'],
  ],
])('the owner of a service is told %s', (_what, known, doubts) => {
  expect(doubtsOf(known)).toEqual(doubts.map((each) => expect.stringContaining(each) as string));
});

test.each([
  ['0x', `there is no contract at ${proposed} on chain A`],
  ['0x60', undefined],
])('an address with code %s is proposed only if it is a contract', async (result, problem) => {
  const server = await startRpcServer(serve({ eth_chainId: { result: '0x1' }, eth_getCode: { result } }));
  const provider = await connect(server.url, { name: 'A' });
  const verified = verifyThere(proposed, { name: 'A', provider }).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  expect(await verified).toBe(problem);
  provider.destroy();
  await server.stop();
});
