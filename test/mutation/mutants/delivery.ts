import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const delivery: MutatedSource = {
  source: 'contracts/types/Delivery.sol',
  mutants: [
    {
      rule: 'the status is kept',
      find: 'uint256(newStatus) | uint256(uint160(msg.sender))',
      replace: 'uint256(uint160(msg.sender))',
      killedBy: 'types/Delivery.t.sol: testFuzz_AttemptIsRecorded',
    },
    {
      rule: 'the relayer is kept',
      find: 'uint256(uint160(msg.sender)) << RELAYER_OFFSET',
      replace: 'uint256(0) << RELAYER_OFFSET',
      killedBy: 'types/Delivery.t.sol: testFuzz_AttemptIsRecorded',
    },
    {
      rule: 'the relayer is the caller',
      find: 'uint256(uint160(msg.sender)) << RELAYER_OFFSET',
      replace: 'uint256(uint160(tx.origin)) << RELAYER_OFFSET',
      killedBy: 'types/Delivery.t.sol: testFuzz_AttemptIsRecorded',
    },
    {
      rule: 'attempts are counted',
      find: 'if (attempts != type(uint24).max) ++attempts;',
      replace: '',
      killedBy: 'types/Delivery.t.sol: testFuzz_AttemptIsRecorded',
    },
    {
      rule: 'the number of attempts stays at its maximum',
      find: 'if (attempts != type(uint24).max) ++attempts;',
      replace: '++attempts;',
      killedBy: 'types/Delivery.t.sol: testFuzz_AttemptsStayAtTheirMaximum',
    },
    {
      rule: 'the last attempt is counted',
      find: 'if (attempts != type(uint24).max) ++attempts;',
      replace: 'if (attempts < type(uint24).max - 1) ++attempts;',
      killedBy: 'types/Delivery.t.sol: test_LastAttemptThatIsCounted',
    },
    {
      rule: 'the block is kept',
      find: '            | uint256(uint64(block.number)) << BLOCK_NUMBER_OFFSET\n',
      replace: '',
      killedBy: 'types/Delivery.t.sol: testFuzz_AttemptIsRecorded',
    },
    {
      rule: 'a failure keeps what else is known',
      find: '(packed & ~uint256(type(uint8).max)) | uint256(DeliveryStatus.Failed)',
      replace: 'uint256(DeliveryStatus.Failed)',
      killedBy: 'types/Delivery.t.sol: testFuzz_FailedChangesTheStatusOnly',
    },
    {
      rule: 'a failure is not relayed, too',
      find: '(packed & ~uint256(type(uint8).max)) | uint256(DeliveryStatus.Failed)',
      replace: 'packed | uint256(DeliveryStatus.Failed)',
      killedBy: 'types/Delivery.t.sol: testFuzz_FailedChangesTheStatusOnly',
    },
    {
      rule: 'the status is the lowest byte alone',
      find: 'return DeliveryStatus(uint8(PackedDelivery.unwrap(delivery)));',
      replace: 'return DeliveryStatus(uint8(PackedDelivery.unwrap(delivery)) & 3 % 3);',
      killedBy: 'types/Delivery.t.sol: test_UnknownStatusIsNotRead',
    },
    {
      rule: 'fields do not overlap',
      find: 'uint256 constant ATTEMPTS_OFFSET = 168;',
      replace: 'uint256 constant ATTEMPTS_OFFSET = 160;',
      killedBy: 'types/Delivery.t.sol: testFuzz_UnpacksWhatIsPacked',
    },
    {
      rule: 'what is unpacked is the relayer',
      find: 'address(uint160(packed >> RELAYER_OFFSET))',
      replace: 'address(uint160(packed))',
      killedBy: 'types/Delivery.t.sol: testFuzz_UnpacksWhatIsPacked',
    },
    {
      rule: 'what is unpacked is the number of attempts',
      find: 'uint24(packed >> ATTEMPTS_OFFSET),',
      replace: 'uint16(packed >> ATTEMPTS_OFFSET),',
      killedBy: 'types/Delivery.t.sol: testFuzz_UnpacksWhatIsPacked',
    },
    {
      rule: 'what is unpacked is the block',
      find: 'uint64(packed >> BLOCK_NUMBER_OFFSET)',
      replace: 'uint32(packed >> BLOCK_NUMBER_OFFSET)',
      killedBy: 'types/Delivery.t.sol: testFuzz_UnpacksWhatIsPacked',
    },
  ],
};
