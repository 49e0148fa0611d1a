import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const omnichainReceiving: MutatedSource = {
  source: 'contracts/omnichain/OmnichainReceiving.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'no message is delivered within another',
      find: 'function transferIn(uint256 chainId, bytes calldata proof) external nonReentrant',
      replace: 'function transferIn(uint256 chainId, bytes calldata proof) external',
      killedBy: 'omnichain/Reentrancy.t.sol: test_ATargetMayNotDeliverAnotherMessage',
    },
    {
      rule: 'no log is delivered within another',
      find: 'uint256 logIndex, bytes calldata proof) external nonReentrant',
      replace: 'uint256 logIndex, bytes calldata proof) external',
      killedBy: 'omnichain/Reentrancy.t.sol: test_ATargetMayNotDeliverItsOwnMessageAgain',
    },
    {
      rule: 'no message is tried again within another',
      find: 'bytes calldata callData\n    ) external nonReentrant',
      replace: 'bytes calldata callData\n    ) external',
      killedBy: 'omnichain/Reentrancy.t.sol: test_ATargetMayNotTryAnotherMessageAgain',
    },
    {
      rule: 'logs of others are none',
      find: 'log.emitter != service || !logs.isMessage(log)',
      replace: '!logs.isMessage(log)',
      killedBy: 'omnichain/Receipts.t.sol: test_ManyLogsOfOthersDoNoHarm',
    },
    {
      rule: 'other logs of the service are none',
      find: 'log.emitter != service || !logs.isMessage(log)',
      replace: 'log.emitter != service',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ALogWithoutTopicsDoesNoHarm',
    },
    {
      rule: 'what was attempted is left alone',
      find: ' || _statusOf(order) != DeliveryStatus.Unattempted',
      replace: '',
      killedBy: 'omnichain/Receipts.t.sol: test_AReceiptOfSeveralMessagesIsDeliveredAtOnce',
    },
    {
      rule: 'a receipt without a message is refused',
      find: 'if (!isAny) revert OmnichainService_NothingToDeliver();',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheOrderIsOld',
    },
    {
      rule: "a log is the service's",
      find: 'if (log.emitter != service) revert OmnichainService_WrongEmitter(service, log.emitter);',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheLogIsOfAnotherContract',
    },
    {
      rule: 'a log is of a message',
      find: 'if (!logs.isMessage(log)) revert OmnichainService_NotAMessage();',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheEventIsAnother',
    },
    {
      rule: 'only what has failed is tried again',
      find: 'if (record.status() != DeliveryStatus.Failed) revert OmnichainService_NotFailed(fromChain, orderId);',
      replace:
        'if (record.status() == DeliveryStatus.Unattempted) revert OmnichainService_NotFailed(fromChain, orderId);',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ADeliveredMessageIsNotTriedAgain',
    },
    {
      rule: 'a known block is needed',
      find: 'if (expected == bytes32(0)) revert ILightClient.LightClient_UnknownBlock(number);',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheBlockIsNotKnown',
    },
    {
      rule: "the header is the block's",
      find: 'if (actual != expected) revert ILightClient.LightClient_HeaderMismatch(expected, actual);',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheHeaderIsAnotherOfTheSameNumber',
    },
    {
      rule: 'an order is attempted once by its proof',
      find: '        if (record.status() != DeliveryStatus.Unattempted) {\n            revert OmnichainService_AlreadyAttempted(order.fromChain, order.id);\n        }\n',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_AFailedOrderIsNotProvenAgain',
    },
    {
      rule: 'a first attempt gives what was paid for',
      find: 'record.status() == DeliveryStatus.Unattempted ? message.gasLimit : type(uint256).max',
      replace: 'type(uint256).max',
      killedBy: 'omnichain/GasPromise.t.sol: test_AFirstAttemptGivesExactlyTheGasLimit',
    },
    {
      rule: 'who tries again gives all there is',
      find: 'record.status() == DeliveryStatus.Unattempted ? message.gasLimit : type(uint256).max',
      replace: 'message.gasLimit',
      killedBy: 'omnichain/GasPromise.t.sol: test_WhoTriesAgainGivesAllThereIs',
    },
    {
      rule: 'a delivery is remembered',
      find: '_deliveries[order.fromChain][order.id] = begun;',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_AMessageThatIsLoggedTwiceIsDeliveredOnce',
    },
    {
      rule: 'a service is no target',
      find: 'if (target == address(this)) {',
      replace: 'if (target == address(0)) {',
      killedBy: 'omnichain/Reentrancy.t.sol: test_ATargetIsNotTheServiceItself',
    },
    {
      rule: 'a target has code',
      find: 'if (target.code.length == 0) {',
      replace: 'if (target == address(0)) {',
      killedBy: 'omnichain/Relayed.t.sol: test_ATargetWithoutCodeHasFailed',
    },
    {
      rule: 'a target hears whom it has allowed',
      find: 'if (!_isAllowed(target, order.fromChain, order.sender)) {',
      replace: 'if (target == address(0)) {',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_TheRemoteCallerIsCheckedForCalls',
    },
    {
      rule: 'the gas limit is kept',
      find: 'if (spare < message.gasLimit) return (CallOutcome.NotStarted, reason);',
      replace: '',
      killedBy: 'omnichain/GasPromise.t.sol: test_AMessageIsDeliveredAsPromisedOrNotAtAll',
    },
    {
      rule: 'gas is kept back to record a failure',
      find: 'SafeCall.CALL_OVERHEAD + _recordingGas(order)',
      replace: 'SafeCall.CALL_OVERHEAD',
      killedBy: 'omnichain/GasPromise.t.sol: test_TheFailureOfALongMessageIsRecorded',
    },
    {
      rule: 'what was not started is not consumed',
      find: 'if (outcome == CallOutcome.NotStarted) revert OmnichainService_InsufficientGas(gasleft(), message.gasLimit);',
      replace: '',
      killedBy: 'omnichain/GasPromise.t.sol: test_AMessageIsDeliveredAsPromisedOrNotAtAll',
    },
    {
      rule: 'an order exists once it was attempted',
      find: 'exists = _deliveries[chainId][orderId].status() != DeliveryStatus.Unattempted;',
      replace: 'exists = true;',
      killedBy: 'omnichain/Receipts.t.sol: test_TheStateOfAnOrderIsAsked',
    },
    {
      rule: 'a frozen light client shows nothing',
      find: '!lightClient.isFrozen() && ',
      replace: '',
      killedBy: 'omnichain/Receipts.t.sol: test_TheStateOfAnOrderIsAsked',
    },
    {
      rule: 'an unknown block shows nothing',
      find: ' && lightClient.finalizedBlockHash(blockNumber) != bytes32(0)',
      replace: '',
      killedBy: 'omnichain/Receipts.t.sol: test_TheStateOfAnOrderIsAsked',
    },
    {
      rule: 'who tries again leaves gas to record a failure',
      find: 'if (spare < mostGas) mostGas = spare;',
      replace: '',
      killedBy: 'omnichain/GasPromise.t.sol: test_TheFailureOfALongMessageIsRecorded',
    },
    {
      rule: 'a failure needs no reason',
      find: 'if (!success) {\n            _deliveries',
      replace: 'if (reason.length != 0) {\n            _deliveries',
      killedBy: 'omnichain/Relayed.t.sol: test_ATargetThatRevertsWithoutAReasonHasFailed',
    },
    {
      rule: 'an outcome is announced',
      find: '        emit mapMessageIn(\n            order.fromChain, order.toChain, order.id, order.fromAddress(), order.callData, success, reason\n        );\n',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_TheRemoteCallerIsCheckedForMessages',
    },
    {
      rule: 'a message is for one service',
      find: 'if (envelope.destinationService != destinationService) {',
      replace: 'if (destinationService == address(0)) {',
      killedBy: 'omnichain/BrokenServices.t.sol: test_RevertWhen_TheDestinationServiceIsAnother',
    },
    {
      rule: 'a target here needs no relay chain',
      find: 'if (message.relay) revert OmnichainService_NoRelayBetween(order.toChain);',
      replace: '',
      killedBy: 'omnichain/BrokenServices.t.sol: test_RevertWhen_AMessageThatAsksForTheRelayChainComesToItsDestination',
    },
    {
      rule: 'what a receipt holds is received',
      find: '            _receive(chainId, order);\n',
      replace: '',
      killedBy: 'omnichain/Receipts.t.sol: test_ManyLogsOfOthersDoNoHarm',
    },
    {
      rule: 'all that a receipt holds is received',
      find: 'offset < logs.length',
      replace: '!isAny',
      killedBy: 'omnichain/Receipts.t.sol: test_AReceiptOfSeveralMessagesIsDeliveredAtOnce',
    },
    {
      rule: 'what a log holds is received',
      find: '        _receive(chainId, logs.readMessage(log));\n',
      replace: '        logs.readMessage(log);\n',
      killedBy: 'omnichain/Route.t.sol: test_AMessageGoesFromAToTheRelayChain',
    },
    {
      rule: 'what is received is attempted',
      find: '        _attempt(order, envelope, record);\n',
      replace: '',
      killedBy: 'omnichain/Route.t.sol: test_AMessageGoesFromAToTheRelayChain',
    },
    {
      rule: 'a failure is settled as one',
      find: 'outcome == CallOutcome.Succeeded, reason',
      replace: 'true, reason',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_TheRemoteCallerIsCheckedForMessages',
    },
    {
      rule: 'nothing in a header goes unauthenticated',
      find: 'if (actual != expected) revert',
      replace: 'if (actual == bytes32(0)) revert',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_AnyByteOfTheProofIsFlipped',
    },
    {
      rule: 'an order is that of its source chain',
      find: '_deliveries[order.fromChain][order.id] = begun;',
      replace: 'for (uint256 each = 1001; each <= 1003; ++each) _deliveries[each][order.id] = begun;',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_OrdersAreKeyedBySourceChainAndOrderId',
    },
  ],
};

/** What the tests look at on the chain behind the relay chain. */
export const omnichainReceivingOnOtherChains: MutatedSource = {
  source: 'contracts/omnichain/OmnichainReceiving.sol',
  within: 'OmnichainService',
  mutants: [
    {
      rule: 'messages for other chains are left to them',
      find: '!_isForHere(order) || ',
      replace: '',
      killedBy: 'omnichain/Receipts.t.sol: test_AReceiptWithMessagesToSeveralChainsIsDeliveredOnEach',
    },
    {
      rule: 'a retry has the route of the failure',
      find: 'if (given != route) revert OmnichainService_RouteMismatch(route, given);',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ARetryIsBoundToItsOriginalRoute',
    },
    {
      rule: 'a route has a place for each field',
      find: 'bytes32 given = keccak256(abi.encode(toChain, fromAddress, callData));',
      replace:
        'bytes32 given = keccak256(abi.encodePacked(toChain, fromAddress, callData)) == keccak256(abi.encodePacked(toChain, bytes20(fromAddress), fromAddress.length == 20 ? bytes("") : bytes.concat(fromAddress[20]), callData)) ? route : keccak256(abi.encode(toChain, fromAddress, callData));',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ARetryIsBoundToItsOriginalRoute',
    },
    {
      rule: 'an order id is that of its message',
      find: 'if (order.id != expected) revert OmnichainService_WrongOrderId(expected, order.id);',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_TheOrderIdIsCheckedOnTheDestination',
    },
    {
      rule: 'a message goes to mapoExecute',
      find: 'message.msgType == MessageType.Message',
      replace: 'message.msgType == MessageType.Calldata',
      killedBy: 'omnichain/Route.t.sol: test_ACallGoesFromAToBOverTheRelayChain',
    },
    {
      rule: 'a failure is remembered',
      find: '_deliveries[order.fromChain][order.id] = record.failed();',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_AFailedMessageIsTriedAgainByAnyone',
    },
    {
      rule: 'the route of a failure is remembered',
      find: '_failedRoutes[order.fromChain][order.id] = order.routeHash();',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_AFailedMessageIsTriedAgainByAnyone',
    },
    {
      rule: 'who tries again has it attempted',
      find: '        _attempt(order, order.callData.decodeEnvelope(), record);\n',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_AFailedMessageIsTriedAgainByAnyone',
    },
  ],
};
