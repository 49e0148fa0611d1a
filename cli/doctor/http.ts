import { createServer } from 'node:net';

import { z } from 'zod';

import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { DEFAULT_HTTP_PORT } from '../../relayer/http/start.ts';
import type { LaneOutline } from '../../relayer/lanes/laneRoutes.ts';
import { findRunningNode } from '../runningNode.ts';
import { ok, problem, trouble, warning, type Finding } from './finding.ts';

const PLACE = { check: 'HTTP interface', subject: '' };

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string() })),
});

/** Whether the node's HTTP interface has its port, or has it already; a node that runs says what it lacks itself. */
export async function checkHttp(
  lane: Pick<LaneOutline, 'identity'>,
  { httpHost: host, httpPort }: Pick<NodeConfig, 'httpHost' | 'httpPort'>,
): Promise<Finding[]> {
  if (httpPort === 'none') return [ok(PLACE, 'is switched off')];
  if (httpPort === 0) return [ok(PLACE, `any free port on ${host}`)];
  const port = httpPort ?? DEFAULT_HTTP_PORT;
  const refusal = await tryListen(host, port);
  const at = `port ${port} on ${host}`;
  if (refusal === undefined) return [ok(PLACE, `${at} is free`)];
  if (refusal !== 'EADDRINUSE') {
    return [problem(PLACE, `nothing can listen at ${at}: ${refusal}`, 'give another --http-host or --http-port')];
  }
  const node = await findRunningNode(lane, { httpHost: host, httpPort: port });
  if (node?.isOurs === true) return judgeNode(at, readiness.parse(await node.get('/readyz')));
  if (node?.problem !== undefined) {
    return [
      trouble(PLACE, `a node answers at ${at}, and cannot say for which lane: ${node.problem}`, 'mend that first'),
    ];
  }
  const value = `${at} is in use by ${node === undefined ? 'another program' : "another lane's node"}`;
  const hint = 'choose another one with --http-port, or none with --http-port none';
  // By default the node runs without it.
  return [httpPort === undefined ? warning(PLACE, value, hint) : problem(PLACE, value, hint)];
}

/** What a node of the lane says that runs. */
function judgeNode(at: string, { ready, checks }: z.output<typeof readiness>): Finding[] {
  const lacking = checks.filter((check) => !check.ok);
  const found = ok(PLACE, `${at} is that of this lane's node, which is ${ready ? '' : 'not '}ready`);
  return [
    found,
    ...lacking.map(({ name, reason }) => trouble({ check: 'running node', subject: name }, reason, undefined)),
  ];
}

/** Undefined where it can be listened there; otherwise the system's code for why not. */
async function tryListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
