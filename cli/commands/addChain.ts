import { rmSync } from 'node:fs';

import type { JsonRpcProvider, VoidSigner } from 'ethers';

import type { AddedChain, AdditionStep } from '../../sdk/actions/omnichain/addChain.ts';
import type { ServiceCall } from '../../sdk/chain/omnichain/serviceCalls.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { deploymentPath, readDeploymentText } from '../deploymentFile.ts';
import { DEPLOYING_OPTIONS } from '../deploying.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { formatNested } from '../format.ts';
import type { AdditionUndertaking, FiledAddition } from '../omnichain/addition.ts';
import { OMNICHAIN_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Output, TextResult } from '../output.ts';
import type { Account } from '../signer.ts';

const OPTIONS = {
  config: {
    type: 'string',
    requiresArg: true,
    demandOption: true,
    describe: 'JSON file with the terms: the chain, the two light clients, fees, its owner',
  },
  calldata: {
    type: 'boolean',
    default: false,
    describe: 'Where another account owns a service, print the calls that it must make: for a multisignature',
  },
  'dry-run': {
    ...DEPLOYING_OPTIONS['dry-run'],
    describe: 'Plan it, show it with all addresses and calls, and send nothing; needs no key with --from',
  },
  ...OMNICHAIN_OPTIONS,
  ...SIGNER_OPTIONS,
} as const;

export const addChain = defineCommand({
  name: 'addChain',
  parameters: '',
  arity: 0,
  summary: 'Adds a chain to a running omnichain lane',
  details: `The account deploys a service on the new chain, and light clients of it on the relay chain and
of the relay chain on it. It registers all chains with the new one, and the new one with those
whose services it owns. Where others own them, --calldata prints their calls, in the order in
which they are to be made. Once all are made, the same command writes the chain into the
deployment file; until then it can be repeated, also where it broke off, and neither does nor
pays for anything twice.

docs/adding-a-chain.md says what --config holds. The plan stands in DEPLOYMENT.NAME.plan
meanwhile: --dry-run leaves it there, and the same command without it does what was shown.`,
  options: OPTIONS,
  only: { kind: 'omnichain', otherwise: 'a rollup has two chains: deploy another lane with `xdm deploy`' },
  async run(args, { environment, output }) {
    const { openDeployer } = await import('../deploying.ts');
    const { additionByFile, withNewChain } = await import('../omnichain/addition.ts');
    const { rpcUrlsOf, readOmnichainDeployment } = await import('../omnichain/lane.ts');
    const { readNewChainTerms } = await import('../omnichain/terms.ts');

    const terms = readNewChainTerms(args.config);
    const account = await openDeployer(args, environment);
    const before = readDeploymentText(args, environment);
    const lane = readOmnichainDeployment(args, environment);
    const rpcUrls = rpcUrlsOf({ chains: [...lane.chains, terms] }, args, environment);
    return await withNewChain({ lane, terms, rpcUrls }, async (chains) => {
      const path = `${deploymentPath(args, environment)}.${terms.name}.plan`;
      const undertaking = { ...chains, terms, account, path, output };
      const filed = await additionByFile(undertaking);
      if (args['dry-run']) return await show(undertaking, filed, output);
      return await carryOut(undertaking, filed, { args, account, before, environment, output });
    });
  },
});

interface Run {
  readonly args: Arguments<typeof OPTIONS>;
  readonly account: Account | VoidSigner;
  /** The deployment file's text. */
  readonly before: string;
  readonly environment: Environment;
  readonly output: Output;
}

async function carryOut(
  undertaking: AdditionUndertaking,
  filed: FiledAddition,
  { args, account, before, environment, output }: Run,
): Promise<ExitCode> {
  const { addByFile } = await import('../omnichain/addition.ts');
  const { serializeOmnichainDeployment } = await import('../../sdk/core/omnichain/deployment.ts');
  const { writeResult } = await import('../files.ts');

  const added = await addByFile(undertaking, filed, {
    signer: account,
    othersCalls: args.calldata ? 'leave' : 'refuse',
    onStep: (step) => output.log(stepLine(step)),
  });
  if (added.calls.length > 0) return leave(added.calls, output);
  if (readDeploymentText(args, environment) !== before) {
    throw new XdmError('in-use', 'the deployment file has changed meanwhile', {
      hint: 'repeat the command: it goes on with what the file says now',
    });
  }
  const path = deploymentPath(args, environment);
  writeResult(path, serializeOmnichainDeployment(added.deployment));
  rmSync(undertaking.path, { force: true });
  const { owner } = filed.addition;
  if (owner !== account.address) {
    output.log(`${owner} takes over the service on ${filed.addition.name} by \`xdm acceptOwnership\``);
  }
  const { values, texts } = addedResult(added);
  output.results([{ values: { deploymentFile: path, ...values }, texts }]);
  return EXIT.done;
}

async function show(undertaking: AdditionUndertaking, { addition }: FiledAddition, output: Output): Promise<ExitCode> {
  const { additionCallsLeft, estimateAddition } = await import('../../sdk/actions/omnichain/addChain.ts');
  const { extendedDeployment } = await import('../../sdk/core/omnichain/addition.ts');
  const { prospectsOf, prospectsText, prospectValues } = await import('../omnichain/prospects.ts');
  const { chainOf } = await import('../../sdk/chain/omnichain/client.ts');

  const { client, path, provider, account } = undertaking;
  const calls = await additionCallsLeft(client, addition);
  const estimates = await estimateAddition(client, addition, { provider, signer: account });
  const providerOf = (chain: string): JsonRpcProvider =>
    chain === addition.name ? provider : chainOf(client, chain).provider;
  const prospects = await prospectsOf(estimates, (chain) => account.connect(providerOf(chain)), output);
  output.log(`nothing was sent; the same command without --dry-run does what ${path} plans`);
  const { values, texts } = addedResult({ deployment: extendedDeployment(client.lane, addition) });
  const { owner, lightClient, relayLightClient, fee } = addition;
  const shown = calls.map(callValues);
  output.results([
    {
      values: {
        planFile: path,
        ...values,
        owner,
        trusts: { lightClient: lightClient.trusts, relayLightClient: relayLightClient.trusts },
        fee: { ...fee },
        calls: shown,
        costs: prospects.map(prospectValues),
      },
      texts: {
        ...texts,
        trusts: formatNested([
          { 'light client': `of ${addition.name}`, trusts: lightClient.trusts },
          { 'light client': `on ${addition.name}`, trusts: relayLightClient.trusts },
        ]),
        fee: `${fee.perMessage} wei, and ${fee.perGas} for each unit of gas`,
        calls: formatNested(shown.map(({ chain, purpose, of, to }) => ({ chain, purpose, of, to }))),
        costs: prospectsText(prospects),
      },
    },
  ]);
  return EXIT.done;
}

function addedResult({ deployment }: Pick<AddedChain, 'deployment'>): TextResult {
  const { chainId, name, service, deployedAt } = deployment.chains.at(-1)!;
  const [known, relay] = deployment.lightClients.slice(-2);
  const values = { chainId, name, service, deployedAt, lightClient: known!.address, relayLightClient: relay!.address };
  return {
    values,
    texts: {
      lightClient: `${known!.address}, ${known!.kind}, on the relay chain`,
      relayLightClient: `${relay!.address}, ${relay!.kind}, on ${name}`,
    },
  };
}

function leave(calls: readonly ServiceCall[], output: Output): ExitCode {
  output.log('the chain goes into the deployment file once these calls are made: repeat the command then');
  const values = calls.map(callValues);
  if (output.json) output.data(values);
  else output.results(values.map((each) => ({ values: each })));
  return EXIT.notReady;
}

function callValues({ chainId, ...call }: ServiceCall) {
  return { chainId: Number(chainId), ...call };
}

export function stepLine({ chain, what, of, address, gasUsed }: AdditionStep): string {
  const name = of === undefined ? what : `${what} of ${of}`;
  return `${chain} ${name} ${address}, ${gasUsed === undefined ? 'was done already' : `${gasUsed} gas`}`;
}
