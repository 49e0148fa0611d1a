// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrossDomainMessenger} from "../CrossDomainMessenger.sol";
import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "../interfaces/IL2CrossDomainMessenger.sol";
import {IL2ToL1MessagePasser} from "../interfaces/IL2ToL1MessagePasser.sol";
import {ISenderAllowlist} from "../interfaces/ISenderAllowlist.sol";
import {AddressAlias} from "../libraries/AddressAlias.sol";
import {MessageGas} from "../libraries/MessageGas.sol";
import {DeliveryStatus, PackedDelivery} from "../types/Delivery.sol";
import {Lane} from "../types/Lane.sol";
import {Message} from "../types/Message.sol";

/// @title L2 cross-domain messenger
/// @dev See {IL2CrossDomainMessenger}. Holds the value of failed messages, and neither a role nor an allowance
/// anywhere: it calls any target with any data.
contract L2CrossDomainMessenger is IL2CrossDomainMessenger, CrossDomainMessenger {
    /// @dev L1 gas kept for a proof: the nodes of two tries, each 12 deep, and the path of a state batch are under
    /// 14,000 bytes, 40 gas each (EIP-7623), and as much again to verify them.
    uint256 private constant PROOF_GAS = 1_000_000;

    /// @inheritdoc IL2CrossDomainMessenger
    address public immutable senderAllowlist;

    /// @dev The L1 messenger's address as a sender on this chain.
    address private immutable ALIASED_L1_MESSENGER;

    /// @param lane The lane; its L2 messenger must be this contract's address.
    /// @param allowlist Says who may send, see {ISenderAllowlist}; zero for everyone.
    constructor(Lane memory lane, address allowlist) CrossDomainMessenger(lane) {
        bool isWired = IL2ToL1MessagePasser(lane.messagePasser).messenger() == address(this);
        if (lane.l2Messenger != address(this) || lane.l2ChainId != block.chainid || !isWired) {
            revert CrossDomainMessenger_WrongLane(address(this), block.chainid);
        }
        senderAllowlist = allowlist;
        ALIASED_L1_MESSENGER = AddressAlias.applyL1ToL2Alias(lane.l1Messenger);
    }

    // -------------------------------------------------------------------------------------------------- delivering

    /// @inheritdoc IL2CrossDomainMessenger
    function relayMessage(
        uint256 nonce,
        address sender,
        address target,
        uint256 value,
        uint256 minGasLimit,
        bytes calldata message
    ) external payable {
        Message memory copy = Message(nonce, sender, target, value, minGasLimit, message);
        // The calldata is the message's encoding: version 1 of the hash is defined by this function's signature. Calldata
        // that is encoded in another way has another hash, of which there is no record, and the L1 messenger sends none.
        bytes32 messageHash = keccak256(msg.data);
        PackedDelivery record = _recordOf(messageHash);
        DeliveryStatus status = record.status();

        if (msg.sender == ALIASED_L1_MESSENGER && status == DeliveryStatus.Unattempted) {
            return _deliverFirst(messageHash, copy, record);
        }

        // The value of a message that has a record arrived with its first delivery.
        if (msg.value != 0) revert L2CrossDomainMessenger_UnexpectedValue(msg.value);
        if (msg.sender == ALIASED_L1_MESSENGER) return;
        if (status != DeliveryStatus.Failed) {
            revert L2CrossDomainMessenger_NotReplayable(messageHash, msg.sender, status);
        }
        _deliver(messageHash, copy, record);
    }

    /// @dev The delivery by the deposit, which is executed once: it records what goes wrong and does not revert. Only a
    /// deposit that is not the L1 messenger's own could bring another value than the message's.
    function _deliverFirst(bytes32 messageHash, Message memory message, PackedDelivery record) private {
        if (msg.value != message.value) revert L2CrossDomainMessenger_ValueMismatch(msg.value, message.value);

        if (_isRefusedHere(message.target)) {
            bytes memory reason = abi.encodeWithSelector(CrossDomainMessenger_TargetRefused.selector, message.target);
            _fail(messageHash, record, reason);
        } else {
            _attempt(messageHash, message, record);
        }
    }

    // ---------------------------------------------------------------------------------------------------- sending

    /// @inheritdoc ICrossDomainMessenger
    function sentMessages(bytes32 messageHash) external view returns (bool) {
        return IL2ToL1MessagePasser(MESSAGE_PASSER).sentMessages(messageKey(messageHash));
    }

    function _dispatch(bytes32 messageHash, bytes memory, uint256) internal override {
        if (senderAllowlist != address(0) && !ISenderAllowlist(senderAllowlist).isAllowed(msg.sender)) {
            revert L2CrossDomainMessenger_SenderNotAllowed(msg.sender);
        }

        IL2ToL1MessagePasser(MESSAGE_PASSER).passMessage{value: msg.value}(messageKey(messageHash));
    }

    /// @dev The passer's count: a message's counter is its place in the outbox.
    function _messageCounter() internal view override returns (uint256) {
        return IL2ToL1MessagePasser(MESSAGE_PASSER).messageCount();
    }

    function _maxDeliveryGas() internal pure override returns (uint256) {
        return MessageGas.MAX_TRANSACTION - PROOF_GAS;
    }

    // ------------------------------------------------------------------------------------------------------ wiring

    /// @inheritdoc ICrossDomainMessenger
    function otherMessenger() external view returns (address) {
        return L1_MESSENGER;
    }

    /// @inheritdoc IL2CrossDomainMessenger
    function messagePasser() external view returns (address) {
        return MESSAGE_PASSER;
    }

    function _isRefusedHere(address target) internal view override returns (bool) {
        return _isRefusedOnL2(target);
    }

    function _isRefusedThere(address target) internal view override returns (bool) {
        return _isRefusedOnL1(target);
    }
}
