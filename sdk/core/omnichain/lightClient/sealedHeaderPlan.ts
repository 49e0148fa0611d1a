import { XdmError } from '../../errors.ts';
import type { SealedHeader } from './sealedHeader.ts';
import { isQuorum } from './sealers.ts';
import { farApart } from './wantedBlocks.ts';

/** A block of a chain whose validators seal. */
export interface SealedBlock {
  readonly number: bigint;
  readonly hash: string;
  readonly sealed: SealedHeader;
  /** Those whom its header lists, in lower case. */
  readonly validators: readonly string[];
  /** Those who have sealed it. */
  readonly sealers: readonly string[];
}

/** A block that a light client takes, and what it has to be told with it. */
export interface PlannedHeader {
  readonly block: SealedBlock;
  /** RLP list of the validators that it trusts by then, if they are others than the block's; `0x` otherwise. */
  readonly trustedValidators: string;
}

/** Headers that are planned at most; whoever has followed for longer than these reach asks again. */
const MOST_HEADERS = 64;

/**
 * Blocks looked at one after the other for one that is sealed by enough of validators who have changed. A chain's nodes wait for no
 * seal beyond a quorum: where one of four is another one now, one block in four has the seals of the three who are not, and of a hundred
 * one in three.
 */
const MOST_LOOKED_AT = 256n;

/** Where a chain's blocks come from. */
export interface SealedBlocks {
  /** A block as one of the chain's nodes has it. */
  readonly getBlock: (number: bigint) => Promise<SealedBlock>;
  /** The same with the seals that others have of it, too. Each node keeps those that it has heard of first. */
  readonly withAllSeals: (block: SealedBlock) => Promise<SealedBlock>;
}

/**
 * The headers that take a light client to blocks that are wanted themselves, in order, or to the newest where none is, or where the last one
 * is not sealed by enough of those who are trusted. A wanted block that is near the next one is left out: what leads down to it costs less.
 * @param head the light client's
 * @throws as `planSealedHeaders`
 */
export async function planWantedHeaders(
  head: SealedBlock,
  [wanted, newest]: readonly [wanted: readonly bigint[], newest: bigint],
  source: SealedBlocks,
): Promise<PlannedHeader[]> {
  const planned: PlannedHeader[] = [];
  const blocks = remembered(source);
  const last = (): SealedBlock => planned.at(-1)?.block ?? head;
  const goTo = async (target: bigint): Promise<void> => {
    if (last().number < target) planned.push(...(await planSealedHeaders(last(), target, blocks)));
  };
  const apart = farApart(wanted.filter((number) => number <= newest));
  for (const target of apart) if (planned.length < MOST_HEADERS) await goTo(target).catch(passNotSealed);
  const isThere = apart.length > 0 && last().number >= apart.at(-1)!;
  if (!isThere && planned.length < MOST_HEADERS) {
    await goTo(newest).catch((error: unknown) => {
      if (planned.length === 0) throw error;
      passNotSealed(error);
    });
  }
  return planned;
}

/** Blocks that are remembered: those that were looked at on the way to one that is wanted are looked at on the way to the next. */
const MOST_REMEMBERED = 512;

/** The same blocks, each asked for once. */
function remembered({ getBlock, withAllSeals }: SealedBlocks): SealedBlocks {
  const [asOne, asAll] = [new Map<bigint, SealedBlock>(), new Map<bigint, SealedBlock>()];
  return {
    getBlock: async (number) => await recall(asOne, number, async () => await getBlock(number)),
    withAllSeals: async (block) => await recall(asAll, block.number, async () => await withAllSeals(block)),
  };
}

async function recall(
  known: Map<bigint, SealedBlock>,
  number: bigint,
  ask: () => Promise<SealedBlock>,
): Promise<SealedBlock> {
  const block = known.get(number) ?? (await ask());
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(number, block);
  return block;
}

function passNotSealed(error: unknown): void {
  if (!(error instanceof XdmError) || error.code !== 'update-invalid') throw error;
}

/**
 * The headers that take a light client to the newest block, in order. One is enough, unless too many validators have come and gone
 * meanwhile: then the newest block that enough of the trusted ones have sealed, and so on from there.
 * @param head the light client's
 * @throws {XdmError} `update-invalid` where not even the next block is sealed as it must be; what `blocks` throws
 */
async function planSealedHeaders(head: SealedBlock, newest: bigint, blocks: SealedBlocks): Promise<PlannedHeader[]> {
  const planned: PlannedHeader[] = [];
  let trusted = head;
  while (trusted.number < newest && planned.length < MOST_HEADERS) {
    const block = await farthest(trusted, newest, blocks);
    if (block === undefined && planned.length === 0) throw notSealed(trusted.number);
    if (block === undefined) break;
    const isSame = block.sealed.validators === trusted.sealed.validators;
    planned.push({ block, trustedValidators: isSame ? '0x' : trusted.sealed.validators });
    trusted = block;
  }
  return planned;
}

/**
 * A block that is taken, the newest or such that the one after it is not. Where that one lists the same validators still, the next after
 * it that is taken, if there is one: with it others are trusted. Undefined where none is.
 */
async function farthest(trusted: SealedBlock, newest: bigint, blocks: SealedBlocks): Promise<SealedBlock | undefined> {
  let [taken, refused] = [trusted, newest + 1n];
  for (let candidate = newest; candidate > taken.number; candidate = (taken.number + refused) / 2n) {
    const block = await getTaken(candidate, trusted, blocks);
    if (block === undefined) refused = candidate;
    else taken = block;
  }
  if (taken.sealed.validators !== trusted.sealed.validators) return taken;
  for (let number = refused + 1n; number <= newest && number <= refused + MOST_LOOKED_AT; number++) {
    const block = await getTaken(number, trusted, blocks);
    if (block !== undefined) return block;
  }
  return taken === trusted ? undefined : taken;
}

/** A block, if it is taken; with more seals than one node has of it only where these are too few: each costs gas. */
async function getTaken(
  number: bigint,
  { validators }: SealedBlock,
  { getBlock, withAllSeals }: SealedBlocks,
): Promise<SealedBlock | undefined> {
  const block = await getBlock(number);
  if (isTaken(block, validators)) return block;
  const sealed = await withAllSeals(block);
  return isTaken(sealed, validators) ? sealed : undefined;
}

function notSealed(head: bigint): XdmError {
  return new XdmError(
    'update-invalid',
    `block ${head + 1n} is not sealed by enough of the validators of block ${head}, and none after it that was looked at`,
    {
      hint: 'have other nodes of the chain asked too, which may have other seals, and check the scheme by which it seals',
    },
  );
}

/** As the contract checks it: every seal by another listed validator, and quorums of these and of the trusted ones. */
function isTaken({ sealers, validators }: SealedBlock, trusted: readonly string[]): boolean {
  const areListed = new Set(sealers).size === sealers.length && sealers.every((each) => validators.includes(each));
  return areListed && isQuorum(sealers, validators) && isQuorum(sealers, trusted);
}
