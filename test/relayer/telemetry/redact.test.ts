import { expect, test } from 'vitest';

import { parseNodeConfig } from '../../../relayer/lanes/rollup/config.ts';
import { rollupNodeLane } from '../../../relayer/lanes/rollup/rollupNodeLane.ts';
import { nodeLogger } from '../../../relayer/telemetry/nodeLogger.ts';
import { redactorOf } from '../../../relayer/telemetry/redact.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import { LANE } from '../../support/servedNode.ts';

const KEY = `0x${'0123456789abcdef'.repeat(4)}`;
const PROPOSER_KEY = `0x${'fedcba9876543210'.repeat(4)}`;
const SECRETS = [
  'hunter2!',
  'hunter2%21',
  'APIKEY0123456789',
  's3cr3tQuery',
  'pa$$word',
  KEY.slice(2),
  PROPOSER_KEY.slice(2),
];

const CONFIG = parseNodeConfig({
  flags: {
    privateKey: KEY,
    proposerPrivateKey: PROPOSER_KEY,
    l1RpcUrl: 'https://node.example/v3/APIKEY0123456789,https://me:hunter2%21@other.example',
    l2RpcUrl: 'https://l2.example/?token=s3cr3tQuery',
    store: 'postgres://xdm:pa$$word@db.example:5432/lane',
    logLevel: 'debug',
  },
  environment: {},
  file: {},
});

const redact = redactorOf({ ...CONFIG });

test.each([
  ['https://node.example/v3/APIKEY0123456789', 'https://node.example/...'],
  ['asked https://me:hunter2%21@other.example twice', 'asked https://...@other.example twice'],
  ['postgres://xdm:pa$$word@db.example:5432/lane', 'postgres://...@db.example:5432/...'],
  ['wss://x.example?key=1234', 'wss://x.example/...'],
  // Not of the settings: nobody knows whose they are.
  ['https://a:b@c.example/d', 'https://...@c.example/...'],
  ['invalid project id APIKEY0123456789', 'invalid project id (redacted)'],
  ['password "hunter2!" is wrong', 'password "(redacted)" is wrong'],
  [`key ${KEY}`, 'key (redacted)'],
  [`key ${KEY.slice(2).toUpperCase()}`, 'key (redacted)'],
  ['{"url":"https://l2.example/?token=s3cr3tQuery","n":1}', '{"url":"https://l2.example/...","n":1}'],
])('of %s is told %s', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test('what is no secret stays as it is', () => {
  const text = `{"url":"http://127.0.0.1:7300","hash":"0x${'ab'.repeat(32)}","host":"node.example","store":".xdm/relayer.sqlite"}`;
  expect(redact(text)).toBe(text);
  expect(redactorOf({})('nothing to hide: v3')).toBe('nothing to hide: v3');
});

test('no line of the log has a secret, wherever it stands', () => {
  const lines: string[] = [];
  const logger = nodeLogger(rollupNodeLane(LANE, CONFIG), { write: (line: string) => void lines.push(line) });
  const urls = [...(CONFIG.l1RpcUrl ?? []), ...(CONFIG.l2RpcUrl ?? []), CONFIG.store];
  const cause = new Error(`server response 401 (requestUrl="${urls[0]}", body="no key ${KEY}")`);
  logger.error({ reason: cause.message, config: CONFIG, nested: { list: [urls, { url: urls[1] }] } }, `at ${urls[2]}`);
  logger.warn({ err: new XdmError('rpc-error', `of ${urls.join(' ')}`, { cause, hint: `not ${PROPOSER_KEY}` }) });
  logger.child({ endpoint: urls[1], key: KEY }).info({ [KEY]: urls[3] }, KEY);
  logger.debug(new Error(`${KEY.toUpperCase()} ${decodeURIComponent(urls[1] ?? '')}`));

  expect(lines).toHaveLength(4);
  for (const line of lines) {
    expect(() => JSON.parse(line) as unknown).not.toThrow();
    for (const secret of SECRETS) expect(line.toLowerCase()).not.toContain(secret.toLowerCase());
  }
  expect(lines[0]).toContain('node.example');
});
