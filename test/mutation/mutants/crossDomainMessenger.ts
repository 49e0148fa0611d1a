import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const crossDomainMessenger: MutatedSource = {
  source: 'contracts/CrossDomainMessenger.sol',
  mutants: [
    {
      rule: 'no message to a refused target is sent',
      find: 'if (_isRefusedThere(target)) revert CrossDomainMessenger_TargetRefused(target);',
      replace: '',
      killedBy: 'L2/Sending.t.sol: test_RevertWhen_TheTargetIsRefusedOnL1',
    },
    {
      rule: 'a lane without value takes none',
      find: 'if (msg.value != 0 && !valueEnabled) revert CrossDomainMessenger_ValueDisabled(msg.value);',
      replace: '',
      killedBy: 'L2/Sending.t.sol: test_RevertWhen_ALaneWithoutValueGetsSome',
    },
    {
      rule: 'data has a limit',
      find: 'if (message.length > MAX_DATA_LENGTH) {',
      replace: 'if (false) {',
      killedBy: 'L2/Sending.t.sol: test_TakesDataUpToTheLimit',
    },
    {
      rule: 'data may be as long as the limit',
      find: 'if (message.length > MAX_DATA_LENGTH) {',
      replace: 'if (message.length >= MAX_DATA_LENGTH) {',
      killedBy: 'L2/Sending.t.sol: test_TakesDataUpToTheLimit',
    },
    {
      rule: 'a message that no transaction can deliver is not sent',
      find: 'if (deliveryGas > _maxDeliveryGas()) {',
      replace: 'if (false) {',
      killedBy: 'L2/Sending.t.sol: test_TakesAGasLimitUpToWhatATransactionCarries',
    },
    {
      rule: 'a message that one transaction just delivers is sent',
      find: 'if (deliveryGas > _maxDeliveryGas()) {',
      replace: 'if (deliveryGas >= _maxDeliveryGas()) {',
      killedBy: 'L2/Sending.t.sol: test_TakesAGasLimitUpToWhatATransactionCarries',
    },
    {
      rule: 'the sender is who called',
      find: 'Message(nonce, msg.sender, target, msg.value,',
      replace: 'Message(nonce, tx.origin, target, msg.value,',
      killedBy: 'L2/Sending.t.sol: test_RecordsTheMessageWithThePasser',
    },
    {
      rule: 'the value is part of the message',
      find: 'Message(nonce, msg.sender, target, msg.value,',
      replace: 'Message(nonce, msg.sender, target, 0,',
      killedBy: 'L2/Sending.t.sol: test_LocksValueInThePasser',
    },
    {
      rule: 'the gas limit is part of the message',
      find: 'msg.value, minGasLimit, message).encode();',
      replace: 'msg.value, 0, message).encode();',
      killedBy: 'L2/Sending.t.sol: test_RecordsTheMessageWithThePasser',
    },
    {
      rule: 'a sent message is announced',
      find: 'emit SentMessage(target, msg.sender, message, nonce, minGasLimit);',
      replace: '',
      killedBy: 'L2/Sending.t.sol: test_RecordsTheMessageWithThePasser',
    },
    {
      rule: "a sent message's value is announced",
      find: 'emit SentMessageExtension1(msg.sender, msg.value);',
      replace: '',
      killedBy: 'L2/Sending.t.sol: test_RecordsTheMessageWithThePasser',
    },
    {
      rule: 'the nonce holds the version',
      find: 'return (uint256(MESSAGE_VERSION) << 240) | _messageCounter();',
      replace: 'return _messageCounter();',
      killedBy: 'L2/Sending.t.sol: test_CountsItsMessages',
    },
    {
      rule: 'the key binds the message',
      find: 'abi.encode(messageHash, L2_MESSENGER,',
      replace: 'abi.encode(L2_MESSENGER,',
      killedBy: 'L2/Sending.t.sol: test_RecordsTheMessageWithThePasser',
    },
    {
      rule: 'the key binds the L2 messenger',
      find: 'abi.encode(messageHash, L2_MESSENGER, l2ChainId',
      replace: 'abi.encode(messageHash, l2ChainId',
      killedBy: 'peers/Spoofing.t.sol: test_TheKeyBindsChainsAndMessengers',
    },
    {
      rule: 'the key binds the L2 chain',
      find: 'L2_MESSENGER, l2ChainId, l1ChainId, L1_MESSENGER)',
      replace: 'L2_MESSENGER, l1ChainId, L1_MESSENGER)',
      killedBy: 'peers/Spoofing.t.sol: test_TheKeyBindsChainsAndMessengers',
    },
    {
      rule: 'the key binds the L1 chain',
      find: 'L2_MESSENGER, l2ChainId, l1ChainId, L1_MESSENGER)',
      replace: 'L2_MESSENGER, l2ChainId, L1_MESSENGER)',
      killedBy: 'peers/Spoofing.t.sol: test_TheKeyBindsChainsAndMessengers',
    },
    {
      rule: 'the key binds the L1 messenger',
      find: 'L2_MESSENGER, l2ChainId, l1ChainId, L1_MESSENGER)',
      replace: 'L2_MESSENGER, l2ChainId, l1ChainId)',
      killedBy: 'peers/Spoofing.t.sol: test_TheKeyBindsChainsAndMessengers',
    },
    {
      rule: 'the key has a direction',
      find: 'abi.encode(messageHash, L2_MESSENGER, l2ChainId, l1ChainId, L1_MESSENGER)',
      replace: 'abi.encode(messageHash, L1_MESSENGER, l1ChainId, l2ChainId, L2_MESSENGER)',
      killedBy: 'peers/Spoofing.t.sol: test_TheKeyBindsChainsAndMessengers',
    },
    {
      rule: 'there is no sender outside a delivery',
      find: 'if (sender == address(0)) revert CrossDomainMessenger_NoMessageInDelivery();',
      replace: '',
      killedBy: 'L2/FirstDelivery.t.sol: test_SenderIsKnownOnlyDuringTheDelivery',
    },
    {
      rule: 'a relayed message has not failed',
      find: 'return _deliveries[messageHash].status() == DeliveryStatus.Failed;',
      replace: 'return _deliveries[messageHash].status() != DeliveryStatus.Unattempted;',
      killedBy: 'L2/Replay.t.sol: test_DeliversAFailedMessageAfterItsTargetIsRepaired',
    },
    {
      rule: 'chain ids are those of the lane',
      find: 'l1ChainId = lane.l1ChainId;',
      replace: 'l1ChainId = lane.l2ChainId;',
      killedBy: 'L1/Roles.t.sol: test_TheMessengersKnowTheLane',
    },
    {
      rule: 'a message of another lane is not relayed',
      find: 'L2_MESSENGER, l2ChainId, l1ChainId, L1_MESSENGER)',
      replace: 'L2_MESSENGER, uint256(902), l1ChainId, L1_MESSENGER)',
      killedBy: 'peers/Spoofing.t.sol: test_AMessageOfAnotherLaneIsNotRelayed',
    },
  ],
};
