import { playOn, type Play, type Scenario } from '../scenario.ts';
import { audit, leftUndone } from './audit.ts';
import { sendTraffic } from './traffic.ts';
import { addBlocks, type OmnichainWorld } from './world.ts';

const OMNICHAIN: Play<OmnichainWorld> = { sendTraffic, leftUndone, audit, passTime: addBlocks };

/** Plays a scenario on an omnichain lane. */
export async function play(world: OmnichainWorld, scenario: Scenario<OmnichainWorld>): Promise<string[]> {
  return await playOn(OMNICHAIN, world, scenario);
}
