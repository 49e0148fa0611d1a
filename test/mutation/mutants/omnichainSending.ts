import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const omnichainSending: MutatedSource = {
  source: 'contracts/omnichain/OmnichainSending.sol',
  within: 'OmnichainService',
  mutants: [
    {
      rule: 'a message is bound to its destination service',
      find: 'envelope.destinationService = _serviceOf(toChain);',
      replace: '_serviceOf(toChain);',
      killedBy: 'omnichain/Sending.t.sol: test_TheLogHoldsTheEnvelope',
    },
    {
      rule: 'a nonce is used once',
      find: 'messageNonce++',
      replace: 'messageNonce',
      killedBy: 'omnichain/Sending.t.sol: test_NoncesCountUp',
    },
    {
      rule: 'a target on the relay chain is not its service',
      find: 'refused = _serviceOf(relayChainId);',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_TheTargetOnTheRelayChainIsItsService',
    },
    {
      rule: 'a target is not the service',
      find: 'if (message.targetOf() == refused) revert OmnichainService_TargetRefused(refused);',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_TheTargetIsTheServiceOfTheDestination',
    },
    {
      rule: 'a message is not too long',
      find: '        if (messageData.length > MAX_MESSAGE_LENGTH) {\n            revert OmnichainService_MessageTooLong(messageData.length, MAX_MESSAGE_LENGTH);\n        }\n',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_TheLongestMessageIsTaken',
    },
    {
      rule: 'a message may have the greatest length',
      find: 'messageData.length > MAX_MESSAGE_LENGTH',
      replace: 'messageData.length >= MAX_MESSAGE_LENGTH',
      killedBy: 'omnichain/Sending.t.sol: test_TheLongestMessageIsTaken',
    },
    {
      rule: 'a gas limit fits into a transaction',
      find: '        if (message.gasLimit > MAX_GAS_LIMIT) {\n            revert OmnichainService_GasLimitTooHigh(message.gasLimit, MAX_GAS_LIMIT);\n        }\n',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_TheHighestGasLimitIsTaken',
    },
    {
      rule: 'a gas limit may be the highest',
      find: 'message.gasLimit > MAX_GAS_LIMIT',
      replace: 'message.gasLimit >= MAX_GAS_LIMIT',
      killedBy: 'omnichain/Sending.t.sol: test_TheHighestGasLimitIsTaken',
    },
    {
      rule: 'what could never be delivered is not sent',
      find: '_checkMessage(message, toChain, envelope.destinationService);',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_TheTargetIsTheServiceOfTheDestination',
    },
    {
      rule: 'a message to the relay chain needs none between',
      find: 'if (message.relay) {',
      replace: 'if (message.gasLimit != 0) {',
      killedBy: 'omnichain/Route.t.sol: test_AMessageGoesFromAToTheRelayChain',
    },
    {
      rule: 'the relay chain has no relay chain behind it',
      find: 'block.chainid == relayChainId || toChain == relayChainId',
      replace: 'block.chainid == relayChainId',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_ThereIsNoRelayChainBetween',
    },
    {
      rule: 'a message is logged',
      find: '        emit mapMessageOut(order.fromChain, order.toChain, order.id, order.fromAddress(), order.callData);\n',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_TheLogHoldsTheEnvelope',
    },
    {
      rule: 'what is sent goes out',
      find: '        _emitOut(order);\n        _payFee',
      replace: '        _payFee',
      killedBy: 'omnichain/Sending.t.sol: test_TheLogHoldsTheEnvelope',
    },
    {
      rule: 'what is sent is paid for',
      find: '        _payFee(orderId, toChain, feeToken, message.gasLimit);\n',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_TheExactFeeIsEnough',
    },
  ],
};

export const omnichainSendingFromTheRelayChain: MutatedSource = {
  source: 'contracts/omnichain/OmnichainSending.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'the relay chain has no relay chain before it',
      find: 'block.chainid == relayChainId || toChain == relayChainId',
      replace: 'toChain == relayChainId',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_ThereIsNoRelayChainBetween',
    },
  ],
};
