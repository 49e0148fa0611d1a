import { describe, expect, test } from 'vitest';

import { planWantedHeaders, type SealedBlock } from '../../../../../sdk/core/omnichain/lightClient/sealedHeaderPlan.ts';
import { isQuorum } from '../../../../../sdk/core/omnichain/lightClient/sealers.ts';
import { SealedChain, validator } from '../../../../support/sealedChain.ts';

/** Four of them, from one on. */
function four(first: number) {
  return [0, 1, 2, 3].map((offset) => validator(first + offset));
}

/**
 * Plans from a block on, and counts what is asked for.
 * @param other the same chain, as another of its nodes has it
 */
async function plan(chain: SealedChain, head: bigint, { other = chain, wanted = [] as readonly bigint[] } = {}) {
  let asked = 0;
  const planned = await planWantedHeaders(chain.block(head), [wanted, chain.newest], {
    async getBlock(number) {
      asked += 1;
      return await Promise.resolve(chain.block(number));
    },
    async withAllSeals(block) {
      const sealers = [...new Set([...block.sealers, ...other.block(block.number).sealers])];
      return await Promise.resolve({ ...block, sealers });
    },
  });
  return { planned, asked, numbers: planned.map(({ block }) => Number(block.number)) };
}

describe('a light client of sealed headers', () => {
  test('takes the newest block where the validators are the same', async () => {
    const chain = new SealedChain(0);
    for (let i = 0; i < 50; i++) chain.append(four(0), four(0).slice(1));
    const { planned, asked, numbers } = await plan(chain, 3n);
    expect(numbers).toEqual([49]);
    expect(planned[0]!.trustedValidators).toBe('0x');
    expect(asked).toBe(1);
  });

  test('is told whom it trusts where one validator has come and another gone', async () => {
    const chain = new SealedChain(0);
    for (let i = 0; i < 10; i++) chain.append(four(i < 5 ? 0 : 1));
    const { planned, numbers } = await plan(chain, 0n);
    expect(numbers).toEqual([9]);
    expect(planned[0]!.trustedValidators).toBe(chain.block(0n).sealed.validators);
  });

  test('takes headers between where too many have changed, each the last that enough of the trusted have sealed', async () => {
    const chain = new SealedChain(0);
    // One of four changes with each tenth block: after two changes there is no quorum of those of before.
    for (let i = 0; i < 60; i++) chain.append(four(Math.floor(i / 10)));
    const { planned, numbers, asked } = await plan(chain, 0n);
    expect(numbers).toEqual([19, 29, 39, 49, 59]);
    for (const [index, { block }] of planned.entries()) {
      const trusted = index === 0 ? chain.block(0n) : planned[index - 1]!.block;
      expect(isQuorum(block.sealers, trusted.validators)).toBe(true);
    }
    expect(asked).toBeLessThan(40);
  });

  test('takes the first header that those who stay have sealed, where each has the seals of a quorum alone', async () => {
    const chain = new SealedChain(0);
    // One of four is another one from block 10 on; the three others have sealed block 12 first, and each fourth one after it.
    const quorum = (first: number, i: number) => four(first).filter((_, index) => index !== i % 4);
    for (let i = 0; i < 30; i++) chain.append(four(i < 10 ? 0 : 1), quorum(i < 10 ? 0 : 1, i + 3));
    const { planned, numbers, asked } = await plan(chain, 8n);
    expect(numbers).toEqual([12, 29]);
    expect(planned.map(({ block }) => block.sealers.length)).toEqual([3, 3]);
    expect(asked).toBeLessThan(20);
  });

  test('takes a header of fewer validators by the seals that several nodes have of it', async () => {
    const [chain, other] = [new SealedChain(0), new SealedChain(0)];
    // The first of four is gone from block 2 on: two of the three others are a quorum of them, and not of the four.
    for (let i = 0; i < 6; i++) {
      const [validators, last] = [four(0).slice(i < 2 ? 0 : 1), four(0).length];
      chain.append(validators, validators.slice(1));
      other.append(validators, validators.slice(0, last - 2));
    }
    const { planned, numbers } = await plan(chain, 0n, { other });
    expect(numbers).toEqual([5]);
    expect(planned[0]!.block.sealers).toHaveLength(3);
    await expect(plan(chain, 1n)).rejects.toThrow('block 2 is not sealed by enough');
  });

  test('has nothing to take from a source that is behind, or where it is', async () => {
    const chain = new SealedChain(0);
    for (let i = 0; i < 10; i++) chain.append(four(0));
    expect((await plan(chain, 9n)).numbers).toEqual([]);
    const asked = async (): Promise<never> => await Promise.reject(new Error('asked'));
    expect(await planWantedHeaders(chain.block(9n), [[], 4n], { getBlock: asked, withAllSeals: asked })).toEqual([]);
  });

  test('takes the last block before one that too few have sealed, and says so from there on', async () => {
    const chain = new SealedChain(0);
    for (let i = 0; i < 10; i++) chain.append(four(0), four(0).slice(i < 8 ? 1 : 2));
    expect((await plan(chain, 0n)).numbers).toEqual([7]);
    await expect(plan(chain, 7n)).rejects.toThrow('block 8 is not sealed by enough');
  });

  test('takes no block that too few of those whom it lists have sealed, although they were trusted', async () => {
    const chain = new SealedChain(0);
    chain.append(four(0));
    chain.append([...four(0), ...four(4)], four(0));
    await expect(plan(chain, 0n)).rejects.toMatchObject({ code: 'update-invalid' });
  });

  test.each([
    ['others', [validator(9), ...four(0).slice(1)]],
    ['the same one twice', [validator(0), validator(1), validator(1)]],
  ])('takes no block that %s have sealed', async (_name, sealers) => {
    const chain = new SealedChain(0);
    chain.append(four(0));
    chain.append(four(0), sealers);
    await expect(plan(chain, 0n)).rejects.toMatchObject({ code: 'update-invalid' });
  });

  test('goes through the blocks that are wanted, but for those near others, and no farther', async () => {
    const chain = new SealedChain(0);
    for (let i = 0; i < 50; i++) chain.append(four(0));
    const at = async (...wanted: bigint[]) => (await plan(chain, 3n, { wanted })).numbers;
    expect(await at(7n, 20n, 45n)).toEqual([7, 20, 45]);
    expect(await at(17n, 18n, 20n, 21n, 22n)).toEqual([17, 22]);
    expect(await at(20n, 1000n)).toEqual([20]);
    expect(await at(49n)).toEqual([49]);
    expect(await at(1000n)).toEqual([49]);
  });

  test('goes on beyond a wanted block that is not sealed by enough', async () => {
    const chain = new SealedChain(0);
    for (let i = 0; i < 10; i++) chain.append(four(0), i === 4 ? four(0).slice(2) : four(0));
    expect((await plan(chain, 0n, { wanted: [4n] })).numbers).toEqual([3, 9]);
    expect((await plan(chain, 3n, { wanted: [4n] })).numbers).toEqual([9]);
  });

  test('looks at no block twice although it is on the way to several that are wanted', async () => {
    const chain = new SealedChain(0);
    for (let i = 0; i < 40; i++) chain.append(four(i === 0 ? 0 : 4));
    const asked: bigint[] = [];
    const look = async (number: bigint): Promise<SealedBlock> => {
      asked.push(number);
      return await Promise.resolve(chain.block(number));
    };
    const blocks = { getBlock: look, withAllSeals: async (block: SealedBlock) => await Promise.resolve(block) };
    const planned = planWantedHeaders(chain.block(0n), [[10n, 20n, 30n], chain.newest], blocks);
    await expect(planned).rejects.toThrow('block 1 is not sealed by enough');
    expect(asked).toHaveLength(new Set(asked).size);
  });
});
