// Another lane on the chains of a lane, as its commands deploy it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'vitest';

import { deployOmnichain } from '../../sdk/actions/omnichain/deployOmnichain.ts';
import { parseOmnichainPlan } from '../../sdk/core/omnichain/plan.ts';
import type { CliRun } from './cli.ts';
import type { OmnichainCli } from './omnichainCli.ts';
import { A, B, RELAY, type OmnichainLane } from './omnichainLane.ts';

export interface OtherLane {
  /** Its deployment file. */
  readonly file: () => string;
  /** Runs the command that deploys it, by terms of which some are others. */
  readonly deploy: (change: object, ...options: readonly string[]) => Promise<CliRun>;
  /** Carries out a part of the plan that stands in its file, up to some step. */
  readonly breakOff: (steps: number) => Promise<void>;
  /** How many transactions the account that deploys has sent, on all chains. */
  readonly sent: () => Promise<number>;
}

/** @param cli its commands, once they can be run */
export function otherLane(cli: () => OmnichainCli): OtherLane {
  const file = (): string => join(cli().folder, 'other.json');
  return {
    file,
    async deploy(change, ...options) {
      const { lane, folder } = cli();
      const config = join(folder, 'terms.json');
      writeFileSync(config, JSON.stringify({ ...termsOf(lane), ...change }));
      return await cli().xdm('deployOmnichain', '--config', config, '--out', file(), ...options);
    },
    breakOff: async (steps) => await breakOff(cli().lane, `${file()}.plan`, steps),
    async sent() {
      const { lane } = cli();
      const { address } = lane.account(A);
      const counts = [RELAY, A, B].map(async (id) => await lane.chain(id).provider.getTransactionCount(address));
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
  };
}

async function breakOff(lane: OmnichainLane, path: string, steps: number): Promise<void> {
  const plan = parseOmnichainPlan(readFileSync(path, 'utf8'), path);
  const end = new AbortController();
  let left = steps;
  const [relay, ...others] = plan.chains.map(({ name, chainId }) => {
    return { name, signer: lane.account(A).connect(lane.chain(chainId).provider) };
  });
  const run = deployOmnichain({
    places: [relay!, ...others],
    // What else it is deployed by stands in the plan.
    lightClients: [],
    lightClientDelay: 0n,
    fee: plan.fee,
    plan,
    signal: end.signal,
    onStep() {
      left -= 1;
      if (left === 0) end.abort();
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'timeout' });
}

/** The terms of another lane on the same chains, whose light clients are updated by the same sources. */
export function termsOf({ client, attestors }: OmnichainLane, historyWindow = 8191): object {
  const { chains, lightClients } = client.lane;
  const { signers, threshold } = attestors;
  const sourcesOf = (id: bigint): readonly string[] => lightClients.find(({ of }) => of === id)!.sources;
  return {
    relayChain: 'relay',
    lightClientDelay: 86_400,
    fee: { perMessage: 7, perGas: 0 },
    chains: chains.map(({ chainId, name, rpcUrl }) => ({
      chainId: Number(chainId),
      name,
      rpcUrl,
      lightClient:
        chainId === RELAY
          ? { kind: 'attestor', sources: sourcesOf(RELAY), signers, threshold, historyWindow }
          : { kind: 'sync-committee', sources: sourcesOf(chainId), trustingPeriod: 86_400 },
    })),
  };
}
