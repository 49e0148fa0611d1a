// What a local network prints of itself, whatever kind of lane it has.
import type { LocalNetwork } from '../../devnet/localNetwork.ts';
import type { Values } from '../format.ts';

export const DEFAULT_DATA_DIR = '.xdm';

/** A local network as the command shows it. */
export interface ShownNetwork {
  readonly network: LocalNetwork;
  /** For a script. */
  readonly values: Values;
  /** For a newcomer. */
  readonly welcome: string;
}

/** What is there of a network, and what comes next. */
export interface Welcome {
  readonly network: LocalNetwork;
  /** What runs where, by its name. */
  readonly places: readonly (readonly [name: string, text: string])[];
  /** Of the account that has deployed the lane. */
  readonly ownerIs: string;
  /** What to do first without a node; empty with one. */
  readonly nodeSteps: readonly string[];
  /** Command lines to go on with. */
  readonly commands: readonly string[];
}

/** Of the files and accounts, for a script. */
export function describeNetwork({ httpUrl, deploymentPath, settingsPath, accounts, owner }: LocalNetwork): Values {
  return {
    httpUrl,
    deploymentFile: deploymentPath,
    settingsFile: settingsPath,
    accounts: accounts.map(({ address, privateKey }) => ({ address, privateKey })),
    owner: { address: owner.address, privateKey: owner.privateKey },
  };
}

/** The option that names the lane in a command line; none where it is found without. */
export function laneOption({ deploymentPath }: LocalNetwork, dataDir: string): string {
  return dataDir === DEFAULT_DATA_DIR ? '' : ` --deployment ${deploymentPath}`;
}

/** What a newcomer needs to go on. */
export function welcomeText({ network, places, ownerIs, nodeSteps, commands }: Welcome): string {
  const { deploymentPath, logPath, httpUrl, accounts, owner } = network;
  const isNodeless = nodeSteps.length > 0;
  const files = [
    ['deployment', deploymentPath],
    ...(isNodeless
      ? []
      : [
          ["node's log", logPath],
          ["node's API", `${httpUrl ?? 'none'}/v1/lanes, /metrics, /readyz`],
        ]),
  ] as const;
  const rows = [...places, ...files];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    'The local network is up; Ctrl-C stops it.',
    '',
    ...rows.map(([name, text]) => `  ${name.padEnd(width)} ${text}`),
    '',
    'Accounts, funded on all chains, and their keys (public: worth nothing elsewhere):',
    '',
    ...accounts.map(({ address, privateKey }) => `  ${address}  ${privateKey}`),
    '',
    `${ownerIs}:`,
    '',
    `  ${owner.address}  ${owner.privateKey}`,
    '',
    ...(isNodeless
      ? [
          'Next, in another terminal, the node, without which no message arrives:',
          '',
          ...nodeSteps,
          '',
          'Then, in a third terminal:',
        ]
      : ['Next, in another terminal:']),
    '',
    ...commands.map((command) => `  ${command}`),
  ].join('\n');
}
