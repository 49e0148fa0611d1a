// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainRegistry} from "./ChainRegistry.sol";
import {FeeTable} from "./FeeTable.sol";
import {IOmnichainService} from "./interfaces/IOmnichainService.sol";
import {EnvelopeCodec} from "./libraries/EnvelopeCodec.sol";
import {MessageDataCodec} from "./libraries/MessageDataCodec.sol";
import {ENVELOPE_VERSION, Envelope} from "./types/Envelope.sol";
import {MessageData} from "./types/MessageData.sol";
import {Order} from "./types/Order.sol";

/// @title Sending
/// @notice How a message leaves a service: checks -> order id -> log -> fee. What could never be delivered is refused here.
abstract contract OmnichainSending is ChainRegistry, FeeTable {
    using EnvelopeCodec for Envelope;
    using MessageDataCodec for bytes;
    using MessageDataCodec for MessageData;

    /// @inheritdoc IOmnichainService
    /// @dev Half of what a transaction has (nodes take 131,072 bytes), which carries the header, the way to the receipt
    /// and the transaction's other logs as well.
    uint256 public constant MAX_MESSAGE_LENGTH = 65_536;

    /// @inheritdoc IOmnichainService
    /// @dev A transaction has at most 16,777,216 gas (EIP-7825). The bytes of one as large as nodes take cost at most 16
    /// each, 2,100,000; reading them and copying the longest message, and two events of its length (8 a byte),
    /// 2,000,000. Of the 12,600,000 left a target on the relay chain gets 63/64 of 63/64 (EIP-150).
    uint256 public constant MAX_GAS_LIMIT = 12_000_000;

    /// @inheritdoc IOmnichainService
    uint256 public immutable relayChainId;

    /// @inheritdoc IOmnichainService
    uint256 public messageNonce;

    constructor(uint256 relayChainId_) {
        relayChainId = relayChainId_;
    }

    /// @inheritdoc IOmnichainService
    function transferOut(uint256 toChain, bytes calldata messageData, address feeToken)
        external
        payable
        returns (bytes32 orderId)
    {
        Envelope memory envelope;
        envelope.version = ENVELOPE_VERSION;
        envelope.destinationService = _serviceOf(toChain);
        if (messageData.length > MAX_MESSAGE_LENGTH) {
            revert OmnichainService_MessageTooLong(messageData.length, MAX_MESSAGE_LENGTH);
        }
        envelope.messageData = messageData;
        MessageData memory message = envelope.messageData.decodeMessage();
        _checkMessage(message, toChain, envelope.destinationService);

        envelope.originalHash = keccak256(envelope.messageData);
        envelope.nonce = messageNonce++;
        Order memory order = Order(block.chainid, toChain, 0, msg.sender, envelope.encode());
        orderId = order.computeId(address(this), envelope);
        order.id = orderId;

        _emitOut(order);
        _payFee(orderId, toChain, feeToken, message.gasLimit);
    }

    /// @dev Lets a message go, to the relay chain or to its destination.
    function _emitOut(Order memory order) internal {
        emit mapMessageOut(order.fromChain, order.toChain, order.id, order.fromAddress(), order.callData);
    }

    function _checkMessage(MessageData memory message, uint256 toChain, address destinationService) private view {
        if (message.gasLimit > MAX_GAS_LIMIT) {
            revert OmnichainService_GasLimitTooHigh(message.gasLimit, MAX_GAS_LIMIT);
        }
        address refused = destinationService;
        if (message.relay) {
            if (block.chainid == relayChainId || toChain == relayChainId) {
                revert OmnichainService_NoRelayBetween(toChain);
            }
            refused = _serviceOf(relayChainId);
        }
        if (message.targetOf() == refused) revert OmnichainService_TargetRefused(refused);
    }
}
