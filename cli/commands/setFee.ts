import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { MessagePrice, OwnerAction } from '../../sdk/chain/omnichain/ownerCalls.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments } from '../command.ts';
import { OWNER_OPTIONS } from '../options.ts';

const MAX_PER_MESSAGE = 2n ** 128n - 1n;
const MAX_PER_GAS = 2n ** 96n - 1n;

const OPTIONS = {
  on: { type: 'string', requiresArg: true, demandOption: true, describe: 'Chain that messages are sent from' },
  'to-chain': { type: 'string', requiresArg: true, demandOption: true, describe: 'Chain that they are for' },
  'per-message': { type: 'string', requiresArg: true, describe: 'Of each message: wei, or with a unit as 0.1gwei' },
  'per-gas': { type: 'string', requiresArg: true, describe: 'Of each unit of gas that a message is promised' },
  'fee-token': {
    type: 'string',
    requiresArg: true,
    describe: "ERC-20 token that is paid with, in its smallest units; the chain's own currency unless given",
  },
  remove: { type: 'boolean', default: false, describe: 'Take the token, or the currency, no longer' },
  ...OWNER_OPTIONS,
} as const;

export const setFee = defineCommand({
  name: 'setFee',
  parameters: '',
  arity: 0,
  summary: 'Sets what a message of an omnichain lane costs, for the owner of a service',
  details: `From one chain to another, in one token: a message costs perMessage, and perGas for each unit of
gas that it is promised. It holds from the next message on. Each service has prices of its own:
--on and --to-chain are names or ids. With --remove nobody can pay with the token any more; a
chain that nothing is priced for takes no messages.`,
  options: OPTIONS,
  only: { kind: 'omnichain', otherwise: 'over this one messages cost nothing but gas' },
  async run(args, around) {
    const { ZeroAddress } = await import('ethers');
    const { runOwnerCommand } = await import('../omnichain/ownerCommand.ts');
    const { parseAddress } = await import('../values.ts');

    const feeToken = args['fee-token'] === undefined ? undefined : parseAddress('fee-token', args['fee-token']);
    const route = { toChain: args['to-chain'], feeToken: feeToken ?? ZeroAddress };
    if (args.remove) refusePrices(args);
    const action: OwnerAction = args.remove
      ? { kind: 'removeFee', ...route }
      : { kind: 'setFee', ...route, ...(await parsePrices(args, feeToken)) };
    const next = args.remove ? 'it is not taken any more' : 'it holds from the next message on';
    return await runOwnerCommand(
      {
        on: args.on,
        action,
        next,
        async facts(client) {
          const before = await readPrice(client, { on: args.on, ...route });
          if (feeToken !== undefined && !args.remove) await verifyToken(client, args.on, feeToken);
          const price = action.kind === 'setFee' ? priceOf(action) : undefined;
          const values = { toChain: args['to-chain'], feeToken, before, price };
          return { values, texts: { before: priceText(before, feeToken), price: priceText(price, feeToken) } };
        },
      },
      args,
      around,
    );
  },
});

function refusePrices(args: Arguments<typeof OPTIONS>): void {
  if (args['per-message'] === undefined && args['per-gas'] === undefined) return;
  throw new XdmError('invalid-argument', '--remove takes no price', { hint: 'leave out --per-message and --per-gas' });
}

async function parsePrices(
  { 'per-message': message, 'per-gas': gas }: Arguments<typeof OPTIONS>,
  feeToken: string | undefined,
): Promise<{ readonly perMessage: bigint; readonly perGas: bigint }> {
  const { parseNatural, parseWei } = await import('../values.ts');
  if (message === undefined || gas === undefined) {
    const missing = message === undefined ? 'per-message' : 'per-gas';
    throw new XdmError('invalid-argument', `--${missing} is not given`, { hint: 'give both prices; 0 is for nothing' });
  }
  const parse = (option: string, text: string, max: bigint): bigint =>
    parseNatural(option, feeToken === undefined ? String(parseWei(option, text)) : text, max);
  return {
    perMessage: parse('per-message', message, MAX_PER_MESSAGE),
    perGas: parse('per-gas', gas, MAX_PER_GAS),
  };
}

/** What it costs now; undefined where nobody can pay so. */
async function readPrice(
  client: OmnichainClient,
  route: { readonly on: string; readonly toChain: string; readonly feeToken: string },
): Promise<Price | undefined> {
  const { readFee } = await import('../../sdk/chain/omnichain/ownerCalls.ts');
  const { chainOf } = await import('../../sdk/chain/omnichain/client.ts');
  const { findChain } = await import('../../sdk/core/omnichain/deployment.ts');
  const [from, to] = [chainOf(client, route.on), findChain(client.lane, route.toChain)];
  if (from.chainId === to.chainId) {
    throw new XdmError('invalid-argument', `messages from ${from.name} to itself are not taken`, {
      hint: 'give another chain with --to-chain',
    });
  }
  const price = await readFee(client, route);
  return price && priceOf(price);
}

/** What is no contract by now may become one, and whoever makes it could pay with what is worth nothing. */
async function verifyToken(client: OmnichainClient, on: string, token: string): Promise<void> {
  const { chainOf } = await import('../../sdk/chain/omnichain/client.ts');
  const { ZeroAddress } = await import('ethers');
  const { name, provider } = chainOf(client, on);
  if (token === ZeroAddress || (await provider.getCode(token)) !== '0x') return;
  throw new XdmError('invalid-argument', `there is no token at ${token} on chain ${name}`, {
    hint: "give the token's address on that chain",
  });
}

interface Price {
  readonly [name: string]: bigint;
  readonly perMessage: bigint;
  readonly perGas: bigint;
}

function priceOf({ perMessage, perGas }: MessagePrice): Price {
  return { perMessage, perGas };
}

/** @param feeToken undefined for the chain's own currency */
export function priceText(price: MessagePrice | undefined, feeToken: string | undefined): string {
  if (price === undefined) return 'none: it is not taken';
  const unit = feeToken === undefined ? 'wei' : "of the token's smallest units";
  return `${price.perMessage} ${unit} a message, and ${price.perGas} for each unit of gas that it is promised`;
}
