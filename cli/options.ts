// Options that several commands have. What their values mean is read in values.ts, signer.ts and lane.ts.
import type { OptionsByName } from './command.ts';

/** Every command has these. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', default: false, describe: 'Print one JSON document on stdout' },
} as const satisfies OptionsByName;

const RPC_OPTIONS = {
  'l1-rpc-url': {
    type: 'string',
    requiresArg: true,
    describe: "L1's endpoint, or several with commas, instead of the deployment's  [L1_RPC_URL]",
  },
  'l2-rpc-url': {
    type: 'string',
    requiresArg: true,
    describe: "L2's endpoint, or several with commas, instead of the deployment's  [L2_RPC_URL]",
  },
} as const satisfies OptionsByName;

/** To reach a lane. */
export const LANE_OPTIONS = {
  deployment: {
    type: 'string',
    requiresArg: true,
    describe: 'File that describes the lane; .xdm/deployment.json unless given  [XDM_DEPLOYMENT]',
  },
  ...RPC_OPTIONS,
} as const satisfies OptionsByName;

/** To reach a lane's L1. That L2's endpoint can be given, too, lets a script give all commands the same options. */
export const L1_OPTIONS = {
  ...LANE_OPTIONS,
  'l2-rpc-url': { ...RPC_OPTIONS['l2-rpc-url'], hidden: true },
} as const satisfies OptionsByName;

/** To reach two chains that have no lane yet. */
export const CHAIN_OPTIONS = {
  'l1-rpc-url': { ...RPC_OPTIONS['l1-rpc-url'], describe: "L1's endpoint  [L1_RPC_URL]" },
  'l2-rpc-url': { ...RPC_OPTIONS['l2-rpc-url'], describe: "L2's endpoint  [L2_RPC_URL]" },
} as const satisfies OptionsByName;

/** To sign transactions. */
export const SIGNER_OPTIONS = {
  'private-key': { type: 'string', requiresArg: true, describe: 'Key of the account that pays  [PRIVATE_KEY]' },
  keystore: { type: 'string', requiresArg: true, describe: 'Encrypted JSON file with the key, instead' },
  account: { type: 'string', requiresArg: true, describe: "Name of one of Foundry's keystores, instead" },
  'password-file': { type: 'string', requiresArg: true, describe: "File with the keystore's password" },
  from: { type: 'string', requiresArg: true, describe: 'Address that the account must have' },
} as const satisfies OptionsByName;

/** The same where nothing is signed: a script can give all commands of a lane the same options. */
export const READER_OPTIONS = {
  ...LANE_OPTIONS,
  'private-key': { ...SIGNER_OPTIONS['private-key'], hidden: true },
  keystore: { ...SIGNER_OPTIONS.keystore, hidden: true },
  account: { ...SIGNER_OPTIONS.account, hidden: true },
  'password-file': { ...SIGNER_OPTIONS['password-file'], hidden: true },
  from: { ...SIGNER_OPTIONS.from, hidden: true },
} as const satisfies OptionsByName;

/** The same of L1 alone. */
export const L1_READER_OPTIONS = { ...READER_OPTIONS, ...L1_OPTIONS } as const satisfies OptionsByName;
