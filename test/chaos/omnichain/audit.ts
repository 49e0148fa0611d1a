import type { MessageStage } from '../../../relayer/store/schema.ts';
import { lightClientAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { checkDatabase } from '../databaseCheck.ts';
import { checkNonces } from '../nonces.ts';
import { readRows, type Rows } from '../rows.ts';
import type { Expected } from '../scenario.ts';
import { arrivals, hopsOf, readRecorded, readTruth, type Hop, type Truth } from './truth.ts';
import { MAINTAINER, MESSENGER, type OmnichainWorld } from './world.ts';

/** What is not done yet: empty once the node has nothing left to do. */
export async function leftUndone({ lane, store }: OmnichainWorld, expected: Expected): Promise<string[]> {
  const [truth, rows] = await Promise.all([readTruth(lane), readRows({ store })]);
  const alarms = rows.alarms.filter(({ kind }) => !(expected.alarms ?? []).includes(kind));
  const byHops = byHop(rows);
  return [
    ...alarms.map(({ kind, subject, message }) => `alarm ${kind} ${subject}: ${message}`),
    ...hopsOf(lane, truth).flatMap((hop) => {
      const row = rowOf(byHops, hop);
      if (row === undefined) return [`${nameOf(hop)} is not in the store`];
      const { attempts, sentOn } = arrivals(truth, hop);
      const where = attempts.length + sentOn > 0 ? 'has come there' : 'has not come there';
      const isDone = attempts.length + sentOn > 0 && isOver(row.stage);
      return isDone ? [] : [`${nameOf(hop)} ${where}, and is ${row.stage} (${row.parkedReason}) in the store`];
    }),
  ];
}

/** All that is wrong after a scenario, once the node has stopped. */
export async function audit(world: OmnichainWorld, expected: Expected = {}): Promise<string[]> {
  const { lane, store } = world;
  // What the node has signed last is mined a block after it has stopped.
  const nonces = await checkSigners(world);
  const [truth, rows, undone] = await Promise.all([readTruth(lane), readRows({ store }), leftUndone(world, expected)]);
  const hops = hopsOf(lane, truth);
  const stored = byHop(rows);
  return [
    ...undone,
    ...nonces,
    ...[...truth.values()].flatMap(({ malformed }) => malformed),
    ...hops.flatMap((hop) => checkHop(world, truth, hop)),
    ...checkOrigins(truth, hops),
    ...(await checkCounts(world, truth)),
    ...hops.flatMap((hop) => checkRow({ stored, rows }, truth, hop)),
    ...checkRows(stored, hops),
    ...(await checkLightClients(world)),
    ...(await checkDatabase(world)).map((problem) => `the database: ${problem}`),
  ];
}

/** Outcomes at a target that was repaired for a while, in which somebody has tried all again: in vain if the repair was dropped. */
const REPAIRED = /^(?:failed, )*(?:failed|relayed)$/u;

/** A message goes over each hop once: its target was attempted once, and failed only if it does, or it was sent on once. */
function checkHop({ targets }: OmnichainWorld, truth: Truth, hop: Hop): string[] {
  const { order, to } = hop;
  const { attempts, sentOn } = arrivals(truth, hop);
  const isExecuted = order.toChain === to || order.message.relay;
  const isBroken = order.message.target === targets.broken.get(to)?.address;
  const right = !isExecuted ? '' : isBroken ? 'failed' : 'relayed';
  const outcomes = attempts.map(({ outcome }) => outcome).join(', ');
  const isRight = outcomes === right || (right === 'failed' && targets.wereRepaired && REPAIRED.test(outcomes));
  const onwards = order.toChain === to || attempts.at(-1)?.outcome === 'failed' ? 0 : 1;
  return [
    ...(isRight ? [] : [`${nameOf(hop)} was to be ${right} there, and was ${outcomes}`]),
    ...(sentOn === onwards ? [] : [`${nameOf(hop)} was sent on ${sentOn} times, not ${onwards}`]),
  ];
}

/** Nothing has come to a chain that none before it has sent, and none was sent twice. */
function checkOrigins(truth: Truth, hops: readonly Hop[]): string[] {
  const sent = new Set(hops.map(({ order, to }) => `${order.orderId} to ${to}`));
  const came = [...truth].flatMap(([id, { attempts, sent: out }]) =>
    [...attempts, ...out.filter(({ fromChain }) => fromChain !== id)].map(({ orderId }) => `${orderId} to ${id}`),
  );
  return [
    ...(sent.size === hops.length ? [] : [`of ${hops.length} messages ${hops.length - sent.size} were sent twice`]),
    ...came.filter((each) => !sent.has(each)).map((each) => `message ${each} has come, and was never sent`),
  ];
}

/** Targets have been called as often as the services say, whatever these have written down. */
async function checkCounts({ targets }: OmnichainWorld, truth: Truth): Promise<string[]> {
  const all = [...targets.sound.values(), ...targets.broken.values()];
  const checks = all.map(async ({ address, chainId, contract }) => {
    const calls = truth
      .get(chainId)!
      .attempts.filter(({ message, outcome }) => message.target === address && outcome === 'relayed').length;
    const count = (await contract.getFunction('count')()) as bigint;
    return count === BigInt(calls) ? [] : [`target ${address} on ${chainId} was called ${count} times, not ${calls}`];
  });
  return (await Promise.all(checks)).flat();
}

interface Stored {
  readonly stored: ReadonlyMap<string, Row>;
  readonly rows: Rows;
}

/** The store tells of a message what the chain does. */
function checkRow({ stored, rows }: Stored, truth: Truth, hop: Hop): string[] {
  const row = rowOf(stored, hop);
  if (row === undefined || !isOver(row.stage)) return [];
  const { attempts, sentOn } = arrivals(truth, hop);
  const outcome = sentOn > 0 ? 'relayed' : attempts.at(-1)?.outcome;
  const isClear = row.parkedReason === null && !rows.proven.includes(row.id);
  return [
    ...(row.stage === outcome ? [] : [`the store says ${row.stage} of ${nameOf(hop)}, the chain ${outcome}`]),
    ...(isClear ? [] : [`${nameOf(hop)} is ${row.stage}, and not cleared up`]),
  ];
}

/** The store has no message that no chain has sent. */
function checkRows(stored: ReadonlyMap<string, Row>, hops: readonly Hop[]): string[] {
  const sent = new Set(hops.map(({ order, from, to }) => keyOf(order.orderId, from, to)));
  return [...stored.keys()]
    .filter((each) => !sent.has(each))
    .map((each) => `the store has ${each}, which was never sent`);
}

/** Light clients know nothing but what their chains have, and none was frozen. */
async function checkLightClients({ lane }: OmnichainWorld): Promise<string[]> {
  const { client } = lane;
  const frozen = client.lane.lightClients.map(async ({ on, of, address }) => {
    const isFrozen = await lightClientAt(address, client.chains.get(on)!.provider).isFrozen();
    return isFrozen ? [`the light client of ${of} on ${on} is frozen`] : [];
  });
  const recorded = (await readRecorded(lane)).map(async ({ on, of, number, hash }) => {
    const block = await client.chains.get(of)!.provider.getBlock(number);
    return block?.hash === hash ? [] : [`block ${number} of ${of} is ${block?.hash}, and ${hash} to chain ${on}`];
  });
  return (await Promise.all([...frozen, ...recorded])).flat();
}

async function checkSigners(world: OmnichainWorld): Promise<string[]> {
  const signers = [...world.lane.client.chains.values()].flatMap(({ chainId, provider }) =>
    [MESSENGER, MAINTAINER].map(({ address }) => ({ chainId, provider, address })),
  );
  return (await Promise.all(signers.map(async (signer) => await checkNonces(world, signer)))).flat();
}

type Row = Rows['messages'][number];

/** What the store has that no chain has dropped, by message and hop. */
function byHop({ messages }: Rows): ReadonlyMap<string, Row> {
  const valid = messages.filter(({ orphaned }) => orphaned === 0);
  return new Map(
    valid.map((row) => {
      const orderId = `0x${Buffer.from(row.messageHash).toString('hex')}`;
      return [keyOf(orderId, row.sourceChainId, row.destinationChainId), row];
    }),
  );
}

function rowOf(rows: ReadonlyMap<string, Row>, { order, from, to }: Hop): Row | undefined {
  return rows.get(keyOf(order.orderId, from, to));
}

function keyOf(orderId: string, from: bigint | number, to: bigint | number): string {
  return `${orderId} from ${from} to ${to}`;
}

function nameOf({ order, from, to }: Hop): string {
  return `message ${order.envelope.nonce} of ${order.fromChain}, ${order.orderId}, from ${from} to ${to}`;
}

function isOver(stage: MessageStage): boolean {
  return stage === 'relayed' || stage === 'failed';
}
