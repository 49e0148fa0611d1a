import { callAsOwner, type SentOwnerCall } from '../../sdk/actions/omnichain/callAsOwner.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { buildOwnerCall, type OwnerCall } from '../../sdk/chain/omnichain/ownerCalls.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { Arguments, Environment } from '../command.ts';
import { EXIT, EXIT_CODES, worstOf, type ExitCode } from '../exitCodes.ts';
import type { OMNICHAIN_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import { sentenceOf, type Output } from '../output.ts';
import { openAccount } from '../signer.ts';
import { parseAddress } from '../values.ts';
import { withReachable } from './lane.ts';
import { showCalls } from './ownerCommand.ts';

type AcceptArguments = Omit<Arguments<typeof OMNICHAIN_OPTIONS & typeof SIGNER_OPTIONS>, 'rest'> & {
  readonly calldata: boolean;
};

/** Takes over the services of an omnichain lane that an account is offered, or prints the calls of whoever is offered one. */
export async function acceptServices(
  args: AcceptArguments,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  const signer = args.calldata ? undefined : await openAccount(args, environment);
  const account = signer?.address ?? (args.from === undefined ? undefined : parseAddress('from', args.from));
  return await withReachable(args, environment, {
    chains: ({ chains }) => chains.map(({ chainId }) => chainId),
    use: async (client, silent) => {
      const offered = await offersOf(client);
      const calls = offered.filter(({ from }) => account === undefined || from === account);
      const whom = account ?? 'anybody';
      // What one chain's endpoint does not say holds up no other.
      for (const problem of silent.values()) output.log(`not known of one chain: ${sentenceOf(problem)}`);
      const exitCode = worstOf([EXIT.done, ...[...silent.values()].map(({ code }) => EXIT_CODES[code])]);
      if (signer === undefined) {
        if (calls.length === 0) output.log(`nothing to do: nothing is offered to ${whom}`);
        showCalls(calls, output);
        return exitCode;
      }
      if (calls.length === 0 && silent.size === 0) {
        throw new XdmError('unauthorized', `${whom} was offered no service of the lane, or has accepted it`, {
          hint: 'the owner of a service offers it with transferOwnership(address) of the service',
        });
      }
      const onSent = (hash: string): void => output.log(`sent ${hash}, waiting for its block`);
      const sent: SentOwnerCall[] = [];
      for (const call of calls) sent.push(await callAsOwner(client, call, { signer, onSent }));
      showCalls(sent, output);
      return exitCode;
    },
  });
}

/** Of each service that is offered, the call that accepts it, as far as its chain is connected; in the lane's order. */
async function offersOf(client: OmnichainClient): Promise<OwnerCall[]> {
  const reached = client.lane.chains.map(({ chainId }) => chainId).filter((id) => client.chains.has(id));
  const calls = await Promise.all(
    reached.map(async (id) => {
      try {
        return [await buildOwnerCall(client, id, { kind: 'acceptOwnership' })];
      } catch (error) {
        if (error instanceof XdmError && error.code === 'misconfigured') return [];
        throw error;
      }
    }),
  );
  return calls.flat();
}
