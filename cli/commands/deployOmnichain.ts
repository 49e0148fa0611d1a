import { rmSync } from 'node:fs';

import { defineCommand } from '../command.ts';
import { DEPLOYING_OPTIONS, openDeployer, verifyOut } from '../deploying.ts';
import { EXIT } from '../exitCodes.ts';
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
who takes it with \`xdm acceptOwnership\`. What light clients believe from the beginning is shown:
compare it with what others say before anybody sends a message.

docs/omnichain.md says what the file holds. Before anything is sent, each creation is tried. The
plan stands in FILE.plan until the lane is described in FILE: --dry-run leaves it there, and the
same command without it deploys what was shown, at the same addresses, as long as the account
sends nothing else before its lane deployers are there. A run that broke off can be repeated, by
the same terms: it goes on where it stopped, and neither does nor pays for anything twice.`,
  options: OPTIONS,
  async run(args, { environment, output }) {
    const { rpcUrlsOf } = await import('../omnichain/lane.ts');
    const { readOmnichainTerms } = await import('../omnichain/terms.ts');
    const { withChains } = await import('../omnichain/undertaking.ts');

    verifyOut(args.out);
    const terms = readOmnichainTerms(args.config);
    const account = await openDeployer(args, environment);
    return await withChains(terms, rpcUrlsOf(terms, args, environment), async (chains) => {
      const { serializeOmnichainDeployment } = await import('../../sdk/core/omnichain/deployment.ts');
      const { serializeOmnichainPlan } = await import('../../sdk/core/omnichain/plan.ts');
      const { writeNew, writeResult } = await import('../files.ts');
      const { deployedResult, plannedResult, previewLane } = await import('../omnichain/laneSummary.ts');
      const { verifyFunds } = await import('../omnichain/prospects.ts');
      const { deployByFile, laneByFile } = await import('../omnichain/undertaking.ts');

      const path = `${args.out}.plan`;
      const undertaking = { terms, chains, account, path, output };
      const lane = await laneByFile(undertaking);
      const prospects = await previewLane(lane, output);
      // What is only tried says how much the account is to be funded with.
      if (!args['dry-run']) verifyFunds(prospects);
      // Not before each creation was tried: what a contract refuses is not planned.
      if (!lane.isOld) writeNew(path, serializeOmnichainPlan(lane.plan));
      if (args['dry-run']) {
        output.log(`nothing was sent; the same command without --dry-run deploys what ${path} plans`);
        output.results([plannedResult(lane, prospects, path)]);
        return EXIT.done;
      }
      const deployment = await deployByFile(undertaking, lane);
      writeResult(args.out, serializeOmnichainDeployment(deployment));
      rmSync(path, { force: true });
      for (const { name, owner } of lane.plan.chains) {
        if (owner === account.address) continue;
        output.log(`${owner} takes over the service on ${name} by \`xdm acceptOwnership\``);
      }
      output.results([deployedResult(deployment, lane, args.out)]);
      return EXIT.done;
    });
  },
});
