import type { OmnichainStep } from '../../sdk/actions/omnichain/deployOmnichain.ts';
import { defineCommand } from '../command.ts';
import { DEPLOYING_OPTIONS, openDeployer, verifyOut } from '../deploying.ts';
import { EXIT } from '../exitCodes.ts';
import type { Values } from '../format.ts';
import { OMNICHAIN_OPTIONS } from '../options.ts';

const { 'rpc-urls': rpcUrls } = OMNICHAIN_OPTIONS;

const OPTIONS = {
  config: {
    type: 'string',
    requiresArg: true,
    demandOption: true,
    describe: 'JSON file with the terms: chains, light clients, fees, owners',
  },
  ...DEPLOYING_OPTIONS,
  'dry-run': {
    ...DEPLOYING_OPTIONS['dry-run'],
    describe: 'Try what would be deployed, show what it trusts and takes, and send nothing; needs no key with --from',
  },
  'rpc-urls': { ...rpcUrls, describe: rpcUrls.describe.replace("the deployment's", "the file's") },
} as const;

export const deployOmnichain = defineCommand({
  name: 'deployOmnichain',
  parameters: '',
  arity: 0,
  summary: 'Deploys an omnichain lane on any number of chains',
  details: `The account deploys a service on each chain, and light clients between the relay chain and the
others; it registers them with each other, sets the fees, and offers each service to its owner,
who takes it with acceptOwnership(). What light clients believe from the beginning is shown:
compare it with what others say before anybody sends a message.

docs/omnichain.md says what the file holds. Before anything is sent, each creation is tried. A run
that breaks off has cost its gas and leaves nothing of use: the next one begins anew.`,
  options: OPTIONS,
  async run(args, { environment, output }) {
    const { rpcUrlsOf } = await import('../omnichain/lane.ts');
    const { readOmnichainTerms } = await import('../omnichain/terms.ts');
    const { withChains } = await import('../omnichain/undertaking.ts');

    verifyOut(args.out);
    const terms = readOmnichainTerms(args.config);
    const account = await openDeployer(args, environment);
    return await withChains(terms, rpcUrlsOf(terms, args, environment), async (chains) => {
      const { deployOmnichain: deploy } = await import('../../sdk/actions/omnichain/deployOmnichain.ts');
      const { serializeOmnichainDeployment } = await import('../../sdk/core/omnichain/deployment.ts');
      const { writeResult } = await import('../files.ts');
      const { parametersOf, planLightClients, previewDeployment } = await import('../omnichain/undertaking.ts');

      const lightClients = await planLightClients(chains, output);
      const parameters = parametersOf({ terms, chains, account, lightClients });
      const prospects = await previewDeployment(parameters, { chains, lightClients });
      if (args['dry-run']) {
        output.log('nothing was sent');
        output.table(
          prospects.map((values) => ({ values })),
          ['chain', 'account', 'balance', 'gas'],
        );
        return EXIT.done;
      }
      const onStep = (step: OmnichainStep): void => output.log(stepLine(step));
      const text = serializeOmnichainDeployment(await deploy({ ...parameters, onStep }));
      writeResult(args.out, text);
      for (const { name, owner = account.address } of parameters.places) {
        if (owner !== account.address) output.log(`${owner} takes over the service on ${name} by acceptOwnership()`);
      }
      output.results([{ values: { deploymentFile: args.out, ...(JSON.parse(text) as Values) } }]);
      return EXIT.done;
    });
  },
});

function stepLine({ on, of, address, gasUsed }: OmnichainStep): string {
  return `${on} ${of === undefined ? 'service' : `light client of ${of}`} ${address}, ${gasUsed} gas`;
}
