import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Wallet } from 'ethers';

import { startDevnet, type Devnet, type DevnetOptions } from '../../devnet/devnet.ts';
import { connectLane, disconnect, type LaneClient } from '../../sdk/chain/client.ts';
import type { Side } from '../../sdk/core/deployment.ts';

/** A local network of a test's own, as `xdm devnet` starts it, and a connection to it. */
export interface Network extends Devnet {
  readonly client: LaneClient;
  /** One of the funded accounts, connected to a chain. */
  account(side: Side, index: number): Wallet;
}

/** Starts a local network on free ports in a folder of its own; the test stops it. */
export async function startNetwork(
  options: Partial<Pick<DevnetOptions, 'challengePeriod' | 'relayer' | 'epochSlots'>> = {},
): Promise<Network> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xdm-'));
  const devnet = await startDevnet({ challengePeriod: 3n, blockTime: 1, relayer: true, dataDir, ...options });
  const client = await connectLane(devnet.deployment);
  return {
    ...devnet,
    client,
    account: (side, index) => new Wallet(devnet.accounts[index]?.privateKey ?? '', client[side]),
    async stop() {
      disconnect(client);
      await devnet.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
