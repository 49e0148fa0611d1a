// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICrossDomainMessenger} from "./interfaces/ICrossDomainMessenger.sol";
import {MessageGas} from "./libraries/MessageGas.sol";
import {CallOutcome, SafeCall} from "./libraries/SafeCall.sol";
import {Delivery, DeliveryStatus, PackedDelivery} from "./types/Delivery.sol";
import {Lane} from "./types/Lane.sol";
import {Message} from "./types/Message.sol";

/// @title Cross-domain messenger
/// @notice What both ends of a lane share: sending, delivering at most once, and remembering failures.
///
/// Sending: checks -> hash -> `_dispatch` (how a message leaves is the side's own).
/// Delivering: the side decides that the message is genuine -> `_deliver`, which records it as relayed, calls the
/// target, and turns the record into a failure if the call failed.
abstract contract CrossDomainMessenger is ICrossDomainMessenger, ReentrancyGuardTransient {
    /// @inheritdoc ICrossDomainMessenger
    uint16 public constant MESSAGE_VERSION = 1;

    /// @inheritdoc ICrossDomainMessenger
    /// @dev Leaves room for a proof in a transaction of 128 KiB, which is what nodes accept.
    uint256 public constant MAX_DATA_LENGTH = 100_000;

    /// @inheritdoc ICrossDomainMessenger
    uint256 public immutable l1ChainId;

    /// @inheritdoc ICrossDomainMessenger
    uint256 public immutable l2ChainId;

    /// @inheritdoc ICrossDomainMessenger
    bool public immutable valueEnabled;

    address internal immutable L1_MESSENGER;
    address internal immutable L2_MESSENGER;
    address internal immutable CANONICAL_TRANSACTION_CHAIN;
    address internal immutable STATE_COMMITMENT_CHAIN;
    address internal immutable BATCHES;
    address internal immutable MESSAGE_PASSER;

    mapping(bytes32 messageHash => PackedDelivery record) private _deliveries;

    /// @dev The current message's sender. Zero, which no sender is, while no message is being delivered. The guard
    /// against nested deliveries is a slot of its own: this one alone could not tell them. A whole word, because an
    /// address would be read before it is written.
    uint256 private transient _currentSender;

    constructor(Lane memory lane) {
        l1ChainId = lane.l1ChainId;
        l2ChainId = lane.l2ChainId;
        valueEnabled = lane.valueEnabled;
        L1_MESSENGER = lane.l1Messenger;
        L2_MESSENGER = lane.l2Messenger;
        CANONICAL_TRANSACTION_CHAIN = lane.canonicalTransactionChain;
        STATE_COMMITMENT_CHAIN = lane.stateCommitmentChain;
        BATCHES = lane.batches;
        MESSAGE_PASSER = lane.messagePasser;
    }

    // ---------------------------------------------------------------------------------------------------- sending

    /// @inheritdoc ICrossDomainMessenger
    function sendMessage(address target, bytes calldata message, uint32 minGasLimit)
        external
        payable
        returns (bytes32 messageHash)
    {
        if (_isRefusedThere(target)) revert CrossDomainMessenger_TargetRefused(target);
        if (msg.value != 0 && !valueEnabled) revert CrossDomainMessenger_ValueDisabled(msg.value);
        if (message.length > MAX_DATA_LENGTH) {
            revert CrossDomainMessenger_DataTooLarge(message.length, MAX_DATA_LENGTH);
        }
        uint256 deliveryGas = MessageGas.deliveryGas(message.length, minGasLimit);
        if (deliveryGas > _maxDeliveryGas()) {
            revert CrossDomainMessenger_GasLimitTooHigh(deliveryGas, _maxDeliveryGas());
        }

        uint256 nonce = messageNonce();
        bytes memory encoded = Message(nonce, msg.sender, target, msg.value, minGasLimit, message).encode();
        messageHash = keccak256(encoded);

        _dispatch(messageHash, encoded, deliveryGas);

        emit SentMessage(target, msg.sender, message, nonce, minGasLimit);
        emit SentMessageExtension1(msg.sender, msg.value);
    }

    /// @inheritdoc ICrossDomainMessenger
    function messageNonce() public view returns (uint256) {
        return (uint256(MESSAGE_VERSION) << 240) | _messageCounter();
    }

    /// @inheritdoc ICrossDomainMessenger
    function baseGas(bytes calldata message, uint32 minGasLimit) external pure returns (uint64) {
        return uint64(MessageGas.deliveryGas(message.length, minGasLimit));
    }

    /// @inheritdoc ICrossDomainMessenger
    function messageKey(bytes32 messageHash) public view returns (bytes32) {
        return keccak256(abi.encode(messageHash, L2_MESSENGER, l2ChainId, l1ChainId, L1_MESSENGER));
    }

    // -------------------------------------------------------------------------------------------------- delivering

    /// @inheritdoc ICrossDomainMessenger
    function xDomainMessageSender() external view returns (address) {
        address sender = address(uint160(_currentSender));
        if (sender == address(0)) revert CrossDomainMessenger_NoMessageInDelivery();
        return sender;
    }

    /// @inheritdoc ICrossDomainMessenger
    function successfulMessages(bytes32 messageHash) external view returns (bool) {
        return _deliveries[messageHash].status() == DeliveryStatus.Relayed;
    }

    /// @inheritdoc ICrossDomainMessenger
    function failedMessages(bytes32 messageHash) external view returns (bool) {
        return _deliveries[messageHash].status() == DeliveryStatus.Failed;
    }

    /// @inheritdoc ICrossDomainMessenger
    function relayedMessages(bytes32 messageHash) external view returns (bool) {
        return _deliveries[messageHash].status() != DeliveryStatus.Unattempted;
    }

    /// @inheritdoc ICrossDomainMessenger
    function delivery(bytes32 messageHash) external view returns (Delivery memory) {
        return _deliveries[messageHash].unpack();
    }

    /// @dev Delivers a message that the caller has found genuine, and reverts with nothing consumed when that cannot be
    /// done as promised. `record` is the message's, read in this call.
    function _deliver(bytes32 messageHash, Message memory message, PackedDelivery record)
        internal
        returns (bool success)
    {
        if (_isRefusedHere(message.target)) revert CrossDomainMessenger_TargetRefused(message.target);
        if (record.status() == DeliveryStatus.Relayed) revert CrossDomainMessenger_AlreadyRelayed(messageHash);

        CallOutcome outcome = _attempt(messageHash, message, record);

        if (outcome == CallOutcome.NotStarted) {
            revert CrossDomainMessenger_InsufficientGas(gasleft(), message.gasLimit);
        }
        return outcome == CallOutcome.Succeeded;
    }

    /// @dev As `_execute`, with all the gas that is left.
    function _attempt(bytes32 messageHash, Message memory message, PackedDelivery record)
        internal
        nonReentrant
        returns (CallOutcome outcome)
    {
        return _execute(messageHash, message, record, type(uint256).max);
    }

    /// @dev Records the message as relayed, calls its target, and records the failure if there is one. The record comes
    /// before the call: even a target that got past the guard could not have the message delivered twice. Nothing that
    /// sees the early record outlives a call that fails. The caller has the guard up, and the message is not relayed.
    /// @param mostGas Most gas the target gets; not below the message's gas limit.
    function _execute(bytes32 messageHash, Message memory message, PackedDelivery record, uint256 mostGas)
        internal
        returns (CallOutcome outcome)
    {
        record = record.attempted(DeliveryStatus.Relayed);
        _deliveries[messageHash] = record;

        bytes memory reason;
        (outcome, reason) = _call(message, mostGas);

        if (outcome == CallOutcome.Succeeded) {
            emit RelayedMessage(messageHash);
        } else {
            _deliveries[messageHash] = record.failed();
            _emitFailure(messageHash, reason);
        }
    }

    /// @dev Records an attempt as a failure without a call.
    function _fail(bytes32 messageHash, PackedDelivery record, bytes memory reason) internal {
        _deliveries[messageHash] = record.attempted(DeliveryStatus.Failed);
        _emitFailure(messageHash, reason);
    }

    function _recordOf(bytes32 messageHash) internal view returns (PackedDelivery) {
        return _deliveries[messageHash];
    }

    /// @dev Calls the target as the message's sender. Where there is nothing to call, or not enough to call it with,
    /// the reason says so.
    function _call(Message memory message, uint256 mostGas) private returns (CallOutcome outcome, bytes memory reason) {
        if (message.value == 0 && message.data.length != 0 && message.target.code.length == 0) {
            reason = abi.encodeWithSelector(CrossDomainMessenger_TargetHasNoCode.selector, message.target);
            return (CallOutcome.Failed, reason);
        }
        if (message.value > address(this).balance) {
            reason = abi.encodeWithSelector(
                CrossDomainMessenger_InsufficientBalance.selector, address(this).balance, message.value
            );
            return (CallOutcome.Failed, reason);
        }

        _currentSender = uint160(message.sender);
        (outcome, reason) = SafeCall.tryCall(message, mostGas);
        _currentSender = 0;

        if (outcome == CallOutcome.NotStarted) {
            reason = abi.encodeWithSelector(CrossDomainMessenger_InsufficientGas.selector, gasleft(), message.gasLimit);
        }
    }

    function _emitFailure(bytes32 messageHash, bytes memory reason) private {
        emit FailedRelayedMessage(messageHash);
        emit FailureReason(messageHash, reason);
    }

    // ------------------------------------------------------------------------------------ what each side does its way

    /// @dev Lets a message leave: `encoded` is its version-1 encoding, `deliveryGas` what its delivery takes.
    function _dispatch(bytes32 messageHash, bytes memory encoded, uint256 deliveryGas) internal virtual;

    /// @dev Counter of the next message's nonce.
    function _messageCounter() internal view virtual returns (uint256);

    /// @dev Most `deliveryGas` a message may have, so that one transaction of the other side can deliver it.
    function _maxDeliveryGas() internal pure virtual returns (uint256);

    /// @dev Whether messages to the target must not be delivered on this side.
    function _isRefusedHere(address target) internal view virtual returns (bool);

    /// @dev Whether messages to the target would not be delivered on the other side.
    function _isRefusedThere(address target) internal view virtual returns (bool);

    /// @dev Contracts of the lane on L1, and the other messenger.
    function _isRefusedOnL1(address target) internal view returns (bool) {
        return target == L1_MESSENGER || target == L2_MESSENGER || target == CANONICAL_TRANSACTION_CHAIN
            || target == STATE_COMMITMENT_CHAIN || target == BATCHES;
    }

    /// @dev Contracts of the lane on L2, and the other messenger.
    function _isRefusedOnL2(address target) internal view returns (bool) {
        return target == L2_MESSENGER || target == L1_MESSENGER || target == MESSAGE_PASSER;
    }
}
