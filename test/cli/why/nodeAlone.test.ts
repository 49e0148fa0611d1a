import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { recordSent } from '../../../relayer/store/messages.ts';
import { parseDeployment, serializeDeployment } from '../../../sdk/core/deployment.ts';
import type { CliRun } from '../../support/cli.ts';
import { runMain } from '../../support/cliMain.ts';
import { at, L2, sentMessage } from '../../support/events.ts';
import { LANE, startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

const MESSAGE = sentMessage(0, at(10));
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';

let running: ServedTestNode;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-why-'));
  const file = serializeDeployment(LANE);
  writeFileSync(join(folder, 'deployment.json'), file);
  running = await startServedNode({}, parseDeployment(file, 'deployment.json'));
  await recordSent(running.store.db, { routeId: running.up, chainId: L2 }, [MESSAGE]);
  running.signals.emit('stageFailed', { stage: 'watch 900', code: 'rpc-unreachable', reason: 'nobody answers' });
});

afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true });
});

async function status(...args: readonly string[]): Promise<CliRun> {
  const variables = { XDM_DEPLOYMENT: join(folder, 'deployment.json'), L1_RPC_URL: NOWHERE, L2_RPC_URL: NOWHERE };
  return await runMain(['status', ...args], variables);
}

function ofNode(): readonly string[] {
  return ['--store', running.store.path, '--http-port', new URL(running.server.url).port];
}

test('while a chain is silent, why a message waits is the word of the node', async () => {
  for (const hash of [MESSAGE.messageHash, MESSAGE.transactionHash]) {
    const { code, stdout, stderr } = await status('--why', hash, ...ofNode());
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toMatch(
      /^a chain does not answer\. The node: No state batch covers .* In the node "watch 900" fails since .*: nobody answers$/mu,
    );
    expect(stdout).toContain(`messageHash: ${MESSAGE.messageHash}\n`);
    expect(stdout).toMatch(/^has read: +chain 901 up to block 20, final 10; chain 900 up to block 50, final 40$/mu);
    expect(stdout).toMatch(/ UTC {2}sent/u);
    expect(stdout).toMatch(/^This is what the node says: L1 at http:\/\/127\.0\.0\.1:1 is of no use: .+\.$/mu);
  }
  const { code, stdout } = await status('--why', '--json', MESSAGE.messageHash, ...ofNode());
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    messageHash: MESSAGE.messageHash,
    fromChain: 'l2',
    status: null,
    blockNumber: 10,
    clocks: { missing: expect.stringContaining('L1 at http://127.0.0.1:1') as string },
    node: {
      failing: [expect.stringContaining('nobody answers') as string],
      message: { stage: 'sent', waitsFor: 'no-state-batch' },
    },
  });
});

test('what the node does not know either is the silence of the chain', async () => {
  const unknown = sentMessage(1, at(10)).messageHash;
  const without = [MESSAGE.messageHash, '--store', join(folder, 'none')] as const;
  for (const args of [[unknown, ...ofNode()], without, ['nothing', ...ofNode()]]) {
    const { code, stdout, stderr } = await status('--why', ...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('L1 at http://127.0.0.1:1 is of no use');
  }
});

test('what names the node is for --why, and must be right', async () => {
  expect(await status(MESSAGE.messageHash, '--http-port', '1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--http-port is given without --why') as string,
  });
  expect(await status('--why', MESSAGE.messageHash, '--http-port', 'many')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('setting "httpPort" has value "many"') as string,
  });
});
