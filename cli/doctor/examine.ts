import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { rollupOutline } from '../../relayer/lanes/rollup/routes.ts';
import type { Deployment, Side } from '../../sdk/core/deployment.ts';
import { checkBalances, checkRoles } from './accounts.ts';
import { checkAllowlist } from './allowlist.ts';
import { checkClock, checkDeposits } from './chains.ts';
import type { DoctorContext } from './context.ts';
import { checkContracts, checkTerms } from './contracts.ts';
import { askEndpoint, type EndpointFacts } from './endpointFacts.ts';
import { compareEndpoints, expectedOf, judgeDead, judgeEndpoint, type Endpoints } from './endpoints.ts';
import { within, warning, type Finding } from './finding.ts';
import { checkHttp } from './http.ts';
import { checkQueue } from './queue.ts';
import { checkProofDepth } from './proofDepth.ts';
import { checkStore } from './store.ts';

/** What is examined. */
export interface Patient {
  readonly lane: Deployment;
  readonly config: NodeConfig;
  /** Endpoints of each chain. */
  readonly urls: Readonly<Record<Side, readonly string[]>>;
  /** Milliseconds that each check has. */
  readonly timeout: number;
}

const SIDES: readonly Side[] = ['l1', 'l2'];

/** What is checked of a lane where both chains answer, in this order. */
const LANE_CHECKS: readonly (readonly [check: string, run: (context: DoctorContext) => Promise<readonly Finding[]>])[] =
  [
    ['contracts', checkContracts],
    ['terms', checkTerms],
    ['roles', checkRoles],
    ['allowlist', checkAllowlist],
    ['balances', checkBalances],
    ['clock', async (context) => await Promise.resolve(checkClock(context))],
    ['deposits', checkDeposits],
    ['queue', checkQueue],
    ['proof depth', checkProofDepth],
  ];

/**
 * Checks all that a node on a lane needs. Nothing is sent and nothing is changed.
 * @yields what was found, as soon as it is and in an order that does not change
 */
export async function* examine(patient: Patient): AsyncGenerator<Finding> {
  const { lane, config, timeout } = patient;
  const now = Math.floor(Date.now() / 1000);
  const asked = { l1: await askAll('l1', patient), l2: await askAll('l2', patient) };
  try {
    for (const side of SIDES) {
      const { live, dead } = asked[side];
      const expected = expectedOf(side, lane, config, now);
      yield* dead.map((endpoint) => judgeDead(endpoint, live.length > 0));
      yield* live.flatMap((facts) => judgeEndpoint(facts, expected));
      const place = { check: 'agreement', subject: side };
      yield* await within(timeout, place, async () => await compareEndpoints(asked[side]));
    }
    yield* examineLane(patient, [...asked.l1.live, ...asked.l2.live], now);
    yield* await within(timeout, { check: 'store', subject: '' }, async () => await checkStore(lane, config));
    yield* await within(
      timeout,
      { check: 'HTTP interface', subject: '' },
      async () => await checkHttp(rollupOutline(lane), config),
    );
  } finally {
    for (const { provider } of [...asked.l1.live, ...asked.l2.live]) provider.destroy();
  }
}

async function* examineLane(
  { lane, config, timeout }: Patient,
  endpoints: readonly EndpointFacts[],
  now: number,
): AsyncGenerator<Finding> {
  const of = (side: Side, chainId: bigint): EndpointFacts | undefined =>
    endpoints.find((endpoint) => endpoint.side === side && endpoint.chainId === chainId);
  const l1 = of('l1', lane.l1ChainId)?.provider;
  const l2 = of('l2', lane.l2ChainId)?.provider;
  if (l1 === undefined || l2 === undefined) {
    const place = { check: LANE_CHECKS.map(([check]) => check).join(', '), subject: '' };
    const missing = l1 === undefined ? 'L1' : 'L2';
    yield warning(place, `not checked, for ${missing} has no endpoint that is of use`, 'mend that first');
    return;
  }
  const context = { lane, config, l1, l2, endpoints, now };
  // One after the other: what is asked in the same instant travels together, and would wait for what is not answered.
  for (const [check, run] of LANE_CHECKS) {
    yield* await within(timeout, { check, subject: '' }, async () => await run(context));
  }
}

/** Asks all endpoints of a chain at the same time. */
async function askAll(side: Side, { urls, timeout }: Patient): Promise<Endpoints> {
  const answers = await Promise.all(urls[side].map(async (url) => await askEndpoint({ side, url, timeout })));
  return {
    live: answers.filter((answer) => 'provider' in answer),
    dead: answers.filter((answer) => 'error' in answer),
  };
}
