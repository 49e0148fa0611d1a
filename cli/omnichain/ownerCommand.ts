// What the commands of owners of services have in common.
import { formatEther } from 'ethers';

import { callAsOwner } from '../../sdk/actions/omnichain/callAsOwner.ts';
import { chainOf, type OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { buildOwnerCall, type OwnerAction, type OwnerCall } from '../../sdk/chain/omnichain/ownerCalls.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { findChain } from '../../sdk/core/omnichain/deployment.ts';
import type { Arguments, Environment } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { Texts, Values } from '../format.ts';
import type { OWNER_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { openAccount } from '../signer.ts';
import { withOmnichain } from './lane.ts';

/** What is known of an act beside its call. */
export interface OwnerFacts {
  readonly values: Values;
  readonly texts: Texts;
  /** What speaks against it, a clause each. */
  readonly doubts?: readonly string[];
}

interface OwnerCommand {
  /** Name or id of the service's chain. */
  readonly on: string;
  readonly action: OwnerAction;
  /**
   * What is to be known of it before it is done. May refuse it.
   * @param isDue whether it is to be done now, and not to be proposed only
   */
  readonly facts: (client: OmnichainClient, isDue: boolean) => Promise<OwnerFacts>;
  /** What is known better once it is done. */
  readonly factsAfter?: (client: OmnichainClient) => Promise<OwnerFacts>;
  /** What to say once it is done. */
  readonly next: string;
}

interface Surroundings {
  readonly environment: Environment;
  readonly output: Output;
}

/** Has a service do what its owner can have it do, tries that, or prints the call. */
export async function runOwnerCommand(
  { on, action, facts, factsAfter, next }: OwnerCommand,
  args: Omit<Arguments<typeof OWNER_OPTIONS>, 'rest'>,
  { environment, output }: Surroundings,
): Promise<ExitCode> {
  const isSent = !args.calldata && !args['dry-run'];
  const signer = isSent ? await openAccount(args, environment) : undefined;
  const onSent = (hash: string): void => output.log(`sent ${hash}, waiting for its block`);
  return await withOmnichain(args, environment, {
    chains: (lane) => [findChain(lane, on).chainId],
    use: async (client) => {
      const before = await facts(client, !args.calldata);
      for (const doubt of before.doubts ?? []) output.log(`warning: ${doubt}`);
      const call = await buildOwnerCall(client, on, action);
      if (args.calldata) return showCalls([call], output);
      if (signer === undefined) {
        const values = { ...callValues(call), ...before.values, ...(await tryCall(client, call)) };
        output.log('nothing was sent');
        output.results([{ values, texts: before.texts }]);
        return EXIT.done;
      }
      const { transactionHash, gasUsed } = await callAsOwner(client, call, { signer, onSent });
      const after = await factsAfter?.(client);
      const values = { ...callValues(call), ...before.values, ...after?.values, transactionHash, gasUsed };
      output.results([{ values, texts: { ...before.texts, ...after?.texts } }]);
      output.log(next);
      return EXIT.done;
    },
  });
}

/** What a call takes, by the account that has to make it. */
async function tryCall(client: OmnichainClient, { chainId, from, to, data }: OwnerCall): Promise<Values> {
  const { provider } = chainOf(client, chainId);
  try {
    const [gas, { gasPrice }] = await Promise.all([provider.estimateGas({ from, to, data }), provider.getFeeData()]);
    return { gas, cost: `${formatEther(gas * (gasPrice ?? 0n))} ether` };
  } catch (error) {
    throw toXdmError(error);
  }
}

function callValues({ chainId, ...call }: OwnerCall): Values {
  return { chainId: Number(chainId), ...call };
}

/** For a multisignature. As JSON always an array: how many there are depends on who is offered what. */
export function showCalls(calls: readonly OwnerCall[], output: Output): ExitCode {
  const values = calls.map(callValues);
  if (output.json) output.data(values);
  else if (values.length > 0) output.results(values.map((each) => ({ values: each })));
  return EXIT.done;
}
