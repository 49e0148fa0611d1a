// What messages cost, on two real chains: gas of each step at three sizes of L2's state and with five payloads, beside the
// figures of other systems, in a table, and what forge's snapshots say of the omnichain lane; --json prints all of it for
// machines. A run that leaves nothing out writes docs/gas.md and docs/gas.svg anew; --omnichain measures nothing, and writes what
// docs/gas.md says of that lane.
//
// usage: node bench/gas.ts [--state 10,1000,10000] [--samples 24] [--json] | --omnichain
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';

import type { Figures, StateFigures } from './gas/figures.ts';
import { measureState } from './gas/measure.ts';
import { PAYLOADS } from './gas/payloads.ts';
import { omnichainVerdicts, withOmnichain } from './gas/omnichain.ts';
import { chart, document, printed, type Snapshots } from './gas/report.ts';
import { isMet, verdictsOf } from './gas/targets.ts';

/** Sizes of L2's state, its accounts and its messages, and messages of each lane that are relayed alone. */
const SIZES = '10,1000,10000';
const SAMPLES = '24';

const USAGE = `usage: npm run bench:gas -- [--state ${SIZES}] [--samples ${SAMPLES}] [--json] | --omnichain`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    state: { type: 'string', default: SIZES },
    samples: { type: 'string', default: SAMPLES },
    json: { type: 'boolean', default: false },
    omnichain: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const FILES = ['messages', 'light clients', 'omnichain'];
const snapshots: Snapshots = Object.assign(
  {},
  ...FILES.map((name) => JSON.parse(readFileSync(`snapshots/${name}.json`, 'utf8')) as Snapshots),
);

if (values.omnichain) {
  writeFileSync('docs/gas.md', withOmnichain(readFileSync('docs/gas.md', 'utf8'), snapshots));
  process.exit(0);
}

/** Least number of messages: one of each payload. */
const LEAST_STATE = PAYLOADS.length;

function parseCount(option: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  console.error(`--${option} has ${text}: give a whole number from ${least} on`);
  return process.exit(2);
}

const sizes = values.state.split(',').map((text) => parseCount('state', text, LEAST_STATE));
const samples = parseCount('samples', values.samples, 1);
const isWhole = values.state === SIZES && values.samples === SAMPLES;

const states: StateFigures[] = [];
for (const size of sizes) {
  console.error(`measuring with ${size} accounts and ${size} messages on L2 ...`);
  states.push(await measureState({ accounts: size, messages: size }, samples));
}
const figures: Figures = { states };
console.log(values.json ? JSON.stringify(figures, undefined, 2) : printed(figures, snapshots));
if (isWhole) {
  writeFileSync('docs/gas.md', document(figures, snapshots));
  writeFileSync('docs/gas.svg', chart(figures));
}
console.error(
  isWhole ? 'docs/gas.md and docs/gas.svg are written' : 'docs/gas.md is left as it is: this was not the whole run',
);
const missed = [...verdictsOf(figures), ...omnichainVerdicts(snapshots)].filter((verdict) => !isMet(verdict));
for (const { name, limit, gas } of missed) console.error(`target missed: ${name}: ${gas} gas, at most ${limit}`);
if (missed.length > 0) process.exitCode = 1;
