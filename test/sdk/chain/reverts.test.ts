import fc from 'fast-check';
import { AbiCoder, concat, dataSlice, hexlify, id, Interface, toUtf8Bytes } from 'ethers';
import { describe, expect, test } from 'vitest';

import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import { omnichainService } from '../../../sdk/abi/OmnichainService.ts';
import { stateCommitmentChain } from '../../../sdk/abi/StateCommitmentChain.ts';
import { describeRevert, revertError, revertHint } from '../../../sdk/chain/reverts.ts';
import { XdmError } from '../../../sdk/core/errors.ts';

const messenger = new Interface(l1CrossDomainMessenger.abi);
const commitments = new Interface(stateCommitmentChain.abi);
const ADDRESS = '0x0000000000000000000000000000000000000042';

const errorWith = (text: string | Uint8Array): string =>
  concat([
    '0x08c379a0',
    AbiCoder.defaultAbiCoder().encode(['bytes'], [typeof text === 'string' ? toUtf8Bytes(text) : text]),
  ]);
const panic = (code: number): string => concat(['0x4e487b71', AbiCoder.defaultAbiCoder().encode(['uint256'], [code])]);
const noCode = messenger.encodeErrorResult('CrossDomainMessenger_TargetHasNoCode', [ADDRESS]);

describe('what there is to do about a target that has failed', () => {
  const services = new Interface(omnichainService.abi);

  test.each([
    ['is said of what a messenger has found out', noCode, 'check the address of the target'],
    [
      'is said of what a service has found out',
      services.encodeErrorResult('OmnichainService_CallerNotAllowed', [ADDRESS, 1, ADDRESS]),
      'the target must allow the sender with addRemoteCaller',
    ],
    [
      "of an error of the target's own is to learn its name",
      concat(['0x12345678', `0x${'00'.repeat(64)}`]),
      "it is an error of the target's own, whose name `cast 4byte 0x12345678` may know",
    ],
    ['is not said of a text', errorWith('not today'), undefined],
    ['is not said of a panic', panic(0x11), undefined],
    ['is not said without a reason', '0x', undefined],
    ['is not said of bytes that are no error', '0x12345678ab', undefined],
    [
      'is not said where something that the target called has failed',
      services.encodeErrorResult('FeeTable_FeeNotCovered', [1, 2]),
      undefined,
    ],
  ])('%s', (_what, data, hint) => expect(revertHint(data)).toBe(hint));
});

describe('revert data', () => {
  test.each([
    ['nothing', '0x', 'reverted without a reason, as when gas runs out'],
    ['an error of a contract', noCode, `CrossDomainMessenger_TargetHasNoCode(${ADDRESS})`],
    [
      'an error with several values',
      messenger.encodeErrorResult('CrossDomainMessenger_InsufficientGas', [5, 7]),
      'CrossDomainMessenger_InsufficientGas(5, 7)',
    ],
    ['a text', errorWith('not "today"'), String.raw`Error("not \"today\"")`],
    ['no text', errorWith(''), 'Error("")'],
    ['an overflow', panic(0x11), 'Panic(arithmetic overflow)'],
    ['a panic of a compiler to come', panic(0x99), 'Panic(153)'],
    ['a selector that is not known', '0x12345678', '0x12345678'],
    ['less than a selector', '0x1234', '0x1234'],
    ['an error without its values', dataSlice(noCode, 0, 4), dataSlice(noCode, 0, 4)],
    ['an error whose address is none', concat([dataSlice(noCode, 0, 4), `0x${'ff'.repeat(31)}`]), `0x`],
    ['a text without its length', dataSlice(errorWith('x'), 0, 40), '0x08c379a0'],
    ['the selector of a text', '0x08c379a0', '0x08c379a0'],
    ['half a byte, which a node should not answer', '0x123', '0x123'],
    ['no hex, which a node should not answer', 'a\u001B[2J', String.raw`a\u{1b}[2J`],
  ])('of %s is told', (_, data, words) => {
    expect(describeRevert(data)).toContain(words);
  });

  test('of a text is told as far as the messenger kept it', () => {
    const kept = dataSlice(errorWith('long '.repeat(100)), 0, 256);
    expect(describeRevert(kept)).toBe(`Error("${'long '.repeat(100).slice(0, 188)}"...)`);
  });

  test('of a text that claims to be longer than anything is told', () => {
    expect(describeRevert(concat(['0x08c379a0', `0x${'ff'.repeat(64)}`, '0x6869']))).toBe('Error("hi"...)');
  });

  test('of a text that is no UTF-8 is told', () => {
    expect(describeRevert(errorWith(Uint8Array.of(0x68, 0xff, 0x69)))).toBe('Error("h\uFFFDi")');
  });

  test.each([
    ['a screen cleared', '\u001B[2J', String.raw`\u001b[2J`],
    ['a line of its own', 'a\nb\r\u2028', String.raw`a\nb\r\u{2028}`],
    ['an eight-bit escape', '\u009B31m', String.raw`\u{9b}31m`],
    ['a bell, a rubout', '\u0007\u007F', String.raw`\u0007\u{7f}`],
    ['a text turned round', '\u202Egnp.exe', String.raw`\u{202e}gnp.exe`],
    ['nothing to be seen', 'a\u200B\uFEFFb', String.raw`a\u{200b}\u{feff}b`],
    ['words of every kind', 'zu wenig Öl, 不足 🙂', 'zu wenig Öl, 不足 🙂'],
  ])('with %s is harmless in a terminal', (_, text, shown) => {
    expect(describeRevert(errorWith(text))).toBe(`Error("${shown}")`);
  });

  test('of any length is told in a few words', () => {
    expect(describeRevert(errorWith('x'.repeat(100_000))).length).toBeLessThan(600);
    expect(describeRevert(`0x${'12'.repeat(100_000)}`)).toMatch(/^0x(?:12){256}\.\.\. \(100000 bytes\)$/u);
  });

  test('of any kind is told in one line, and is an error of xdm', () => {
    const selector = fc.constantFrom('0x', '0x08c379a0', '0x4e487b71', dataSlice(noCode, 0, 4), id('x').slice(0, 10));
    const rest = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => hexlify(bytes)),
      fc.string({ unit: 'binary' }).map((text) => dataSlice(errorWith(toUtf8Bytes(text.toWellFormed())), 4)),
    );
    const property = fc.property(selector, rest, (head, tail) => {
      const data = concat([head, tail]);
      expect(describeRevert(data)).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,1200}$/u);
      expect(revertError(data)).toBeInstanceOf(XdmError);
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('the error of revert data', () => {
  test('has the code and the hint of what the contract refused', () => {
    const cause = new Error('below');
    const data = messenger.encodeErrorResult('CrossDomainMessenger_ValueDisabled', [5]);
    expect(revertError(data, cause)).toMatchObject({
      code: 'value-refused',
      message: 'the contract refuses it: CrossDomainMessenger_ValueDisabled(5)',
      hint: 'send without value',
      cause,
    });
  });

  test('says when the window ends', () => {
    const data = commitments.encodeErrorResult('StateCommitmentChain_InsideFraudProofWindow', [3, 77]);
    expect(revertError(data)).toMatchObject({ code: 'not-ready', readyAt: 77n });
  });

  test.each([
    ['a text', errorWith('no'), 'the call reverts: Error("no")'],
    ['a panic', panic(1), 'the call reverts: Panic(an assertion does not hold)'],
    ['nothing', '0x', 'the call reverts: reverted without a reason, as when gas runs out'],
    ['an error cut short', dataSlice(noCode, 0, 20), `the call reverts: ${dataSlice(noCode, 0, 20)}`],
  ])('of %s is that the target reverted', (_, data, message) => {
    expect(revertError(data)).toMatchObject({ code: 'target-reverted', message, hint: undefined, readyAt: undefined });
  });
});
