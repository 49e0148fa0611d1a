import { describe, expect, onTestFinished, test } from 'vitest';

import { findUnbroken, type Excuse } from '../../tools/mutation/find-unbroken.ts';
import type { Mutant } from '../../tools/mutation/mutant.ts';
import { createProject } from '../support/project.ts';

/** A contract around what is to be looked at. */
const contractOf = (body: string): string => `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

contract Thing {
    error Refused();
    event Told();
    address public immutable FIRST = msg.sender;
    address public owner;
    mapping(uint256 key => uint256) private values;
    uint256[] private list;
    uint256 private count;
    bool public isOpen;

    struct Box {
        uint256 value;
        bool[] flags;
    }
    mapping(uint256 key => Box) private boxes;

    modifier onlyOwner() {
        _;
    }

    ${body}

    function check(uint256 value) internal pure {}
    function act(uint256 value) internal {}
    function isDone(uint256 value) public returns (bool) {}
    function copyOf(uint256 key) internal view returns (Box memory) {
        return boxes[key];
    }
    function boxAt(uint256 key) internal view returns (Box storage) {
        return boxes[key];
    }
    function mark(uint256 value, bool isLess) internal pure returns (uint256) {}
}
`;

/** The guards of a contract that no mutant breaks, without where they stand. */
function unbrokenIn(
  body: string,
  changes: readonly (readonly [find: string, replace: string])[] = [],
  excuses: readonly Omit<Excuse, 'source'>[] = [],
): string[] {
  const project = createProject({ 'Thing.sol': contractOf(body) }, { packages: [] });
  onTestFinished(() => project.remove());
  const source = `${project.folder}/Thing.sol`;
  const mutants = changes.map(([find, replace]): Mutant => ({ rule: find, find, replace, killedBy: 'any test' }));
  return findUnbroken({
    files: [source],
    sources: [{ source, mutants }],
    excuses: excuses.map((excuse) => ({ source, ...excuse })),
  }).map((line) => line.replace(/^.*?: (?:no mutant breaks )?/u, ''));
}

const FUNCTION = 'function run(uint256 a, uint256 b) external view';

describe('a guard without a mutant', () => {
  test.each([
    ['a condition', `${FUNCTION} { if (a == b) revert Refused(); }`, '`a == b`'],
    ['a condition of one that goes on', `${FUNCTION} returns (uint256) { return a < b ? a : b; }`, '`a < b`'],
    ['an answer', `${FUNCTION} returns (bool) { return a < b; }`, '`a < b`'],
    ['what is kept', `${FUNCTION} { bool isLess = a < b; isLess; }`, '`a < b`'],
    ['a requirement', `${FUNCTION} { require(a == b); }`, '`require(a == b)`'],
    ['a check of another function', `${FUNCTION} { check(a); b; }`, '`check(a)`'],
    ['a modifier', `${FUNCTION} onlyOwner { a; b; }`, '`onlyOwner`'],
    ['a revert of its own', `${FUNCTION} { a; b; revert Refused(); }`, '`revert Refused()`'],
    ['a condition in assembly', `${FUNCTION} { assembly { if lt(a, b) { revert(0, 0) } } }`, '`lt(a, b)`'],
    ['a revert in assembly', `${FUNCTION} { a; b; assembly { revert(0, 0) } }`, '`revert(0, 0)`'],
    ['what is stored', 'function run() external { owner = msg.sender; }', '`owner = msg.sender`'],
    ['what is stored under a key', 'function run() external { values[1] = 2; }', '`values[1] = 2`'],
    [
      'what is stored with something else',
      'function run() external { (owner, ) = (msg.sender, 1); }',
      '`(owner, ) = (msg.sender, 1)`',
    ],
    ['what is deleted', 'function run() external { delete values[1]; }', '`delete values[1]`'],
    ['what is counted', 'function run() external returns (uint256) { return count++; }', '`count++`'],
    ['what is counted down', 'function run() external { --values[1]; }', '`--values[1]`'],
    ['what is appended', 'function run() external { list.push(1); }', '`list.push(1)`'],
    ['what is removed', 'function run() external { list.pop(); }', '`list.pop()`'],
    [
      'what is stored in assembly',
      'function run() external { assembly { sstore(owner.slot, 1) } }',
      '`sstore(owner.slot, 1)`',
    ],
    ['what is stored for the transaction', 'function run() external { assembly { tstore(0, 1) } }', '`tstore(0, 1)`'],
    ['what is told in assembly', 'function run() external { assembly { log0(0, 1) } }', '`log0(0, 1)`'],
    ['a call that acts', 'function run(uint256 a) external { act(a); }', '`act(a)`'],
    ["a loop's end", `${FUNCTION} { for (uint256 i = a; i < b; ++i) {} }`, '`i < b`'],
    ["a loop's end before its first turn", `${FUNCTION} { while (a < b) {} }`, '`a < b`'],
    ["a loop's end after its first turn", `${FUNCTION} { do {} while (a < b); }`, '`a < b`'],
    ["a loop's end in assembly", `${FUNCTION} { assembly { for {} sub(b, a) {} {} } }`, '`sub(b, a)`'],
    ['an answer among several', `${FUNCTION} returns (bool, uint256) { return (a < b, a); }`, '`a < b`'],
    ['what a function is told', `${FUNCTION} { mark(a, a < b); }`, '`a < b`'],
    ['a comparison in assembly', `${FUNCTION} returns (bool c) { assembly { c := eq(a, b) } }`, '`eq(a, b)`'],
    [
      'a comparison that is reckoned with',
      `${FUNCTION} returns (uint256 c) { assembly { c := mul(a, lt(a, b)) } }`,
      '`lt(a, b)`',
    ],
    ['an answer of what acts', 'function run() external returns (bool) { return isDone(1); }', '`isDone(1)`'],
    ['what is kept of what acts', 'function run() external { bool b; b = isDone(1); }', '`isDone(1)`'],
    ['what is stored where a function says', 'function run() external { boxAt(1).value = 2; }', '`boxAt(1).value = 2`'],
    [
      'what is stored in a list where a function says',
      'function run() external { boxAt(1).flags[0] = true; }',
      '`boxAt(1).flags[0] = true`',
    ],
    [
      'what is deleted where a function says',
      'function run() external { delete boxAt(1).value; }',
      '`delete boxAt(1).value`',
    ],
    ['what is counted where a function says', 'function run() external { ++boxAt(1).value; }', '`++boxAt(1).value`'],
    [
      'a call in assembly whose answer is dropped',
      'function run(uint256 a) external { assembly { pop(call(gas(), a, 0, 0, 0, 0, 0)) } }',
      '`pop(call(gas(), a, 0, 0, 0, 0, 0))`',
    ],
    ['an end in assembly', 'function run() external { assembly { invalid() } }', '`invalid()`'],
    ['a try', 'function run() external { try this.isDone(1) {} catch { act(1); } }', '`try this.isDone(1)`'],
    ['what is told', 'function run() external { emit Told(); }', '`emit Told()`'],
    ['a choice in assembly', `${FUNCTION} { b; assembly { switch a case 0 { revert(0, 0) } } }`, '`a`'],
  ])('is %s', (_, body, guard) => {
    expect(unbrokenIn(body)).toContain(guard);
  });

  test.each([
    ['what is passed on', 'function run() external view returns (bool) { return isOpen; }'],
    ['a call whose answer is taken', `${FUNCTION} returns (uint256) { return mark(a + b, true); }`],
    ['what is counted for the call', `${FUNCTION} { uint256 c = a + b; ++c; }`],
    ['what is kept for the call', `${FUNCTION} returns (uint256 c) { c = a + b; }`],
    ['memory in assembly', `${FUNCTION} { assembly { mstore(a, b) calldatacopy(0, a, b) } }`],
    ['what is changed of what a function gives in memory', `${FUNCTION} { copyOf(a).value = b; }`],
    ['bits in assembly', `${FUNCTION} returns (uint256 c) { assembly { c := and(a, b) } }`],
  ])('is not %s', (_, body) => {
    expect(unbrokenIn(body)).toEqual([]);
  });

  test.each([
    ['a condition', `${FUNCTION} { assembly { if sub(a, b) { invalid() } } }`, '`sub(a, b)`'],
    [
      'a try',
      `${FUNCTION} { b; try this.owner() returns (address) {} catch { revert Refused(); } a; }`,
      '`try this.owner()`',
    ],
  ])('is not an end behind %s', (_, body, guard) => {
    expect(unbrokenIn(body)).toEqual([guard]);
  });
});

describe('an operand', () => {
  const either = `${FUNCTION} { if (a == 0 || b == 0) revert Refused(); }`;
  const line = 'if (a == 0 || b == 0) revert Refused();';
  const [first, second] = ['a', 'b'].map((name) => `\`${name} == 0\`, without its other operands`);

  test.each([
    ['breaks none where all are gone', line, '', [first, second]],
    ['breaks the first', line, 'if (b == 0) revert Refused();', [second]],
    ['breaks the second', line, 'if (a == 0) revert Refused();', [first]],
    ['breaks the one whose operator is another', 'a == 0 ||', 'a <= 0 ||', [second]],
    ['breaks none by the error', 'revert Refused()', 'return', [first, second]],
    [
      'breaks none by one more',
      line,
      'if (a == 0 || owner == msg.sender || b == 0) revert Refused();',
      [first, second],
    ],
  ])('is its own: a mutant %s', (_, find, replace, left) => {
    expect(unbrokenIn(either, [[find, replace]])).toEqual(left);
  });

  test.each([
    ['a requirement', `${FUNCTION} { require(a < b && b < 9); }`, ['`a < b`', '`b < 9`']],
    ['a loop', `${FUNCTION} { for (uint256 i = a; i < b && i != 9; ++i) {} }`, ['`i < b`', '`i != 9`']],
    ['parentheses', `${FUNCTION} returns (bool) { return !(a < b && b < 9); }`, ['`a < b`', '`b < 9`']],
    [
      'assembly',
      `${FUNCTION} { assembly { if and(lt(a, b), gt(b, 9)) { revert(0, 0) } } }`,
      ['`lt(a, b)`', '`gt(b, 9)`'],
    ],
  ])('is found in %s', (_, body, operands) => {
    const found = unbrokenIn(body).filter((each) => each.endsWith('operands'));
    expect(found).toEqual(operands.map((operand) => `${operand}, without its other operands`));
  });
});

describe('an excuse', () => {
  const body = `${FUNCTION} { if (a == b) revert Refused(); }`;
  const stale = (at: string): string => `\`${at}\` is excused, and stands there not once or has a mutant`;

  test('takes the place of a mutant', () => {
    expect(unbrokenIn(body, [], [{ at: 'if (a == b)', reason: 'none' }])).toEqual([]);
  });

  test.each([
    ['of what has a mutant', 'if (a == b)', [['a == b', 'a != b']] as const],
    ['of what is no guard', 'pragma solidity', [['a == b', 'a != b']] as const],
  ])('%s is refused', (_, at, changes) => {
    expect(unbrokenIn(body, changes, [{ at, reason: 'none' }])).toEqual([stale(at)]);
  });

  test('that stands nowhere, or in several places, is refused', () => {
    const lines = unbrokenIn(
      body,
      [],
      [
        { at: 'a', reason: 'none' },
        { at: 'nothing', reason: 'none' },
      ],
    );
    expect(lines).toEqual(expect.arrayContaining([stale('a'), stale('nothing')]));
  });
});
