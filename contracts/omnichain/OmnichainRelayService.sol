// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {CallOutcome} from "../libraries/SafeCall.sol";
import {PackedDelivery} from "../types/Delivery.sol";
import {ChainRegistry} from "./ChainRegistry.sol";
import {FeeTable} from "./FeeTable.sol";
import {OmnichainReceiving} from "./OmnichainReceiving.sol";
import {OmnichainSending} from "./OmnichainSending.sol";
import {IOmnichainRelayService} from "./interfaces/IOmnichainRelayService.sol";
import {EnvelopeCodec} from "./libraries/EnvelopeCodec.sol";
import {MessageDataCodec} from "./libraries/MessageDataCodec.sol";
import {StrictABI} from "./libraries/StrictABI.sol";
import {ENVELOPE_VERSION, Envelope, RELAYED_VERSION} from "./types/Envelope.sol";
import {MessageData} from "./types/MessageData.sol";
import {Order} from "./types/Order.sol";

/// @title Omnichain relay service
/// @dev See {IOmnichainRelayService}. A chain's service speaks for that chain alone: whoever could forge what one light
/// client shows could forge messages of that one chain, and no others.
contract OmnichainRelayService is IOmnichainRelayService, OmnichainSending, OmnichainReceiving {
    using EnvelopeCodec for Envelope;
    using EnvelopeCodec for bytes;
    using MessageDataCodec for bytes;
    using MessageDataCodec for MessageData;
    using StrictABI for bytes;

    /// @param initialOwner Adds chains and sets prices.
    /// @param feeReceiver Gets the fees.
    /// @param delay Seconds for which another light client must be announced.
    constructor(address initialOwner, address feeReceiver, uint256 delay)
        OmnichainSending(block.chainid)
        ChainRegistry(delay)
        FeeTable(feeReceiver)
        PermanentlyOwned(initialOwner)
    {}

    /// @inheritdoc IOmnichainRelayService
    function executeRelayed(Order calldata order, uint256 mostGas)
        external
        returns (CallOutcome outcome, bytes memory data)
    {
        if (msg.sender != address(this)) revert OmnichainRelayService_NotSelf(msg.sender);
        Order memory copy = order;
        Envelope memory envelope = copy.callData.decodeEnvelope();
        MessageData memory message = envelope.messageData.decodeMessage();

        (outcome, data) = _callTarget(copy, message, mostGas);
        if (outcome != CallOutcome.Succeeded) return (outcome, data);

        data = _answer();
        _checkAnswer(data.decodeMessage(), message, envelope.destinationService);
    }

    /// @inheritdoc OmnichainReceiving
    function _attempt(Order memory order, Envelope memory envelope, PackedDelivery record) internal override {
        if (order.toChain == block.chainid) return super._attempt(order, envelope, record);

        MessageData memory message = envelope.messageData.decodeMessage();
        uint256 mostGas = _mostGas(message, record);
        record = _begin(order, record);
        if (message.relay) {
            (CallOutcome outcome, bytes memory data) = _execute(order, mostGas);
            if (outcome == CallOutcome.NotStarted) {
                revert OmnichainService_InsufficientGas(gasleft(), message.gasLimit);
            }
            bool success = outcome == CallOutcome.Succeeded;
            _settle(order, record, success, success ? bytes("") : data);
            if (!success) return;

            (envelope.version, envelope.messageData) = (RELAYED_VERSION, data);
            order.callData = envelope.encode();
        }
        _emitOut(order);
    }

    /// @dev Whatever ends the frame without a reason was not the target, whose own end comes back as an outcome: the gas
    /// has run out, before the call or after it. The frame keeps back what it takes to record a failure.
    function _execute(Order memory order, uint256 mostGas) private returns (CallOutcome outcome, bytes memory data) {
        try this.executeRelayed(order, mostGas) returns (CallOutcome outcome_, bytes memory data_) {
            return (outcome_, data_);
        } catch (bytes memory reason) {
            return (reason.length == 0 ? CallOutcome.NotStarted : CallOutcome.Failed, reason);
        }
    }

    /// @dev The bytes that the target has returned: no call has come after its own.
    function _answer() private pure returns (bytes memory) {
        uint256 length;
        assembly ("memory-safe") {
            length := returndatasize()
        }
        if (length > 0x40 + MAX_MESSAGE_LENGTH) revert OmnichainRelayService_MalformedAnswer(length);
        bytes memory encoded = new bytes(length);
        assembly ("memory-safe") {
            returndatacopy(add(encoded, 0x20), 0, length)
        }
        if (!encoded.endsWithBytes(0x20) || encoded.word(0) != 0x20) {
            revert OmnichainRelayService_MalformedAnswer(length);
        }
        return encoded.inner(0x20);
    }

    function _checkAnswer(MessageData memory answer, MessageData memory message, address destinationService)
        private
        pure
    {
        if (answer.relay) revert OmnichainRelayService_RelayedAgain();
        if (answer.gasLimit != message.gasLimit) {
            revert OmnichainRelayService_GasLimitChanged(message.gasLimit, answer.gasLimit);
        }
        address target = answer.targetOf();
        if (target == destinationService) revert OmnichainService_TargetRefused(target);
    }

    /// @inheritdoc ChainRegistry
    function _isRead(uint256) internal pure override returns (bool) {
        return true;
    }

    /// @inheritdoc OmnichainReceiving
    function _previousHop(uint256 fromChain) internal pure override returns (uint256) {
        return fromChain;
    }

    /// @inheritdoc OmnichainReceiving
    function _isForHere(Order memory) internal pure override returns (bool) {
        return true;
    }

    /// @inheritdoc OmnichainReceiving
    function _checkRoute(uint256 chainId, Order memory order, uint256 version)
        internal
        view
        override
        returns (address destinationService)
    {
        if (order.fromChain != chainId) revert OmnichainService_WrongSource(chainId, order.fromChain);
        if (version != ENVELOPE_VERSION) revert OmnichainService_VersionRefused(version);
        if (order.toChain == block.chainid) return address(this);
        if (order.toChain == order.fromChain) revert OmnichainService_WrongDestination(order.toChain);
        return _serviceOf(order.toChain);
    }
}
