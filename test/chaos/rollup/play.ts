import { playOn, type Play, type Scenario } from '../scenario.ts';
import { audit, leftUndone } from './audit.ts';
import { sendTraffic } from './traffic.ts';
import { addBlocks, type RollupWorld } from './world.ts';

/** Blocks in which a fraud-proof window passes. */
const BLOCKS_A_WINDOW = 10;

const ROLLUP: Play<RollupWorld> = {
  sendTraffic,
  leftUndone,
  audit,
  async passTime({ network }) {
    // Windows of days do not pass by themselves.
    await addBlocks(network, Math.floor(Number(network.deployment.fraudProofWindow) / BLOCKS_A_WINDOW));
  },
};

/** Plays a scenario on a rollup's lane. */
export async function play(world: RollupWorld, scenario: Scenario<RollupWorld>): Promise<string[]> {
  return await playOn(ROLLUP, world, scenario);
}
