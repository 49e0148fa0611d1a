import { expect, test } from 'vitest';

import { showEndpoint } from '../../../sdk/core/endpoint.ts';

test.each([
  ['http://127.0.0.1:8545', 'http://127.0.0.1:8545'],
  ['https://node.example/', 'https://node.example/'],
  ['https://node.example/v3/secret', 'https://node.example/...'],
  ['https://node.example?key=secret', 'https://node.example/...'],
  ['https://user:secret@node.example/v3/secret', 'https://...@node.example/...'],
])('the endpoint %s is shown as %s', (url, shown) => {
  expect(showEndpoint(url)).toBe(shown);
});
