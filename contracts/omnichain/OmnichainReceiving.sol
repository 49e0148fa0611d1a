// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {CallOutcome, SafeCall} from "../libraries/SafeCall.sol";
import {Delivery, DeliveryStatus, PackedDelivery} from "../types/Delivery.sol";
import {Message} from "../types/Message.sol";
import {ChainRegistry} from "./ChainRegistry.sol";
import {RemoteCallers} from "./RemoteCallers.sol";
import {ILightClient} from "./interfaces/ILightClient.sol";
import {IMapoExecutor} from "./interfaces/IMapoExecutor.sol";
import {IOmnichainService} from "./interfaces/IOmnichainService.sol";
import {EnvelopeCodec} from "./libraries/EnvelopeCodec.sol";
import {MessageDataCodec} from "./libraries/MessageDataCodec.sol";
import {MessageLog} from "./libraries/MessageLog.sol";
import {Log, ReceiptProof} from "./libraries/ReceiptProof.sol";
import {Envelope} from "./types/Envelope.sol";
import {MessageData, MessageType} from "./types/MessageData.sol";
import {Order} from "./types/Order.sol";

/// @title Receiving
/// @notice How a message arrives at a service: block -> receipt -> log -> order, which is attempted once and tried again
/// as long as it fails.
///
/// What cannot be done as promised reverts and leaves the order as it was, and so does whatever runs out of gas outside of
/// the target: no constant here has to be right for that.
abstract contract OmnichainReceiving is ChainRegistry, RemoteCallers, ReentrancyGuardTransient {
    using EnvelopeCodec for bytes;
    using MessageDataCodec for bytes;
    using MessageDataCodec for MessageData;
    using MessageLog for bytes;
    using ReceiptProof for bytes;

    /// @dev Gas kept back from a target, beside what {SafeCall} keeps, so that its failure can be recorded whatever it
    /// does: the route's slot (22,100) and a margin.
    uint256 private constant RECORDING_GAS = 25_000;

    /// @dev Gas to record a byte of the envelope with: the event (8), two copies and a hash (1), and memory, whose
    /// quadratic part is below 3 a byte for the longest message.
    uint256 private constant RECORDED_BYTE_GAS = 12;

    mapping(uint256 fromChain => mapping(bytes32 orderId => PackedDelivery record)) private _deliveries;

    mapping(uint256 fromChain => mapping(bytes32 orderId => bytes32 route)) private _failedRoutes;

    // ------------------------------------------------------------------------------------------------------ arriving

    /// @inheritdoc IOmnichainService
    function transferIn(uint256 chainId, bytes calldata proof) external nonReentrant {
        address service = _serviceOf(chainId);
        bytes calldata logs = _logsOf(chainId, proof);

        bool isAny = false;
        for (uint256 offset = 0; offset < logs.length;) {
            Log memory log = logs.logAt(offset);
            offset = log.end;
            // Logs of others are none of ours, whatever they look like.
            if (log.emitter != service || !logs.isMessage(log)) continue;

            Order memory order = logs.readMessage(log);
            if (!_isForHere(order) || _statusOf(order) != DeliveryStatus.Unattempted) continue;
            _receive(chainId, order);
            isAny = true;
        }
        if (!isAny) revert OmnichainService_NothingToDeliver();
    }

    /// @inheritdoc IOmnichainService
    function transferInWithIndex(uint256 chainId, uint256 logIndex, bytes calldata proof) external nonReentrant {
        address service = _serviceOf(chainId);
        bytes calldata logs = _logsOf(chainId, proof);

        Log memory log = logs.logAtIndex(logIndex);
        if (log.emitter != service) revert OmnichainService_WrongEmitter(service, log.emitter);
        if (!logs.isMessage(log)) revert OmnichainService_NotAMessage();

        _receive(chainId, logs.readMessage(log));
    }

    /// @inheritdoc IOmnichainService
    function retryMessageIn(
        uint256 fromChain,
        uint256 toChain,
        bytes32 orderId,
        bytes calldata fromAddress,
        bytes calldata callData
    ) external nonReentrant {
        PackedDelivery record = _deliveries[fromChain][orderId];
        if (record.status() != DeliveryStatus.Failed) revert OmnichainService_NotFailed(fromChain, orderId);
        bytes32 route = _failedRoutes[fromChain][orderId];
        bytes32 given = keccak256(abi.encode(toChain, fromAddress, callData));
        if (given != route) revert OmnichainService_RouteMismatch(route, given);

        delete _failedRoutes[fromChain][orderId];
        Order memory order = Order(fromChain, toChain, orderId, address(bytes20(fromAddress)), callData);
        _attempt(order, order.callData.decodeEnvelope(), record);
    }

    /// @inheritdoc IOmnichainService
    function delivery(uint256 fromChain, bytes32 orderId) external view returns (Delivery memory) {
        return _deliveries[fromChain][orderId].unpack();
    }

    /// @inheritdoc IOmnichainService
    function getOrderStatus(uint256 chainId, uint256 blockNumber, bytes32 orderId)
        external
        view
        returns (bool exists, bool verifiable, uint256 nodeType)
    {
        ILightClient lightClient = _lightClientOf(_previousHop(chainId));
        exists = _deliveries[chainId][orderId].status() != DeliveryStatus.Unattempted;
        verifiable = !lightClient.isFrozen() && lightClient.finalizedBlockHash(blockNumber) != bytes32(0);
        nodeType = uint256(lightClient.kind());
    }

    /// @dev The logs of a receipt of a final block.
    function _logsOf(uint256 chainId, bytes calldata proof) private view returns (bytes calldata logs) {
        (bytes32 actual, uint256 number, bytes32 receiptsRoot, bytes calldata rest) = proof.readHeader();
        bytes32 expected = _lightClientOf(chainId).finalizedBlockHash(number);
        if (expected == bytes32(0)) revert ILightClient.LightClient_UnknownBlock(number);
        if (actual != expected) revert ILightClient.LightClient_HeaderMismatch(expected, actual);
        return rest.readLogs(receiptsRoot);
    }

    /// @dev Attempts what a log of a chain's service says, for the first time.
    function _receive(uint256 chainId, Order memory order) private {
        PackedDelivery record = _deliveries[order.fromChain][order.id];
        if (record.status() != DeliveryStatus.Unattempted) {
            revert OmnichainService_AlreadyAttempted(order.fromChain, order.id);
        }
        Envelope memory envelope = order.callData.decodeEnvelope();
        address destinationService = _checkRoute(chainId, order, envelope.version);
        if (envelope.destinationService != destinationService) {
            revert OmnichainService_WrongDestinationService(destinationService, envelope.destinationService);
        }
        bytes32 expected = order.computeId(_serviceOf(order.fromChain), envelope);
        if (order.id != expected) revert OmnichainService_WrongOrderId(expected, order.id);

        _attempt(order, envelope, record);
    }

    function _statusOf(Order memory order) private view returns (DeliveryStatus) {
        return _deliveries[order.fromChain][order.id].status();
    }

    // ----------------------------------------------------------------------------------------------------- executing

    /// @dev Calls the target of an order that is genuine and not delivered, and records the outcome.
    function _attempt(Order memory order, Envelope memory envelope, PackedDelivery record) internal virtual {
        MessageData memory message = envelope.messageData.decodeMessage();
        if (message.relay) revert OmnichainService_NoRelayBetween(order.toChain);

        uint256 mostGas = _mostGas(message, record);
        record = _begin(order, record);
        (CallOutcome outcome, bytes memory reason) = _callTarget(order, message, mostGas);
        if (outcome == CallOutcome.NotStarted) revert OmnichainService_InsufficientGas(gasleft(), message.gasLimit);
        _settle(order, record, outcome == CallOutcome.Succeeded, reason);
    }

    /// @dev A first attempt is paid for by the fee, which is for the gas limit. Who tries again pays himself.
    function _mostGas(MessageData memory message, PackedDelivery record) internal pure returns (uint256) {
        return record.status() == DeliveryStatus.Unattempted ? message.gasLimit : type(uint256).max;
    }

    /// @dev The record comes before the call: even a target that got past the guard could not have the message delivered
    /// twice.
    function _begin(Order memory order, PackedDelivery record) internal returns (PackedDelivery begun) {
        begun = record.attempted(DeliveryStatus.Relayed);
        _deliveries[order.fromChain][order.id] = begun;
    }

    /// @dev Calls the target if it hears the sender. Where there is nothing to call the reason says so.
    /// @param mostGas Most gas the target gets; not below the message's gas limit.
    function _callTarget(Order memory order, MessageData memory message, uint256 mostGas)
        internal
        returns (CallOutcome outcome, bytes memory reason)
    {
        address target = message.targetOf();
        if (target == address(this)) {
            return (CallOutcome.Failed, abi.encodeWithSelector(OmnichainService_TargetRefused.selector, target));
        }
        if (target.code.length == 0) {
            return (CallOutcome.Failed, abi.encodeWithSelector(OmnichainService_TargetHasNoCode.selector, target));
        }
        if (!_isAllowed(target, order.fromChain, order.sender)) {
            reason = abi.encodeWithSelector(
                OmnichainService_CallerNotAllowed.selector, target, order.fromChain, order.sender
            );
            return (CallOutcome.Failed, reason);
        }

        bytes memory data = message.payload;
        if (message.msgType == MessageType.Message) {
            data = abi.encodeCall(
                IMapoExecutor.mapoExecute, (order.fromChain, order.toChain, order.fromAddress(), order.id, data)
            );
        }
        uint256 spare = SafeCall.gasToForward(gasleft(), SafeCall.CALL_OVERHEAD + _recordingGas(order));
        if (spare < message.gasLimit) return (CallOutcome.NotStarted, reason);
        if (spare < mostGas) mostGas = spare;
        return SafeCall.tryCall(Message(0, address(0), target, 0, message.gasLimit, data), mostGas);
    }

    /// @dev Records what became of an attempt.
    function _settle(Order memory order, PackedDelivery record, bool success, bytes memory reason) internal {
        if (!success) {
            _deliveries[order.fromChain][order.id] = record.failed();
            _failedRoutes[order.fromChain][order.id] = order.routeHash();
        }
        emit mapMessageIn(
            order.fromChain, order.toChain, order.id, order.fromAddress(), order.callData, success, reason
        );
    }

    /// @dev Gas that recording the failure of an order takes, beside what {SafeCall} reserves.
    function _recordingGas(Order memory order) private pure returns (uint256) {
        return RECORDING_GAS + order.callData.length * RECORDED_BYTE_GAS;
    }

    // --------------------------------------------------------------------------------- what each service does its way

    /// @dev The chain whose blocks show here what was sent from a chain.
    function _previousHop(uint256 fromChain) internal view virtual returns (uint256);

    /// @dev Whether a log that the chain before has emitted is for this chain. Another one may be for another chain.
    function _isForHere(Order memory order) internal view virtual returns (bool);

    /// @dev Checks that an order with an envelope of this version may come from the chain.
    /// @return destinationService The service that it must be for.
    function _checkRoute(uint256 chainId, Order memory order, uint256 version)
        internal
        view
        virtual
        returns (address destinationService);
}
