import { callAsOwner, type SentOwnerCall } from '../../sdk/actions/omnichain/callAsOwner.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { buildOwnerCall, type OwnerCall } from '../../sdk/chain/omnichain/ownerCalls.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { Arguments, Environment } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { OMNICHAIN_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { openAccount } from '../signer.ts';
import { parseAddress } from '../values.ts';
import { withOmnichain } from './lane.ts';
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
  return await withOmnichain(args, environment, {
    use: async (client) => {
      const offered = await offersOf(client);
      const calls = offered.filter(({ from }) => account === undefined || from === account);
      if (signer === undefined) {
        const whom = account === undefined ? '' : ` to ${account}`;
        if (calls.length === 0) output.log(`nothing to do: nothing is offered${whom}`);
        return showCalls(calls, output);
      }
      if (calls.length === 0) {
        throw new XdmError('unauthorized', `${signer.address} was offered no service of the lane, or has accepted it`, {
          hint: 'the owner of a service offers it with transferOwnership(address) of the service',
        });
      }
      const onSent = (hash: string): void => output.log(`sent ${hash}, waiting for its block`);
      const sent: SentOwnerCall[] = [];
      for (const call of calls) sent.push(await callAsOwner(client, call, { signer, onSent }));
      showCalls(sent, output);
      return EXIT.done;
    },
  });
}

/** Of each service that is offered, the call that accepts it. */
async function offersOf(client: OmnichainClient): Promise<OwnerCall[]> {
  const calls = await Promise.all(
    [...client.chains.keys()].map(async (id) => {
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
