// A message crosses both ways, on two chains of its own: `npm run demo`.
//
// Starts the local network, deploys a greeter on each side that accepts its counterpart alone, sends a greeting in each
// direction, shows what happens to it, and reads both greetings back. Leaves nothing running, and no files.
import { getCreateAddress, Wallet, type Contract } from 'ethers';

import { startDevnet, type Devnet } from '../../devnet/devnet.ts';
import { getMessages, waitForRelay, connectLane, disconnect, type LaneClient, type Side } from '../../sdk/index.ts';
import { DEADLINE_MS, demonstrate, deployExample, say, step } from '../demonstration.ts';

interface Greeters {
  readonly l1: Contract;
  readonly l2: Contract;
}

async function deployGreeters(client: LaneClient, key: string): Promise<Greeters> {
  const [onL1, onL2] = [new Wallet(key, client.l1), new Wallet(key, client.l2)];
  // Each has to know the other's address before that one is there.
  const addressOn = async (wallet: Wallet): Promise<string> =>
    getCreateAddress({ from: wallet.address, nonce: await wallet.getNonce() });
  const [l1Address, l2Address] = await Promise.all([addressOn(onL1), addressOn(onL2)]);
  const deploy = async (place: string, wallet: Wallet, args: readonly string[]): Promise<Contract> =>
    await deployExample({ contract: 'Greeter', place }, wallet, args);
  const l1 = await deploy('L1', onL1, [client.lane.l1Messenger, l2Address]);
  const l2 = await deploy('L2', onL2, [client.lane.l2Messenger, l1Address]);
  return { l1, l2 };
}

/** Sends a greeting and follows it; returns the words as they were read back. */
async function greet(client: LaneClient, greeters: Greeters, fromChain: Side): Promise<boolean> {
  const toChain = fromChain === 'l1' ? 'l2' : 'l1';
  const words = `Hello ${toChain.toUpperCase()}, this is ${fromChain.toUpperCase()}`;
  say();
  say(`${fromChain.toUpperCase()} to ${toChain.toUpperCase()}: "${words}"`);
  const transaction = (await greeters[fromChain].getFunction('greet')(words)) as { hash: string };
  const receipt = await client[fromChain].waitForTransaction(transaction.hash);
  const [message] = await getMessages(client, transaction.hash);
  if (message === undefined) throw new Error(`transaction ${transaction.hash} sent no message`);
  step('sent', `transaction ${transaction.hash}   ${receipt?.gasUsed.toLocaleString('en')} gas`);
  step('', `message     ${message.messageHash}`);

  let shown = '';
  const state = await waitForRelay(client, {
    message,
    interval: 200,
    signal: AbortSignal.timeout(DEADLINE_MS),
    onState({ status, readyAt, l1Timestamp }) {
      const left = readyAt === undefined || readyAt <= l1Timestamp ? '' : `${readyAt - l1Timestamp} s left`;
      if (status !== shown && status !== 'relayed' && status !== 'failed') step(status, left);
      shown = status;
    },
  });
  const relay = state.relayTransactionHash ?? '';
  const gas = (await client[toChain].getTransactionReceipt(relay))?.gasUsed;
  step(state.status, `transaction ${relay}   ${gas?.toLocaleString('en')} gas`);
  if (state.failureReason !== undefined) step('', state.failureReason);

  const readBack = (await greeters[toChain].getFunction('greeting')()) as string;
  step(`read on ${toChain.toUpperCase()}`, `"${readBack}"`);
  return state.status === 'relayed' && readBack === words;
}

async function greetBothWays(network: Devnet): Promise<boolean> {
  step('L1', `chain ${network.deployment.l1ChainId} at ${network.l1RpcUrl}`);
  step('L2', `chain ${network.deployment.l2ChainId} at ${network.l2RpcUrl}`);
  const client = await connectLane(network.deployment);
  try {
    const greeters = await deployGreeters(client, network.accounts[0]?.privateKey ?? '');
    const isDown = await greet(client, greeters, 'l1');
    return (await greet(client, greeters, 'l2')) && isDown;
  } finally {
    disconnect(client);
  }
}

await demonstrate({
  title: 'Starting two chains, deploying a lane between them, starting the node ...',
  start: async (dataDir) => await startDevnet({ challengePeriod: 10n, blockTime: 1, dataDir, relayer: true }),
  run: greetBothWays,
  success: 'Both greetings arrived.',
});
