// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Relayer, Stage, Target} from "./Stage.sol";
import {ICanonicalTransactionChain} from "xdm/contracts/interfaces/ICanonicalTransactionChain.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice What must be true of the lane, as it follows from what was done: from the events that the contracts emitted and
/// from what the targets saw. `Lane.t.sol` compares it with what the contracts say.
abstract contract LaneModel is MessageTreeTest {
    /// @notice What the lane must never break; README.md says it in full.
    enum Rule {
        SucceedsOnce,
        OneStatus,
        AlwaysAttemptable,
        GasPromise,
        TrueSender,
        VaultCovers,
        WindowIsKept,
        FinalStays,
        QueueHasNoGap,
        PauseHolds,
        TreeIsTheKeys,
        FailuresStayAlone,
        NothingIsForged
    }

    /// @notice A message that was sent, by direction and hash.
    struct Known {
        bool sent;
        uint256 index;
        DeliveryStatus status;
        uint256 attempts;
    }

    /// @notice What the targets saw of a message, by the word that tells it apart.
    struct Sighting {
        bool sent;
        bool isDown;
        uint256 index;
        uint256 calls;
    }

    struct Element {
        address from;
        address to;
        uint256 mint;
        uint256 value;
        uint64 gasLimit;
        bytes data;
    }

    /// @dev Gas from a target's entry to where it reads what is left.
    uint256 private constant ENTRY_GAS = 100;

    bool internal constant UP = false;
    bool internal constant DOWN = true;

    Stage internal stage;

    Message[] internal up;
    Message[] internal down;
    mapping(bool isDown => bytes32[]) internal hashes;
    mapping(bool isDown => mapping(bytes32 messageHash => Known)) internal known;
    mapping(bytes32 tag => Sighting) internal sightings;

    Element[] internal queue;
    uint256 internal executed;
    bytes32 private rolling;

    uint256[] internal anchored;
    mapping(uint256 count => bytes32) internal anchoredRoot;
    bool internal isPaused;

    // Wei. What is on L2 and in nobody's way can be sent down: `_circulating`.
    uint256 internal locked;
    uint256 internal withdrawn;
    uint256 internal passed;
    uint256 internal pendingMint;
    uint256 internal stranded;
    uint256 internal heldByFailures;
    uint256 internal arrivedOnL2;
    uint256 internal burntOnL2;
    uint256 internal forcedOnL1;
    uint256 internal forcedOnL2;

    mapping(Rule => string) internal breach;

    /// @notice How often each outcome was seen. That each was shows that the rules were put to the test.
    mapping(string outcome => uint256) internal happened;

    function _breach(Rule rule, string memory what) internal {
        if (bytes(breach[rule]).length == 0) breach[rule] = what;
    }

    function _happened(string memory outcome) internal {
        ++happened[outcome];
    }

    function _circulating() internal view returns (uint256) {
        return arrivedOnL2 - burntOnL2 - passed;
    }

    function _messenger(bool isDown) internal view returns (ICrossDomainMessenger destination) {
        return isDown ? ICrossDomainMessenger(address(l1Messenger)) : ICrossDomainMessenger(address(l2Messenger));
    }

    function _messageOf(bool isDown, uint256 index) internal view returns (Message memory) {
        return isDown ? down[index] : up[index];
    }

    /// @dev Status that the message must have.
    function _statusOf(bool isDown, uint256 index) internal view returns (DeliveryStatus) {
        return known[isDown][hashes[isDown][index]].status;
    }

    // ---------------------------------------------------------------------------------------------- following events

    /// @dev To be called before each call of the lane; `_follow` after it.
    function _watch() internal {
        vm.recordLogs();
    }

    /// @dev Follows what was emitted if the call succeeded. Logs of calls that were reverted are recorded as well: those of a
    /// target that failed come before its failure, those of a target's call that failed are in brackets.
    function _follow(bool success) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!success) return;
        bool[] memory isReverted = _revertedIn(logs);
        uint256 next;
        for (uint256 i = 0; i < logs.length; ++i) {
            bool isFailure = _isOfMessenger(logs[i], ICrossDomainMessenger.FailedRelayedMessage.selector);
            bool isEnd = isFailure || _isOfMessenger(logs[i], ICrossDomainMessenger.RelayedMessage.selector);
            if (!isEnd || isReverted[i]) continue;
            for (; !isFailure && next < i; ++next) {
                if (!isReverted[next]) _followLog(logs, next);
            }
            _followLog(logs, i);
            if (isFailure) _followLog(logs, i + 1);
            next = isFailure ? i + 2 : i + 1;
        }
        for (; next < logs.length; ++next) {
            if (!isReverted[next]) _followLog(logs, next);
        }
    }

    /// @dev What was emitted in calls of targets that failed.
    function _revertedIn(Vm.Log[] memory logs) private pure returns (bool[] memory isReverted) {
        isReverted = new bool[](logs.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != Target.Reentered.selector) continue;
            (uint256 gas,,, bool success) = abi.decode(logs[i].data, (uint256, address, bytes4, bool));
            for (uint256 k = i; !success && !_isBracket(logs[--k], gas);) {
                isReverted[k] = true;
            }
        }
    }

    function _isBracket(Vm.Log memory log, uint256 gas) private pure returns (bool) {
        return log.topics[0] == Target.Reentering.selector && abi.decode(log.data, (uint256)) == gas;
    }

    function _isOfMessenger(Vm.Log memory log, bytes32 topic) private view returns (bool) {
        return (log.emitter == address(l1Messenger) || log.emitter == address(l2Messenger)) && log.topics[0] == topic;
    }

    function _followLog(Vm.Log[] memory logs, uint256 i) private {
        if (logs[i].emitter == address(l1Messenger)) _followMessenger(DOWN, logs, i);
        else if (logs[i].emitter == address(l2Messenger)) _followMessenger(UP, logs, i);
        else if (logs[i].emitter == address(ctc)) _followQueue(logs[i]);
        else _followTarget(logs[i]);
    }

    /// @param delivers Direction of the messages that the messenger delivers; it sends in the other.
    function _followMessenger(bool delivers, Vm.Log[] memory logs, uint256 i) private {
        bytes32 topic = logs[i].topics[0];
        if (topic == ICrossDomainMessenger.SentMessage.selector) _followSent(!delivers, logs[i], logs[i + 1]);
        if (topic == ICrossDomainMessenger.RelayedMessage.selector) _followRelayed(delivers, logs[i].topics[1]);
        if (topic == ICrossDomainMessenger.FailedRelayedMessage.selector) _followFailed(delivers, logs[i].topics[1]);
        if (topic == ICrossDomainMessenger.FailureReason.selector) _followReason(delivers, logs[i]);
        if (topic == IL1CrossDomainMessenger.MessageRootProven.selector) _followAnchored(logs[i]);
    }

    function _followSent(bool isDown, Vm.Log memory sent, Vm.Log memory extension) private {
        Message memory message;
        message.target = address(uint160(uint256(sent.topics[1])));
        (message.sender, message.data, message.nonce, message.gasLimit) =
            abi.decode(sent.data, (address, bytes, uint256, uint256));
        message.value = abi.decode(extension.data, (uint256));
        bytes32 messageHash = message.hash();
        if (known[isDown][messageHash].sent) _breach(Rule.QueueHasNoGap, "two messages have one hash");

        known[isDown][messageHash].sent = true;
        known[isDown][messageHash].index = hashes[isDown].length;
        if (message.data.length >= 32) {
            sightings[bytes32(message.data)] = Sighting(true, isDown, hashes[isDown].length, 0);
        }
        hashes[isDown].push(messageHash);
        isDown ? _followSentDown(message, messageHash) : _followSentUp(message);
    }

    function _followSentDown(Message memory message, bytes32 messageHash) private {
        if (uint240(message.nonce) != down.length) _breach(Rule.QueueHasNoGap, "a nonce is no place in the outbox");
        down.push(message);
        passed += message.value;
        _recordPassed(messageHash);
    }

    function _followSentUp(Message memory message) private {
        if (uint240(message.nonce) != queue.length - 1) {
            _breach(Rule.QueueHasNoGap, "a nonce is no place in the queue");
        }
        up.push(message);
        locked += message.value;
    }

    function _followRelayed(bool isDown, bytes32 messageHash) private {
        Known storage record = known[isDown][messageHash];
        _followAttempt(isDown, record);
        if (!record.sent) return;
        Message memory message = _messageOf(isDown, record.index);
        uint256 value = message.value;
        if (value == 0 && message.data.length != 0 && message.target.code.length == 0) {
            _breach(Rule.OneStatus, "data was delivered to nobody");
        }
        if (isDown) withdrawn += value;
        else arrivedOnL2 += value;
        if (!isDown && record.status == DeliveryStatus.Failed) heldByFailures -= value;
        if (!isDown && record.status == DeliveryStatus.Unattempted) stranded -= value;
        if (record.status == DeliveryStatus.Failed) _happened(isDown ? "retried on L1" : "replayed on L2");
        _happened(isDown ? "delivered on L1" : "delivered on L2");
        record.status = DeliveryStatus.Relayed;
    }

    function _followFailed(bool isDown, bytes32 messageHash) private {
        Known storage record = known[isDown][messageHash];
        _followAttempt(isDown, record);
        if (!record.sent) return;
        if (!isDown && record.status == DeliveryStatus.Unattempted) {
            uint256 value = up[record.index].value;
            stranded -= value;
            heldByFailures += value;
        }
        _happened(isDown ? "failed on L1" : "failed on L2");
        record.status = DeliveryStatus.Failed;
    }

    function _followAttempt(bool isDown, Known storage record) private {
        if (!record.sent) _breach(Rule.NothingIsForged, "a message that nobody sent was attempted");
        if (record.status == DeliveryStatus.Relayed) _breach(Rule.SucceedsOnce, "attempted after its success");
        if (isDown && isPaused) _breach(Rule.PauseHolds, "attempted while paused");
        ++record.attempts;
    }

    function _followReason(bool isDown, Vm.Log memory log) private {
        bytes memory reason = abi.decode(log.data, (bytes));
        if (reason.length < 164 || bytes4(reason) != Target.Saw.selector) return;
        bytes memory fields = new bytes(160);
        for (uint256 i = 0; i < 160; ++i) {
            fields[i] = reason[i + 4];
        }
        (bytes32 tag,, address sender, uint256 value, uint256 gas) =
            abi.decode(fields, (bytes32, address, address, uint256, uint256));
        if (sightings[tag].index != known[isDown][log.topics[1]].index) {
            return _breach(Rule.NothingIsForged, "other data");
        }
        _compare(sightings[tag], sender, value, gas);
        _happened("a failing target saw its message");
    }

    function _followAnchored(Vm.Log memory log) private {
        uint256 count = uint256(log.topics[1]);
        if (isPaused) _breach(Rule.PauseHolds, "anchored while paused");
        anchored.push(count);
        anchoredRoot[count] = abi.decode(log.data, (bytes32));
        if (count > treeKeys.length) return _breach(Rule.TreeIsTheKeys, "a root of more messages than there are");
        bytes32 root = MessageTreeBuilder.rootOf(_firstKeys(count));
        if (anchoredRoot[count] != root) _breach(Rule.TreeIsTheKeys, "a root that is not the keys'");
        _happened("anchored a root");
    }

    function _followQueue(Vm.Log memory log) private {
        if (log.topics[0] == ICanonicalTransactionChain.TransactionDeposited.selector) {
            bytes memory opaque = abi.decode(log.data, (bytes));
            Element memory element = _unpack(opaque);
            element.from = address(uint160(uint256(log.topics[1])));
            element.to = address(uint160(uint256(log.topics[2])));
            queue.push(element);
            pendingMint += element.mint;
            rolling = keccak256(abi.encode(rolling, element.from, element.to, keccak256(opaque)));
        } else {
            if (uint256(log.topics[1]) != queue.length - 1) _breach(Rule.QueueHasNoGap, "an index was left out");
            if (abi.decode(log.data, (bytes32)) != rolling) _breach(Rule.QueueHasNoGap, "another rolling hash");
        }
    }

    function _unpack(bytes memory opaque) private pure returns (Element memory element) {
        bytes memory data = new bytes(opaque.length - 73);
        for (uint256 i = 0; i < data.length; ++i) {
            data[i] = opaque[73 + i];
        }
        uint256 mint;
        uint256 value;
        uint256 gasLimit;
        assembly ("memory-safe") {
            mint := mload(add(opaque, 0x20))
            value := mload(add(opaque, 0x40))
            gasLimit := shr(192, mload(add(opaque, 0x60)))
        }
        return Element(address(0), address(0), mint, value, uint64(gasLimit), data);
    }

    // --------------------------------------------------------------------------------------------- following targets

    function _followTarget(Vm.Log memory log) private {
        if (log.topics[0] == Target.Seen.selector) _followSeen(log);
        if (log.topics[0] == Target.Reentered.selector) _followReentered(log);
        if (log.topics[0] == Target.Destructed.selector) _followDestructed(log);
        if (log.topics[0] == Relayer.SenderRemained.selector) {
            _breach(Rule.TrueSender, "there is a sender after the delivery");
        }
    }

    function _followSeen(Vm.Log memory log) private {
        (address caller, address sender, address senderAfter, uint256 value, uint256 gas) =
            abi.decode(log.data, (address, address, address, uint256, uint256));
        if (sender != senderAfter) _breach(Rule.TrueSender, "the sender changed during the delivery");
        if (caller != address(l1Messenger) && caller != address(l2Messenger)) {
            if (sender != address(0)) _breach(Rule.TrueSender, "there is a sender outside of deliveries");
            return _happened("a target was called by a stranger");
        }
        Sighting storage sighting = sightings[log.topics[1]];
        if (!sighting.sent) return _breach(Rule.NothingIsForged, "a target was called with what nobody sent");
        if (caller != address(_messenger(sighting.isDown))) {
            _breach(Rule.NothingIsForged, "the wrong messenger called");
        }
        ++sighting.calls;
        _compare(sighting, sender, value, gas);
    }

    function _compare(Sighting storage sighting, address sender, uint256 value, uint256 gas) private {
        Message memory message = _messageOf(sighting.isDown, sighting.index);
        if (sender != message.sender) _breach(Rule.TrueSender, "a target saw another sender");
        if (value != message.value) _breach(Rule.VaultCovers, "a target got another value");
        if (gas + ENTRY_GAS < message.gasLimit) _breach(Rule.GasPromise, "a target got less than its gas limit");
    }

    function _followReentered(Vm.Log memory log) private {
        (, address caller, bytes4 selector, bool success) = abi.decode(log.data, (uint256, address, bytes4, bool));
        if (caller != address(l1Messenger) && caller != address(l2Messenger)) return;
        bool isSend = selector == ICrossDomainMessenger.sendMessage.selector
            || selector == ICanonicalTransactionChain.enqueue.selector
            || selector == IL1CrossDomainMessenger.replayMessage.selector;
        bool isAnchor = selector == IL1CrossDomainMessenger.proveMessageRoot.selector;
        if (success && !isSend && !isAnchor) _breach(Rule.SucceedsOnce, "a delivery was nested in another");
        if (success) _happened("sent or anchored within a delivery");
        else _happened("refused to deliver within a delivery");
    }

    function _followDestructed(Vm.Log memory log) private {
        (address beneficiary, uint256 value) = abi.decode(log.data, (address, uint256));
        if (beneficiary == address(l1Messenger)) forcedOnL1 += value;
        if (beneficiary == address(l2Messenger)) {
            forcedOnL2 += value;
            burntOnL2 += value;
        }
        _happened("a target destructed itself");
    }

    function _firstKeys(uint256 count) internal view returns (bytes32[] memory keys) {
        keys = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            keys[i] = treeKeys[i];
        }
    }
}
