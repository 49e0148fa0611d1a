import { drawChart, type Axis } from '../chart.ts';
import { perMessage, perMessageWithRoot, type Figures } from './figures.ts';
import { omnichainSection, omnichainTables } from './omnichain.ts';
import { PEERS } from './peers.ts';
import * as tables from './tables.ts';
import { toMarkdown, toText } from './text.ts';

/** Gas that forge's snapshots hold, of all files whose tests are of messages and light clients. */
export type Snapshots = Readonly<Record<string, string>>;

/** What a run prints. */
export function printed(figures: Figures, snapshots: Snapshots): string {
  const size = tables.sizeOf(tables.referenceOf(figures));
  const parts = [
    [`gas of a message of 132 bytes, ${size} accounts/messages on L2`, tables.comparison(figures)],
    ['targets', tables.targets(figures)],
    ["by the size of L2's state", tables.bySize(figures)],
    [`batches, ${size}`, tables.byBatch(figures)],
    [`by payload, ${size}`, tables.byPayload(figures)],
    [`what it is made of, ${size}`, tables.bySplit(figures)],
    ['the model of sdk/core/relayGas.ts', tables.byModel(figures)],
    ...omnichainTables(snapshots),
  ] as const;
  return parts.map(([title, table]) => `${title}\n\n${toText(table)}`).join('\n\n');
}

const MESSAGES: Axis = {
  name: 'messages in the batch',
  scale: 'logarithmic',
  least: 1,
  most: 200,
  ticks: [1, 2, 5, 10, 20, 50, 100, 200],
};

const GAS: Axis = {
  name: 'gas per message',
  scale: 'logarithmic',
  least: 30_000,
  most: 700_000,
  ticks: [30_000, 50_000, 70_000, 100_000, 150_000, 200_000, 300_000, 500_000, 700_000],
  label: (gas) => `${gas / 1000}k`,
};

/** The chart of cost per message against batch size. */
export function chart(figures: Figures): string {
  const state = tables.referenceOf(figures);
  const { batches, root, direct } = state;
  return drawChart({
    title: `Relaying messages of 132 bytes to L1, ${tables.sizeOf(state)} accounts/messages on L2`,
    x: MESSAGES,
    y: GAS,
    lines: [
      { name: 'xdm, one by one, direct proofs', points: batches.map(({ messages }) => [messages, direct.median.gas]) },
      {
        name: 'xdm, batch, root included',
        points: batches.map((batch) => [batch.messages, perMessageWithRoot(batch, root.gas)]),
      },
      { name: 'xdm, batch, root proven', points: batches.map((batch) => [batch.messages, perMessage(batch)]) },
    ],
    levels: PEERS.map(({ name, relay }) => ({ name: `${name}, one by one`, y: relay })),
  });
}

/** docs/gas.md. */
export function document(figures: Figures, snapshots: Snapshots): string {
  const state = tables.referenceOf(figures);
  return `${[...opening(figures, snapshots), ...routes(figures), ...details(figures, snapshots)].join('\n\n').replaceAll('SIZE', tables.sizeOf(state))}\n`;
}

function opening(figures: Figures, snapshots: Snapshots): string[] {
  return [
    '<!-- Written by `npm run bench:gas`: change bench/gas/, and run it again. -->',
    '# Gas',
    `What a message costs, step by step: the whole transaction's gas as a user pays it, the 21,000 gas of any transaction, calldata
and the floor price of EIP-7623 included. A rollup's fee for L1 data comes on top. The figures are for a message of 132 bytes (a
selector and four words) with a gas limit of 200,000, to a contract that records sender, hash and count and was called before,
from an L2 with 1,000 accounts and 1,000 messages, where nothing else is said.`,
    '## Beside other systems',
    `Relaying adds up all transactions on L1 that one message needs. SIZE is the size of L2's state: its accounts, and the messages
that were sent before.`,
    toMarkdown(tables.comparison(figures)),
    `The others were measured once, with their own contracts on the same anvil, by the same rules and with a target that does the same;
their figures are constants here (\`bench/gas/peers.ts\`), and the benchmark measures xdm alone. What they buy is not the same, and some
are cheaper:`,
    [
      `- **Linea** sends from both chains for less, delivers on L2 for less, and relays by a path of 16 siblings for about as much as xdm
  (${byLargePath(snapshots)}). Its L2 keeps no tree: the tree's roots come to L1 with a validity proof over L2's blocks, and hashes
  of messages from L1 are put on L2 by an operator; neither is in these figures. xdm needs no prover: L2 pays for the tree, L1
  for the proof of its root.`,
      `- **Hyperlane** sends from both chains for a little less. What it checks on arrival is signatures of the validators that the receiver
  trusts; there is no proof of the other chain's state.`,
      `- **OVM 1.0 and Bedrock** trust what xdm does: that somebody challenges a false state root in time. **Scroll** verifies a
  validity proof.`,
    ].join('\n'),
    `A probe is a bare contract that verifies a proof, marks the message and calls the target, and does nothing else. It is no minimum:
xdm's batch costs less than its probe.`,
    '## Targets',
    toMarkdown(tables.targets(figures)),
  ];
}

/** Gas of relaying by a path of 16 siblings. */
function byLargePath(snapshots: Snapshots): string {
  return tables.grouped(Number(snapshots['relay by path, tree of 65536']));
}

function routes(figures: Figures): string[] {
  return [
    '## Batches',
    `![Gas per message against the number of messages in a batch](gas.svg)`,
    `The newest messages, SIZE. Each target gets exactly its gas limit; the gas limit of the transaction is what \`batchGasLimit\` of the
SDK gives it, below the 16,777,216 gas that a transaction may have (EIP-7825). A root is proven once and holds every message that
L2 had sent by then: "root included" charges all of its proof to the one batch. A batch of one message is a relay by path.`,
    toMarkdown(tables.byBatch(figures)),
    "## By the size of L2's state",
    `What grows is the proof of L2's state: with the accounts and with the messages, by a node of the trie (up to 532 bytes, 21,280
gas) for every factor of 16. Messages that are relayed by the tree share it. Scattered messages are spread evenly over the tree, so that
their paths share little.`,
    toMarkdown(tables.bySize(figures)),
    '## By payload',
    `SIZE; medians, for a batch the message's share with the root proven. Payloads are hashes, with hardly a zero byte: data of
an application usually costs less. Payloads of 0 and 32 bytes go to a target whose fallback does the same. These are messages of the
first of three lanes (see below), and of other places in the tree than above.`,
    toMarkdown(tables.byPayload(figures)),
  ];
}

function details(figures: Figures, snapshots: Snapshots): string[] {
  const { execution, storage, target } = tables.referenceOf(figures).l2Execution;
  const rest = execution - storage - target;
  const send = tables.grouped(Number(snapshots['send from L2, average of 256 after 65,536']));
  return [
    '## What it is made of',
    `A transaction costs its calldata and its execution, or the floor price of its calldata if that is more (EIP-7623: 10 gas a zero
byte, 40 any other, and 21,000). Marking a message that was never relayed costs 22,100 gas, whatever the contract. SIZE.`,
    toMarkdown(tables.bySplit(figures)),
    `A direct proof and the proof of a root are bound by their bytes or close to it: a faster verifier would save little or nothing. In a
batch the mark is most of what is left, then calldata. The target that is met most closely is that of executing on L2, where
${tables.grouped(rest)} gas are neither the transaction's, nor calldata, nor storage, nor the target's.`,
    '## The model',
    `Whoever relays chooses between direct proofs and a batch before anything is built, by the model in
\`sdk/core/relayGas.ts\`. What it says, in percent of what was measured:`,
    toMarkdown(tables.byModel(figures)),
    ...omnichainSection(snapshots),
    '## How it is measured',
    `\`npm run bench:gas\` starts two anvils for each lane, by the rules of Prague on L1, \`--network optimism\` on L2; \`--state 1000\` and
\`--samples 8\` make it shorter, \`--json\` prints every figure for programs. Addresses, payloads and timestamps are the same in each run
with the same contracts, and so are the figures. Other bytecode has other addresses, and with them other proofs: a direct proof or a
root can cost some 5 % more or less.`,
    [
      '- L2 has the accounts from its genesis block. Every message was sent by a transaction of an ordinary account.',
      `- Proofs come from \`eth_getProof\`, by way of the SDK's \`proveMessages\`; state batches hold the state roots of L2's blocks. The
  commitments alone are of made-up roots: only a root goes on chain.`,
      `- Where the trie puts the passer decides how long the proof of its account is: direct proofs and roots are measured in three lanes
  with other addresses, and shown for the one in the middle. "least" and "most" are of all three.`,
      '- Messages that are relayed alone are taken evenly from all of them. The target of each is marked as relayed, or the run ends.',
      `- Messages from L1 are executed on L2 as deposit transactions (type 0x7e).`,
      `- Larger trees are exact in \`snapshots/messages.json\`, which \`npm run check\` holds the contracts to: with 65,536 messages a relay by
  path costs ${byLargePath(snapshots)} gas, and sending from L2 ${send} on average.`,
    ].join('\n'),
  ];
}
