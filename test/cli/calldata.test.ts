import fc from 'fast-check';
import { Interface } from 'ethers';
import { expect, test } from 'vitest';

import { encodeCall } from '../../cli/calldata.ts';
import { address, data, uint256 } from '../support/arbitraries.ts';

const ADDRESS = '0x00000000000000000000000000000000000000AA';

function decode(signature: string, calldata: string): unknown[] {
  return new Interface([`function ${signature}`]).decodeFunctionData(signature.split('(')[0]!, calldata).toArray(true);
}

test('arguments arrive as they were typed', () => {
  const signature = 'f(uint256,int256,bool,address,bytes,string)';
  fc.assert(
    fc.property(
      fc.tuple(uint256, fc.bigInt(-(2n ** 255n), 2n ** 255n - 1n), fc.boolean(), address, data, fc.string()),
      (values) => {
        expect(decode(signature, encodeCall(signature, values.map(String)))).toEqual(values);
      },
    ),
  );
});

test('arrays and tuples are JSON, whose numbers keep all their digits', () => {
  const signature = 'f(uint256[],(address,int8,string)[2],bool[])';
  const typed = [`[1, "0x02", ${2n ** 255n}]`, `[["${ADDRESS}", -5, "007"], ["${ADDRESS}", "6", ""]]`, '[true, false]'];

  expect(decode(signature, encodeCall(signature, typed))).toEqual([
    [1n, 2n, 2n ** 255n],
    [
      [ADDRESS, -5n, '007'],
      [ADDRESS, 6n, ''],
    ],
    [true, false],
  ]);
});

test.each([
  ['f(string)', '0x01'],
  ['f(string)', '00123'],
  ['f(string)', '1e5'],
  ['f(string)', '"quoted"'],
  ['f(string)', 'true'],
  ['f(string)', ''],
])('%s takes %s as text', (signature, text) => {
  expect(decode(signature, encodeCall(signature, [text]))).toEqual([text]);
});

test('a function without arguments is its selector', () => {
  expect(encodeCall('f()', [])).toBe('0x26121ff0');
  expect(encodeCall('function f() returns (uint256)', [])).toBe('0x26121ff0');
});

test.each(['f', '', 'f(', 'f(uintt)', 'f(uint257)', '(uint256)', 'f(uint256'])('"%s" is no function', (signature) => {
  expect(() => encodeCall(signature, [])).toThrow(`--sig "${signature}" is no function`);
});

test.each([
  ['f()', ['1'], 'f() takes 0 arguments, and 1 is given'],
  ['f(uint256)', [], 'f(uint256) takes 1 argument, and none is given'],
  ['f(bool,bool)', ['true'], 'f(bool,bool) takes 2 arguments, and 1 is given'],
])('a wrong number of arguments for %s is named', (signature, args, message) => {
  expect(() => encodeCall(signature, args)).toThrow(message);
});

test.each([
  ['uint8', '256'],
  ['uint8', '-1'],
  ['uint256', '1.5'],
  ['uint256', '1e5'],
  ['uint256', ''],
  ['int8', '128'],
  ['bool', '1'],
  ['address', '0x12'],
  ['address', '1'],
  ['bytes', '0x123'],
  ['bytes', 'hello'],
  ['bytes4', '0x1234'],
  ['uint8[]', '1'],
  ['uint8[]', '[256]'],
  ['uint8[2]', '[1]'],
  ['(uint8,bool)', '[1]'],
  ['(uint8,bool)', '{"a": 1, "b": true}'],
  ['string[]', '[{}]'],
  ['address[]', `[${ADDRESS}]`],
])('%s refuses "%s"', (type, text) => {
  expect(() => encodeCall(`f(bool,${type})`, ['true', text])).toThrow(
    `argument 2 of f(bool,${type}), "${text}", is no ${type}`,
  );
});
