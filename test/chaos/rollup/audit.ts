import type { DeliveryEvent, SentMessage } from '../../../sdk/chain/logs.ts';
import { l1MessengerOf, l2MessengerOf } from '../../../sdk/chain/contracts.ts';
import { otherSide } from '../../../sdk/chain/client.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { ALL_ACCOUNTS, nodeAccount } from '../../../devnet/accounts.ts';
import { checkDatabase } from '../databaseCheck.ts';
import { checkReason } from './parkedTruth.ts';
import { checkNonces } from '../nonces.ts';
import { readRows, type Rows } from '../rows.ts';
import type { Expected } from '../scenario.ts';
import { readTruth, type Truth } from './truth.ts';
import type { RollupWorld } from './world.ts';

const SIDES: readonly Side[] = ['l1', 'l2'];

/** Funded on L1 when the lane is deployed, and put into the vault for what L2's accounts have. */
const ETHER = 10n ** 18n;

/** What is not done yet: empty once the node has nothing left to do. */
export async function leftUndone(world: RollupWorld, expected: Expected): Promise<string[]> {
  const [truth, rows] = await Promise.all([readTruth(world.network.client), readRows(world)]);
  const problems = SIDES.flatMap((side) => {
    const attempted = new Set(truth[otherSide(side)].attempts.map(({ messageHash }) => messageHash));
    const stored = rowsOf(world, rows, side);
    return truth[side].sent.flatMap(({ messageHash, message }) => {
      const row = stored.get(messageHash);
      const where = `message ${message.nonce & 0xffffffffn} from ${side}, ${messageHash}`;
      if (row === undefined) return [`${where} is not in the store`];
      if (!attempted.has(messageHash)) {
        return isParked(row, expected) ? [] : [`${where} is not delivered: ${row.stage} (${row.parkedReason})`];
      }
      return ['relayed', 'failed'].includes(row.stage) ? [] : [`${where} is delivered, and ${row.stage} in the store`];
    });
  });
  const unexecuted = truth.queue.length - truth.executed.length;
  return [
    // One that was true a moment ago ends once the node has looked again.
    ...rows.alarms
      .filter(({ kind }) => !(expected.alarms ?? []).includes(kind))
      .map(({ kind, subject, message }) => `alarm ${kind} ${subject}: ${message}`),
    ...(unexecuted > 0 ? [`${unexecuted} elements of the queue are not executed`] : []),
    ...problems,
  ];
}

/** All that is wrong after a scenario, once the node has stopped. */
export async function audit(world: RollupWorld, expected: Expected = {}): Promise<string[]> {
  const { client } = world.network;
  // What the node has signed last is mined a block after it has stopped.
  const nonces = await checkNonces(world, {
    chainId: client.l1._network.chainId,
    provider: client.l1,
    address: nodeAccount().address,
  });
  const [truth, rows, undone] = await Promise.all([readTruth(client), readRows(world), leftUndone(world, expected)]);
  return [
    ...undone,
    ...nonces,
    ...SIDES.flatMap((side) => checkAttempts(world, truth, side)),
    ...(await checkRecords(world, truth)),
    ...checkQueue(world, truth),
    ...(await checkValue(world, truth)),
    ...SIDES.flatMap((side) => checkMessages(world, { truth, rows }, side)),
    ...(await checkParked(world, { truth, rows })),
    ...(await checkDatabase(world)).map((problem) => `the database: ${problem}`),
  ];
}

/** Each message succeeded at most once, by one transaction, and failed only where its target does. */
function checkAttempts(world: RollupWorld, truth: Truth, from: Side): string[] {
  const to = otherSide(from);
  const { sound, broken } = world.targets[to];
  const byHash = Map.groupBy(truth[to].attempts, ({ messageHash }) => messageHash);
  const sent = new Map(truth[from].sent.map((each) => [each.messageHash, each]));
  return [...byHash].flatMap(([hash, attempts]) => {
    const message = sent.get(hash)?.message;
    if (message === undefined) return [`${to} has a delivery of ${hash}, which ${from} has not sent`];
    const outcomes = attempts.map(({ outcome }) => outcome).join(', ');
    const right = message.target === broken.address ? 'failed' : 'relayed';
    const isOurs = message.target === broken.address || message.target === sound.address;
    return isOurs && outcomes !== right ? [`${from}'s message ${hash} was to be ${right}, and was ${outcomes}`] : [];
  });
}

/** The messengers' own records say the same as their events. */
async function checkRecords({ network }: RollupWorld, truth: Truth): Promise<string[]> {
  const { client, deployment } = network;
  const checks = SIDES.map(async (from) => {
    const messenger = from === 'l1' ? l2MessengerOf(deployment, client.l2) : l1MessengerOf(deployment, client.l1);
    const records = await Promise.all(
      truth[otherSide(from)].attempts.map(async (attempt) => {
        return { attempt, attempts: (await messenger.delivery(attempt.messageHash)).attempts };
      }),
    );
    return records
      .filter(({ attempts }) => attempts !== 1n)
      .map(({ attempt, attempts }) => `${from}'s message ${attempt.messageHash} was attempted ${attempts} times`);
  });
  return (await Promise.all(checks)).flat();
}

/**
 * L2 has executed the queue's elements, each once, and nothing else that mints: in the queue's order, unless it drops blocks, perhaps in the
 * moment in which it is handed the next one.
 */
function checkQueue({ chains }: RollupWorld, truth: Truth): string[] {
  const inOrder = (hashes: readonly string[]): readonly string[] =>
    chains.l2.highest > 0 ? hashes.toSorted() : hashes;
  const [queue, executed] = [inOrder(truth.queue), inOrder(truth.executed)];
  const length = Math.max(queue.length, executed.length);
  const wrong = Array.from({ length }, (_, index) => index).find((index) => queue[index] !== executed[index]);
  if (wrong === undefined) return [];
  const place = queue.indexOf(executed[wrong] ?? '');
  return [
    `L2 has executed ${executed.length} deposits of ${queue.length} elements; ` +
      `deposit ${wrong} is ${executed[wrong] ?? 'missing'}${place === -1 ? ', no element' : `, element ${place}`}`,
  ];
}

/** What was locked on one side is what the other has given out, to the wei. */
async function checkValue({ network, targets }: RollupWorld, truth: Truth): Promise<string[]> {
  const { client, deployment } = network;
  const arrived = (from: Side, outcome: DeliveryEvent['outcome']): bigint => {
    const hashes = new Set(truth[otherSide(from)].attempts.filter((each) => each.outcome === outcome).map(hashOf));
    return sum(truth[from].sent.filter((each) => hashes.has(each.messageHash)));
  };
  const balances = await Promise.all([
    client.l2.getBalance(targets.l2.sound.address),
    client.l2.getBalance(deployment.l2Messenger),
    client.l1.getBalance(targets.l1.sound.address),
    client.l1.getBalance(deployment.l1Messenger),
  ]);
  const vault = BigInt(ALL_ACCOUNTS) * 1000n * ETHER + sum(truth.l1.sent) - arrived('l2', 'relayed');
  const right = [arrived('l1', 'relayed'), arrived('l1', 'failed'), arrived('l2', 'relayed'), vault];
  const names = ["L2's target", "L2's messenger", "L1's target", "L1's vault"];
  return names.flatMap((name, index) =>
    balances[index] === right[index] ? [] : [`${name} has ${balances[index]} wei, and should have ${right[index]}`],
  );
}

/** The store tells what the chains do, and of nothing else. */
function checkMessages(world: RollupWorld, { truth, rows }: { truth: Truth; rows: Rows }, from: Side): string[] {
  const sent = new Set(truth[from].sent.map(hashOf));
  const outcomes = new Map(truth[otherSide(from)].attempts.map(({ messageHash, outcome }) => [messageHash, outcome]));
  const proven = new Set(rows.proven);
  return [...rowsOf(world, rows, from)].flatMap(([hash, { id, stage, parkedReason }]) => {
    const problems: string[] = [];
    const outcome = outcomes.get(hash);
    const isOver = stage === 'relayed' || stage === 'failed';
    if (!sent.has(hash)) problems.push(`the store has ${hash}, which ${from} has not sent`);
    if (isOver && stage !== outcome) problems.push(`the store says ${stage} of ${hash}, the chain ${outcome}`);
    if (isOver && (parkedReason !== null || proven.has(id))) problems.push(`${hash} is ${stage}, and not cleared up`);
    return problems;
  });
}

/** What waits, waits for what L1 says, too. Whatever else there was is delivered: `leftUndone` sees to it. */
async function checkParked(world: RollupWorld, { truth, rows }: { truth: Truth; rows: Rows }): Promise<string[]> {
  const stored = rowsOf(world, rows, 'l2');
  const attempted = new Set(truth.l1.attempts.map(hashOf));
  const waiting = truth.l2.sent.filter(({ messageHash }) => !attempted.has(messageHash));
  const checks = waiting.map(async (sent) => {
    return await checkReason(world, sent, stored.get(sent.messageHash)?.parkedReason ?? null);
  });
  return (await Promise.all(checks)).flat();
}

function rowsOf({ network }: RollupWorld, { messages }: Rows, from: Side): Map<string, Rows['messages'][number]> {
  const { l1ChainId, l2ChainId } = network.deployment;
  const source = Number(from === 'l1' ? l1ChainId : l2ChainId);
  const own = messages.filter(({ sourceChainId, orphaned }) => sourceChainId === source && orphaned === 0);
  return new Map(own.map((row) => [`0x${Buffer.from(row.messageHash).toString('hex')}`, row]));
}

function isParked({ parkedReason }: Rows['messages'][number], { parked = [] }: Expected): boolean {
  return parkedReason !== null && parked.includes(parkedReason);
}

function hashOf({ messageHash }: { readonly messageHash: string }): string {
  return messageHash;
}

function sum(messages: readonly SentMessage[]): bigint {
  return messages.reduce((total, { message }) => total + message.value, 0n);
}
