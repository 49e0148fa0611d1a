import type { Selectable } from 'kysely';

import { toHex } from '../../relayer/store/bytes.ts';
import type { AttemptTable, TransactionTable } from '../../relayer/store/schema.ts';
import { committedBy, dayOf, spentOn } from '../../relayer/store/spending.ts';
import { CAP, labelOf, type EngineWorld } from './engineWorld.ts';

type Row = Selectable<TransactionTable>;
type AttemptRow = Selectable<AttemptTable>;

/** What holds after every step, as sentences about what does not. */
export async function brokenRules(world: EngineWorld): Promise<string[]> {
  const { store, chain, violations } = world;
  const rows = await store.db.selectFrom('transactions').selectAll().orderBy('nonce').execute();
  const attempts = await store.db.selectFrom('attempts').selectAll().orderBy('position').execute();
  const byTransaction = Map.groupBy(attempts, ({ transactionId }) => transactionId);
  const broken = [...violations, ...twiceOnChain(world), ...(await overLimit(world))];
  for (const row of rows) broken.push(...brokenFees(row, byTransaction.get(row.id) ?? []));
  const byNonce = Map.groupBy([...chain.broadcast.values()], ({ nonce }) => nonce);
  for (const [nonce, signed] of byNonce) {
    const labels = new Set(signed.map(labelOf).filter((label) => label !== 0));
    if (labels.size > 1) broken.push(`nonce ${nonce} was signed for ${[...labels].join(' and ')}`);
  }
  return broken;
}

/** What holds once nothing is left to do. */
export async function brokenEnds(world: EngineWorld): Promise<string[]> {
  const { store, chain, intended } = world;
  const rows = await store.db.selectFrom('transactions').selectAll().orderBy('nonce').execute();
  const byPurpose = Map.groupBy(rows, ({ purpose }) => purpose);
  const broken: string[] = [];
  for (const { label, isAccepted } of intended) {
    const found = byPurpose.get(`${label}`) ?? [];
    if (found.length > 1) broken.push(`${label} is stored ${found.length} times`);
    if (isAccepted && found.length === 0) broken.push(`${label} was accepted and is not stored`);
  }
  for (const row of rows) {
    const hash = row.transactionHash === null ? undefined : toHex(row.transactionHash);
    const mined = hash === undefined ? undefined : chain.minedIn(hash);
    if (row.stage === 'final' && mined === undefined) broken.push(`${row.purpose} is final and not on the chain`);
    if (row.stage === 'final' && mined?.reverted !== (row.reverted === 1)) {
      broken.push(`${row.purpose} is not known to have reverted or not`);
    }
    if (row.stage === 'replaced' && countOnChain(world, Number(row.purpose)) > 0) {
      broken.push(`${row.purpose} was taken for replaced, and is on the chain`);
    }
  }
  const highest = rows.at(-1)?.nonce ?? -1;
  if (chain.head.nonce <= highest) broken.push(`nonce ${highest} was given out, the next one is ${chain.head.nonce}`);
  broken.push(...(await miscounted(world)));
  return broken;
}

function countOnChain({ chain }: EngineWorld, label: number): number {
  const hashes = [...chain.broadcast].filter(([, transaction]) => labelOf(transaction) === label);
  return hashes.filter(([hash]) => chain.minedIn(hash) !== undefined).length;
}

function twiceOnChain({ chain }: EngineWorld): string[] {
  const labels = [...chain.broadcast].flatMap(([hash, transaction]) => {
    const label = labelOf(transaction);
    return label !== 0 && chain.minedIn(hash) !== undefined ? [label] : [];
  });
  return labels.filter((label, index) => labels.indexOf(label) !== index).map((label) => `${label} is mined twice`);
}

function brokenFees({ purpose }: Row, attempts: readonly AttemptRow[]): string[] {
  return attempts.flatMap((attempt, index) => {
    const before = attempts[index - 1];
    const pairs = (['maxFeePerGas', 'maxPriorityFeePerGas'] as const).map((fee) => {
      return [BigInt(before?.[fee] ?? 0), BigInt(attempt[fee] ?? 0)] as const;
    });
    if (pairs.some(([, fee]) => fee > CAP)) return [`${purpose} pays more than the cap`];
    if (before === undefined) return [];
    const isMore = pairs.every(([old, fee]) => fee * 1000n >= old * 1125n && fee > old);
    // What only uses a nonce up, which no node has another transaction of, pays the same where it may not pay more.
    const isAtCap = pairs.some(([old, fee]) => fee === old && old * 1125n > CAP * 1000n);
    return isMore || (isAtCap && attempt.gasLimit === '21000') ? [] : [`${purpose} is replaced by too little`];
  });
}

async function overLimit(world: EngineWorld): Promise<string[]> {
  const { store, chain, terms } = world;
  if (terms.maxSpendPerDay === undefined) return [];
  const account = { chainId: chain.chainId, address: chain.address };
  const { pending, mined } = await committedBy(store.db, account);
  const spent = await spentOn(store.db, account, dayOf(Date.now()));
  // What fills a gap may be more, where what waits for it leaves no room.
  const fillers = await costOfFillers(world);
  return spent + pending + mined - fillers > terms.maxSpendPerDay ? ['more is spent than may be in a day'] : [];
}

/** Most that all of them can have cost, wei. */
async function costOfFillers({ store }: EngineWorld): Promise<bigint> {
  const attempts = await store.db
    .selectFrom('attempts')
    .innerJoin('transactions', 'transactions.id', 'attempts.transactionId')
    .select(['transactionId', 'gasLimit', 'maxFeePerGas'])
    .where('purpose', '=', 'gap')
    .execute();
  const costs = new Map<number, bigint>();
  for (const { transactionId: id, gasLimit, maxFeePerGas } of attempts) {
    const cost = BigInt(gasLimit ?? 0) * BigInt(maxFeePerGas);
    if (cost > (costs.get(id) ?? 0n)) costs.set(id, cost);
  }
  return [...costs.values()].reduce((sum, cost) => sum + cost, 0n);
}

/** What the store counts as paid is what the chain took, once each. */
async function miscounted({ store, chain }: EngineWorld): Promise<string[]> {
  const rows = await store.db.selectFrom('spending').select('wei').execute();
  const counted = rows.reduce((sum, { wei }) => sum + BigInt(wei), 0n);
  let paid = 0n;
  for (const hash of chain.broadcast.keys()) {
    const mined = chain.minedIn(hash);
    if (mined !== undefined) paid += mined.gasUsed * mined.price + chain.dataFee;
  }
  return counted === paid ? [] : [`${counted} wei are counted as paid, and ${paid} were`];
}
