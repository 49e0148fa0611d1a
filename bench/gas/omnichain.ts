// The omnichain lane's part of docs/gas.md: all of it from forge's snapshots, which `npm run check` holds the contracts to.
import type { Snapshots } from './report.ts';
import { grouped, type Table } from './tables.ts';
import { isMet, type Verdict } from './targets.ts';
import { toMarkdown } from './text.ts';

/** What MAP's own `transferIn` takes: a constant here, as the figures of other messengers are. */
const MAP = { least: 302_000, most: 626_000 };

/** Bounds of snapshots, by their names there. */
const TARGETS: readonly (readonly [snapshot: string, limit: number, name: string])[] = [
  ['sync committee: finality, 3 of 512 absent', 420_000, 'finality update, 3 of 512 keys absent'],
  ['sync committee: rotation, 3 of 512 absent', 480_000, 'the same, with the next committee'],
  ['sealed headers: 3 QBFT seals', 120_000, 'update by three QBFT seals'],
  ['transferIn, executed', 220_000, 'transferIn out of a block of 200 transactions, executed'],
];

/** The steps of a message, and what others take for the same. */
const STEPS: readonly (readonly [snapshot: string, name: string])[] = [
  ['transferOut', 'transferOut'],
  ['transferIn, sent on', 'transferIn on the relay chain, sent on'],
  [
    'transferIn, executed and sent on',
    'transferIn on the relay chain, `relay = true`: executed, and the answer sent on',
  ],
  ['transferIn, executed', 'transferIn on the destination, executed'],
  [
    'transferIn, failed: not allowed',
    'transferIn on the destination, failed and kept: the target has not allowed the sender',
  ],
  ['retry, executed', 'retryMessageIn on the destination, executed'],
  [
    'retry, executed and sent on',
    'retryMessageIn on the relay chain, `relay = true`: executed, and the answer sent on',
  ],
];

const UPDATES: readonly (readonly [snapshot: string, name: string])[] = [
  ['sync committee: finality, all of 512 present', 'sync committee, all of 512 keys present'],
  ['sync committee: finality, 3 of 512 absent', '- 3 absent'],
  ['sync committee: rotation, 3 of 512 absent', '- 3 absent, with the next committee'],
  ['sync committee: finality, 170 of 512 absent', '- 170 absent: the most that a committee can lack'],
  ['sealed headers: 3 QBFT seals', 'sealed headers, 3 QBFT seals'],
  ['sealed headers: 3 QBFT seals of a later round', '- of a later round'],
  ['sealed headers: 4 QBFT seals, 1 validator more', '- 4 seals, and one validator more from there on'],
  ['sealed headers: 3 IBFT 2.0 seals', 'sealed headers, 3 IBFT 2.0 seals'],
  ['sealed headers: 3 Istanbul seals', 'sealed headers, 3 Istanbul seals'],
  ['attestors: block, 3 of 5 signers', 'attestors, 3 of 5'],
  ['attestors: rotation, 3 of 5 signers, 1 of them another', '- they replace one of them'],
];

const ANCESTORS: readonly (readonly [snapshot: string, name: string])[] = [
  ['ancestor: 1 header', 'the parent, by its header'],
  ['ancestor: 32 headers', '32 blocks further back, by headers'],
  [
    "ancestor: storage proof as long as mainnet's",
    "up to 8,191 blocks back, by the history contract (EIP-2935), as deep as mainnet's state",
  ],
];

/** What came of the lane's bounds. */
export function omnichainVerdicts(snapshots: Snapshots): Verdict[] {
  return TARGETS.map(([snapshot, limit, name]) => ({ name, limit, gas: gasOf(snapshots, snapshot) }));
}

/** What a run prints. */
export function omnichainTables(snapshots: Snapshots): readonly (readonly [title: string, table: Table])[] {
  return [
    ['omnichain: a message', listed(snapshots, STEPS)],
    ['omnichain: targets', bounds(snapshots)],
    ['omnichain: updates of light clients', listed(snapshots, UPDATES)],
    ['omnichain: older blocks', listed(snapshots, ANCESTORS)],
  ];
}

/** The document's paragraphs. */
export function omnichainSection(snapshots: Snapshots): string[] {
  const gas = (snapshot: string): number => gasOf(snapshots, snapshot);
  const hops = gas('transferIn, sent on') + gas('transferIn, executed');
  const update = gas('sync committee: finality, 3 of 512 absent');
  const attested = gas('attestors: block, 3 of 5 signers');
  return [
    '## The omnichain lane',
    `The same message over the [omnichain lane](omnichain.md), from the middle of a block of 200 transactions whose hash the light client knows,
each figure the whole transaction's gas. All of these are exact in \`snapshots/omnichain.json\` and \`snapshots/light clients.json\`.`,
    toMarkdown(listed(snapshots, STEPS)),
    `MAP's own \`transferIn\` takes ${grouped(MAP.least)} to ${grouped(MAP.most)} gas, of other messages out of other blocks. A message from one
chain to another, over the relay chain, takes ${grouped(gas('transferOut') + hops)} here: \`transferOut\` and two \`transferIn\`. One from or to
the relay chain takes one hop less.`,
    toMarkdown(bounds(snapshots)),
    `A light client is updated once for all messages of the blocks up to there. One that shares no update pays for it alone: ${grouped(update)} more
on the relay chain and ${grouped(attested)} on the destination, where a sync committee and three attestors vouch for the two chains, beside
${grouped(hops)} for both of its hops. Absent keys are subtracted one by one, each proven to be the committee's:`,
    toMarkdown(listed(snapshots, UPDATES)),
    "Klaytn's headers can be followed, too, but [its messages cannot be proven yet](security.md#light-clients).",
    `About one block of Ethereum's in 32 is named by an update. Another one is proven to be an ancestor first, once for all of its messages
(\`proveAncestorByHeaders\`, \`proveAncestorByHistory\`), which is no part of the figures above:`,
    toMarkdown(listed(snapshots, ANCESTORS)),
    `A header costs some ${grouped((gas('ancestor: 32 headers') - gas('ancestor: 1 header')) / 31)} gas. From about ${crossover(snapshots)} blocks on the history
contract is cheaper; the SDK chooses by about that.`,
  ];
}

/** docs/gas.md with the lane's part written anew. */
export function withOmnichain(document: string, snapshots: Snapshots): string {
  const section = /^## The omnichain lane\n.*?(?=^## )/msu;
  if (!section.test(document)) throw new RangeError('the document has no part of the lane: write all of it anew');
  return document.replace(section, () => `${omnichainSection(snapshots).join('\n\n')}\n\n`);
}

function listed(snapshots: Snapshots, rows: typeof STEPS): Table {
  return { header: ['', 'gas'], rows: rows.map(([snapshot, name]) => [name, grouped(gasOf(snapshots, snapshot))]) };
}

function bounds(snapshots: Snapshots): Table {
  return {
    header: ['', 'at most', 'measured', 'margin', ''],
    rows: omnichainVerdicts(snapshots).map((verdict) => {
      const { name, limit, gas } = verdict;
      const margin = `${(((limit - gas) / limit) * 100).toFixed(1)} %`;
      return [name, grouped(limit), grouped(gas), margin, isMet(verdict) ? 'met' : 'MISSED'];
    }),
  };
}

function crossover(snapshots: Snapshots): number {
  const [one, many] = [gasOf(snapshots, 'ancestor: 1 header'), gasOf(snapshots, 'ancestor: 32 headers')];
  const proof = gasOf(snapshots, "ancestor: storage proof as long as mainnet's");
  return Math.ceil(1 + (proof - one) / ((many - one) / 31));
}

function gasOf(snapshots: Snapshots, snapshot: string): number {
  const gas = Number(snapshots[snapshot]);
  if (Number.isInteger(gas)) return gas;
  throw new RangeError(`the snapshots have no "${snapshot}": write them anew with npm run snapshot`);
}
