import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const l2CrossDomainMessenger: MutatedSource = {
  source: 'contracts/L2/L2CrossDomainMessenger.sol',
  mutants: [
    {
      rule: "the L2 messenger stands at the lane's address",
      find: 'if (lane.l2Messenger != address(this) || lane',
      replace: 'if (lane',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheAddressIsAnother',
    },
    {
      rule: "the L2 messenger stands on the lane's chain",
      find: ' || lane.l2ChainId != block.chainid ||',
      replace: ' ||',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheChainIdIsAnother',
    },
    {
      rule: 'the passer takes messages from this messenger',
      find: ' || !isWired) {',
      replace: ') {',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_ThePasserIsNotTheMessengers',
    },
    {
      rule: "only the L1 messenger's deposit delivers first",
      find: 'if (msg.sender == ALIASED_L1_MESSENGER && status == DeliveryStatus.Unattempted) {',
      replace: 'if (status == DeliveryStatus.Unattempted) {',
      killedBy: 'L2/FirstDelivery.t.sol: test_RevertWhen_CallerIsNotTheAliasedMessenger',
    },
    {
      rule: 'the L1 messenger is known by its alias',
      find: 'ALIASED_L1_MESSENGER = AddressAlias.applyL1ToL2Alias(lane.l1Messenger);',
      replace: 'ALIASED_L1_MESSENGER = lane.l1Messenger;',
      killedBy: 'L2/FirstDelivery.t.sol: test_RevertWhen_CallerIsNotTheAliasedMessenger',
    },
    {
      rule: 'a deposit delivers once',
      find: 'if (msg.sender == ALIASED_L1_MESSENGER && status == DeliveryStatus.Unattempted) {',
      replace: 'if (msg.sender == ALIASED_L1_MESSENGER) {',
      killedBy: 'L2/FirstDelivery.t.sol: test_IgnoresAMessageThatWasDelivered',
    },
    {
      rule: 'a second deposit does not try again what failed',
      find: 'if (msg.sender == ALIASED_L1_MESSENGER && status == DeliveryStatus.Unattempted) {',
      replace: 'if (msg.sender == ALIASED_L1_MESSENGER && status != DeliveryStatus.Relayed) {',
      killedBy: 'L2/FirstDelivery.t.sol: test_IgnoresAMessageThatFailed',
    },
    {
      rule: 'a replay takes no value',
      find: 'if (msg.value != 0) revert L2CrossDomainMessenger_UnexpectedValue(msg.value);',
      replace: '',
      killedBy: 'L2/Replay.t.sol: test_RevertWhen_ValueIsSentAlong',
    },
    {
      rule: 'a second deposit succeeds',
      find: 'if (msg.sender == ALIASED_L1_MESSENGER) return;',
      replace: '',
      killedBy: 'L2/FirstDelivery.t.sol: test_IgnoresAMessageThatWasDelivered',
    },
    {
      rule: 'nobody delivers what no deposit brought',
      find: 'if (status != DeliveryStatus.Failed) {',
      replace: 'if (status == DeliveryStatus.Relayed) {',
      killedBy: 'L2/FirstDelivery.t.sol: test_RevertWhen_CallerIsNotTheAliasedMessenger',
    },
    {
      rule: 'a replay binds every field',
      find: 'if (status != DeliveryStatus.Failed) {',
      replace: 'if (status == DeliveryStatus.Relayed) {',
      killedBy: 'L2/Replay.t.sol: test_RevertWhen_AnyFieldDiffers',
    },
    {
      rule: 'a delivered message is not replayed',
      find: 'if (status != DeliveryStatus.Failed) {',
      replace: 'if (status == DeliveryStatus.Unattempted) {',
      killedBy: 'L2/Replay.t.sol: test_RevertWhen_TheMessageWasDelivered',
    },
    {
      rule: 'calldata that is encoded in another way is no message',
      find: 'bytes32 messageHash = keccak256(msg.data);',
      replace: 'bytes32 messageHash = copy.hash();',
      killedBy: 'L2/Replay.t.sol: test_RevertWhen_TheEncodingIsNotCanonical',
    },
    {
      rule: "a deposit brings the message's value",
      find: 'if (msg.value != message.value) revert L2CrossDomainMessenger_ValueMismatch(msg.value, message.value);',
      replace: '',
      killedBy: 'L2/FirstDelivery.t.sol: test_RevertWhen_TheDepositBringsAnotherValue',
    },
    {
      rule: 'a refused target is not called on L2',
      find: '        if (_isRefusedHere(message.target)) {',
      replace: '        if (false) {',
      killedBy: 'L2/FirstDelivery.t.sol: test_RecordsAFailureWhenTheTargetIsRefused',
    },
    {
      rule: 'only allowed senders send where there is an allowlist',
      find: 'if (senderAllowlist != address(0) && !ISenderAllowlist(senderAllowlist).isAllowed(msg.sender)) {',
      replace: 'if (false) {',
      killedBy: 'L2/Sending.t.sol: test_WithAnAllowlistOnlyAllowedSendersMaySend',
    },
    {
      rule: 'everyone sends where there is no allowlist',
      find: 'if (senderAllowlist != address(0) && !ISenderAllowlist',
      replace: 'if (!ISenderAllowlist',
      killedBy: 'L2/Sending.t.sol: test_WithoutAnAllowlistEveryoneMaySend',
    },
    {
      rule: 'value that leaves L2 is locked',
      find: 'passMessage{value: msg.value}(',
      replace: 'passMessage(',
      killedBy: 'L2/Sending.t.sol: test_LocksValueInThePasser',
    },
    {
      rule: 'L1 has the gas to verify a proof',
      find: 'return MessageGas.MAX_TRANSACTION - PROOF_GAS;',
      replace: 'return MessageGas.MAX_TRANSACTION;',
      killedBy: 'L2/Sending.t.sol: test_TakesAGasLimitUpToWhatATransactionCarries',
    },
    {
      rule: 'the gas for a proof suffices',
      find: 'PROOF_GAS = 1_000_000;',
      replace: 'PROOF_GAS = 500_000;',
      killedBy: 'L2/Sending.t.sol: test_TakesAGasLimitUpToWhatATransactionCarries',
    },
  ],
};
