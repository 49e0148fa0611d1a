// A message goes from chain A over the relay chain to chain B: `npm run demo`.
//
// Starts the local network with an omnichain lane, deploys a greeter on A and on B that hears its counterpart alone, sends a greeting
// from A to B, shows each hop of it, and reads it back. Leaves nothing running, and no files.
import { getCreateAddress, Wallet, type Contract } from 'ethers';

import { startOmnichainDevnet, type OmnichainDevnet } from '../../devnet/omnichainDevnet.ts';
import { chainOf } from '../../sdk/chain/omnichain/client.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import {
  connectOmnichain,
  disconnectOmnichain,
  getOrders,
  waitForOrder,
  type OmnichainClient,
  type OrderHop,
} from '../../sdk/index.ts';
import { DEADLINE_MS, demonstrate, deployExample, say, step } from '../demonstration.ts';

/** More than the fee: the rest comes back. */
const PAYMENT = 10n ** 16n;

interface Greeters {
  readonly A: Contract;
  readonly B: Contract;
}

async function deployGreeters(client: OmnichainClient, key: string): Promise<Greeters> {
  const [chainA, chainB] = [chainOf(client, 'A'), chainOf(client, 'B')];
  const [onA, onB] = [new Wallet(key, chainA.provider), new Wallet(key, chainB.provider)];
  // The first has to know the second's address before that one is there.
  const second = getCreateAddress({ from: onB.address, nonce: await onB.getNonce() });
  const example = 'OmnichainGreeter';
  const A = await deployExample({ contract: example, place: 'A' }, onA, [chainA.service, chainB.chainId, second]);
  const args = [chainB.service, chainA.chainId, await A.getAddress()];
  return { A, B: await deployExample({ contract: example, place: 'B' }, onB, args) };
}

/** Tells once what has happened to a message on a chain of its way. */
function showHop({ name, lightClient, attempt, sent }: OrderHop, shown: Set<string>): void {
  if (lightClient === undefined || (attempt ?? sent) === undefined || shown.has(name)) return;
  shown.add(name);
  const { kind, head } = lightClient;
  step(`proven to ${name}`, `by its light client (${kind}), which knows block ${head}`);
  if (sent !== undefined) step(`sent on by ${name}`, `transaction ${sent.transactionHash}`);
  if (attempt !== undefined) step(`${attempt.outcome} on ${name}`, `transaction ${attempt.transactionHash}`);
}

/** Sends a greeting from A and follows it; whether it was read back on B. */
async function greet(client: OmnichainClient, { A, B }: Greeters): Promise<boolean> {
  const words = 'Hello B, this is A';
  say();
  say(`A to B, over the relay chain: "${words}"`);
  const { hash } = (await A.getFunction('greet')(words, { value: PAYMENT })) as { hash: string };
  const { gasUsed } = await waitForReceipt(chainOf(client, 'A').provider, hash);
  const [order] = await getOrders(client, { fromChain: 'A', transactionHash: hash });
  step('sent', `transaction ${hash}   ${gasUsed.toLocaleString('en')} gas`);
  step('', `order id    ${order!.orderId}`);

  const shown = new Set<string>();
  const { status } = await waitForOrder(client, {
    order: order!,
    interval: 200,
    signal: AbortSignal.timeout(DEADLINE_MS),
    onState: ({ hops }) => {
      for (const hop of hops) showHop(hop, shown);
    },
  });
  const readBack = (await B.getFunction('greeting')()) as string;
  step('read on B', `"${readBack}"`);
  return status === 'relayed' && readBack === words;
}

async function greetOnce({ deployment, accounts }: OmnichainDevnet): Promise<boolean> {
  for (const { name, chainId, rpcUrl } of deployment.chains) step(name, `chain ${chainId} at ${rpcUrl}`);
  const client = await connectOmnichain(deployment);
  try {
    return await greet(client, await deployGreeters(client, accounts[0]?.privateKey ?? ''));
  } finally {
    disconnectOmnichain(client);
  }
}

await demonstrate({
  title:
    'Starting chain A, a relay chain and chain B, their simulated validator sets, deploying a lane, starting the node ...',
  start: async (dataDir) => await startOmnichainDevnet({ blockTime: 1, dataDir, relayer: true }),
  run: greetOnce,
  success: 'The greeting arrived on B.',
});
