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

/** To reach the chains of an omnichain lane. */
export const OMNICHAIN_OPTIONS = {
  deployment: LANE_OPTIONS.deployment,
  'rpc-urls': {
    type: 'string',
    requiresArg: true,
    describe: "Endpoints instead of the deployment's, by the chains' names: A=URL,B=URL,URL  [XDM_RPC_URLS]",
  },
} as const satisfies OptionsByName;

/** Where light clients are updated from. */
export const SOURCE_OPTIONS = {
  'source-urls': {
    type: 'string',
    requiresArg: true,
    describe:
      "Beacon APIs or attestors, instead of the deployment's, by the chains they vouch for: A=URL,B=URL  [XDM_SOURCE_URLS]",
  },
} as const satisfies OptionsByName;

/** To reach a lane of either kind. */
export const ANY_LANE_OPTIONS = {
  ...LANE_OPTIONS,
  'rpc-urls': {
    ...OMNICHAIN_OPTIONS['rpc-urls'],
    describe: "Those of an omnichain lane's chains, by their names: A=URL,B=URL,URL  [XDM_RPC_URLS]",
  },
} as const satisfies OptionsByName;

/** To reach a lane's L1. That L2's endpoint can be given, too, lets a script give all commands the same options. */
export const L1_OPTIONS = {
  ...LANE_OPTIONS,
  'l2-rpc-url': { ...RPC_OPTIONS['l2-rpc-url'], hidden: true },
} as const satisfies OptionsByName;

/** To reach a lane's L2, likewise. */
export const L2_OPTIONS = {
  ...LANE_OPTIONS,
  'l1-rpc-url': { ...RPC_OPTIONS['l1-rpc-url'], hidden: true },
} as const satisfies OptionsByName;

/** To reach two chains that have no lane yet. */
export const CHAIN_OPTIONS = {
  'l1-rpc-url': { ...RPC_OPTIONS['l1-rpc-url'], describe: "L1's endpoint  [L1_RPC_URL]" },
  'l2-rpc-url': { ...RPC_OPTIONS['l2-rpc-url'], describe: "L2's endpoint  [L2_RPC_URL]" },
} as const satisfies OptionsByName;

/** To choose the terms of a lane; laneTerms.ts reads them. */
export const TERM_OPTIONS = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'JSON file with any of the terms below; what is typed goes before it',
  },
  owner: {
    type: 'string',
    requiresArg: true,
    describe: 'Names the other roles, ends a pause; the deploying account unless given, as are those',
  },
  proposer: { type: 'string', requiresArg: true, describe: 'Commits state batches' },
  challenger: { type: 'string', requiresArg: true, describe: 'Deletes false ones inside their window' },
  guardian: { type: 'string', requiresArg: true, describe: 'Pauses relaying on L1' },
  'challenge-period': {
    type: 'string',
    requiresArg: true,
    describe:
      'Seconds a state batch can be challenged before messages are relayed from it; 604800, a week, unless given',
  },
  deposits: {
    type: 'string',
    requiresArg: true,
    describe:
      'Who executes the queue on L2: sequencer (the xdm node, unless given), or derived (the L2 node derives deposits from it)',
  },
  'max-block-gas': {
    type: 'string',
    requiresArg: true,
    describe: "Most L2 gas of the deposits of one L1 block; two thirds of L2's block unless given",
  },
  'start-block': {
    type: 'string',
    requiresArg: true,
    describe: 'L2 block whose state root is the first to be committed; the latest unless given',
  },
  allowlist: {
    type: 'string',
    requiresArg: true,
    describe: 'Contract on L2 that says who may send from there; everyone unless given',
  },
  'genesis-vault': {
    type: 'string',
    requiresArg: true,
    describe: 'ETH put into the vault on L1 for what L2 has from its genesis, such as 1000ether; none unless given',
  },
  'no-value': { type: 'boolean', default: false, describe: 'Messages cannot carry ETH' },
} as const satisfies OptionsByName;

/** To sign transactions. */
export const SIGNER_OPTIONS = {
  'private-key': { type: 'string', requiresArg: true, describe: 'Key of the account that pays  [PRIVATE_KEY]' },
  keystore: { type: 'string', requiresArg: true, describe: 'Encrypted JSON file with the key, instead' },
  account: { type: 'string', requiresArg: true, describe: "Name of one of Foundry's keystores, instead" },
  'password-file': { type: 'string', requiresArg: true, describe: "File with the keystore's password" },
  from: { type: 'string', requiresArg: true, describe: 'Address that the account must have' },
} as const satisfies OptionsByName;

/** To have a service do what its owner can have it do. */
export const OWNER_OPTIONS = {
  calldata: {
    type: 'boolean',
    default: false,
    describe: 'Print the call for a multisignature to make, and send nothing; needs no key',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Try the call as the owner, show it and what it takes, and send nothing; needs no key',
  },
  ...OMNICHAIN_OPTIONS,
  ...SIGNER_OPTIONS,
} as const satisfies OptionsByName;

/** The same where nothing is signed: a script can give all commands of a lane the same options. */
const UNUSED_SIGNER_OPTIONS = {
  'private-key': { ...SIGNER_OPTIONS['private-key'], hidden: true },
  keystore: { ...SIGNER_OPTIONS.keystore, hidden: true },
  account: { ...SIGNER_OPTIONS.account, hidden: true },
  'password-file': { ...SIGNER_OPTIONS['password-file'], hidden: true },
  from: { ...SIGNER_OPTIONS.from, hidden: true },
} as const satisfies OptionsByName;

export const READER_OPTIONS = { ...LANE_OPTIONS, ...UNUSED_SIGNER_OPTIONS } as const satisfies OptionsByName;

/** The same of a lane of either kind. */
export const ANY_READER_OPTIONS = { ...ANY_LANE_OPTIONS, ...UNUSED_SIGNER_OPTIONS } as const satisfies OptionsByName;
