import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const message: MutatedSource = {
  source: 'contracts/types/Message.sol',
  mutants: [
    {
      rule: 'the hash binds the nonce',
      find: '        message.nonce,\n',
      replace: '        uint256(0),\n',
      killedBy: 'types/Message.t.sol: testFuzz_NonceChangesTheHash',
    },
    {
      rule: 'the hash binds the sender',
      find: '        message.sender,\n',
      replace: '        address(0),\n',
      killedBy: 'types/Message.t.sol: testFuzz_SenderChangesTheHash',
    },
    {
      rule: 'the hash binds the target',
      find: '        message.target,\n',
      replace: '        address(0),\n',
      killedBy: 'types/Message.t.sol: testFuzz_TargetChangesTheHash',
    },
    {
      rule: 'the hash binds the value',
      find: '        message.value,\n',
      replace: '        uint256(0),\n',
      killedBy: 'types/Message.t.sol: testFuzz_ValueChangesTheHash',
    },
    {
      rule: 'the hash binds the gas limit',
      find: '        message.gasLimit,\n',
      replace: '        uint256(0),\n',
      killedBy: 'types/Message.t.sol: testFuzz_GasLimitChangesTheHash',
    },
    {
      rule: 'the hash binds the data',
      find: '        message.data\n',
      replace: '        new bytes(0)\n',
      killedBy: 'types/Message.t.sol: testFuzz_DataChangesTheHash',
    },
    {
      rule: 'sender and target are not interchangeable',
      find: '        message.sender,\n        message.target,\n',
      replace: '        message.target,\n        message.sender,\n',
      killedBy: 'types/Message.t.sol: testFuzz_EncodingHoldsEveryField',
    },
    {
      rule: "the encoding is relayMessage's calldata",
      find: 'RELAY_MESSAGE_SELECTOR = 0xd764ad0b;',
      replace: 'RELAY_MESSAGE_SELECTOR = 0xd764ad0c;',
      killedBy: 'types/Message.t.sol: test_SelectorIsThatOfRelayMessage',
    },
    {
      rule: 'the counter is the nonce without its version',
      find: 'return uint240(message.nonce);',
      replace: 'return message.nonce;',
      killedBy: 'types/Message.t.sol: testFuzz_CounterIsTheNonceWithoutItsVersion',
    },
    {
      rule: 'the hash in calldata binds all of the data',
      find: 'let length := add(0xe0, and(add(data.length, 0x1f), not(0x1f)))',
      replace: 'let length := add(0xe0, and(data.length, not(0x1f)))',
      killedBy: 'types/Message.t.sol: test_HashInCalldataIsTheSameForEveryLength',
    },
    {
      rule: 'the hash in calldata binds the length of the data',
      find: 'let length := add(0xe0, and',
      replace: 'let length := add(0xc0, and',
      killedBy: 'types/Message.t.sol: testFuzz_HashInCalldataIsTheSame',
    },
    {
      rule: 'the hash in calldata starts with the selector',
      find: 'mstore(free, RELAY_MESSAGE_SELECTOR)',
      replace: 'mstore(free, 0)',
      killedBy: 'types/Message.t.sol: testFuzz_HashInCalldataIsTheSame',
    },
  ],
};
