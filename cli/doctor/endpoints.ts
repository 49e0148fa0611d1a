import type { NodeConfig, Role } from '../../relayer/lanes/rollup/config.ts';
import type { Deployment, Side } from '../../sdk/core/deployment.ts';
import { formatDuration } from '../format.ts';
import { headerAt, type DeadEndpoint, type EndpointFacts, type Tag } from './endpointFacts.ts';
import { failure, ok, problem, trouble, warning, type Finding } from './finding.ts';
import { counted } from '../../sdk/core/counted.ts';

/** Age of a head, seconds, from which on a chain stands still: this, or so many times its own block time. */
const STALE_S = 120;
const STALE_BLOCKS = 20;

/** Milliseconds of an answer from which on a node cannot keep up well. */
const SLOW_MS = 1000;

/** Blocks that an endpoint may be behind another one of its chain. */
const BEHIND = 5;

/** Endpoints of one chain. */
export interface Endpoints {
  readonly live: readonly EndpointFacts[];
  readonly dead: readonly DeadEndpoint[];
}

/** What is expected of an endpoint. */
export interface Expected {
  readonly chainId: bigint;
  /** Of blocks, that the node relies on there. */
  readonly tags: readonly Tag[];
  /** Seconds. */
  readonly now: number;
}

/** What the node wants of a chain's endpoints: only what its roles rely on. */
export function expectedOf(side: Side, lane: Deployment, config: NodeConfig, now: number): Expected {
  const has = (role: Role): boolean => config.roles.includes(role);
  const finalities =
    side === 'l1'
      ? [config.l1Finality, ...(has('sequencer') || has('watchtower') ? [config.queueFinality] : [])]
      : [config.l2Finality, ...(has('proposer') ? [config.proposalFinality] : [])];
  const tags = finalities.filter((finality) => finality !== 'latest');
  return { chainId: side === 'l1' ? lane.l1ChainId : lane.l2ChainId, tags: [...new Set(tags)], now };
}

/** What there is to say of an endpoint that does not answer: less, where others of its chain do. */
export function judgeDead({ side, error }: DeadEndpoint, hasOthers: boolean): Finding {
  const found = failure({ check: 'endpoint', subject: side }, error);
  return hasOthers ? { ...found, verdict: 'warning' } : found;
}

/** What there is to say of an endpoint that answers. */
export function judgeEndpoint(facts: EndpointFacts, expected: Expected): Finding[] {
  const { side, name, latencyMs, client, chainId } = facts;
  const at = (check: string): Pick<Finding, 'check' | 'subject'> => ({ check, subject: `${side} ${name}` });
  const answer = `${client ?? 'a client without a name'}, answers in ${latencyMs} ms`;
  return [
    latencyMs < SLOW_MS
      ? ok(at('endpoint'), answer)
      : warning(at('endpoint'), answer, 'a node that is nearer, or less busy, delivers sooner'),
    chainId === expected.chainId
      ? ok(at('chain id'), `${chainId}`)
      : problem(
          at('chain id'),
          `${chainId}, not ${expected.chainId}`,
          `point --${side}-rpc-url at chain ${expected.chainId}, or --deployment at another file`,
        ),
    judgeHead(at('head'), facts, expected.now),
    ...expected.tags.map((tag) => judgeTag(at(`${tag} block`), facts, tag)),
    facts.logsByHash === undefined
      ? ok(at('logs by block hash'), 'are answered')
      : problem(
          at('logs by block hash'),
          facts.logsByHash.message,
          'ask another node: blocks near the head are read so',
        ),
    facts.batches === undefined
      ? ok(at('several requests in one'), 'are answered')
      : warning(
          at('several requests in one'),
          facts.batches.message,
          'each travels alone then: another node is faster',
        ),
  ];
}

function judgeHead(
  place: Pick<Finding, 'check' | 'subject'>,
  { head, blockTime, isSyncing }: EndpointFacts,
  now: number,
): Finding {
  const age = now - head.timestamp;
  const value = `block ${head.number}, ${age < 0 ? 'ahead of this machine' : `${formatDuration(age)} old`}`;
  if (isSyncing) return trouble(place, `${value}, not in sync by its own word`, 'wait for it, or ask another node');
  return age <= Math.max(STALE_S, STALE_BLOCKS * blockTime)
    ? ok(place, value)
    : trouble(place, value, 'the chain stands still, or the node is behind: ask another one');
}

function judgeTag(place: Pick<Finding, 'check' | 'subject'>, { side, head, tags }: EndpointFacts, tag: Tag): Finding {
  const block = tags[tag];
  return block === undefined
    ? problem(place, 'is not known there', `ask another node, or choose another --${side}-finality`)
    : ok(place, `${block.number}, ${head.number - block.number} behind the head`);
}

/** Whether endpoints of the same chain tell the same of it. */
export async function compareEndpoints({ live, dead }: Endpoints): Promise<Finding[]> {
  const [first] = live;
  if (first === undefined) return [];
  const place = { check: 'agreement', subject: first.side };
  if (live.length < 2) {
    if (dead.length === 0) return [];
    const value = `1 of ${1 + dead.length} endpoints answers: where several are given, nothing is final by the word of one`;
    return [trouble(place, value, 'mend the others, give one more that answers, or give this one alone')];
  }
  const newest = Math.max(...live.map(({ head }) => head.number));
  const number = Math.min(...live.map(({ head, tags }) => (tags.finalized ?? tags.safe ?? head).number));
  const tag = `0x${number.toString(16)}`;
  const blocks = await Promise.all(live.map(async ({ provider }) => await headerAt(provider, tag)));
  const other = blocks.findIndex(({ hash }) => hash !== blocks[0]?.hash);
  const behind = live.filter(({ head }) => newest - head.number > BEHIND);
  return [
    other === -1
      ? ok(place, `all ${live.length} endpoints have the same block ${number}`)
      : problem(
          place,
          `${live[other]?.name} has another block ${number} than ${first.name}`,
          'one of them is on another fork or lies: find out which, and leave it out',
        ),
    ...behind.map(({ side, name, head }) =>
      warning(
        { check: 'head', subject: `${side} ${name}` },
        `${counted(newest - head.number, 'block')} behind another`,
        'wait, or leave it out',
      ),
    ),
  ];
}
