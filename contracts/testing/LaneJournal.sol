// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Vm, VmSafe} from "forge-std/Vm.sol";

import {ICanonicalTransactionChain} from "../interfaces/ICanonicalTransactionChain.sol";
import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {Message} from "../types/Message.sol";
import {LaneFixture} from "./LaneFixture.sol";

/// @title Lane journal
/// @notice What was sent over the lane, read from the logs that Forge records. Each call that reads them takes them from
/// Forge, so tests get theirs from `recordedLogs`.
abstract contract LaneJournal is LaneFixture {
    /// @dev An element of the queue.
    struct Deposit {
        address from;
        address to;
        bytes opaqueData;
        bool executed;
    }

    /// @dev Length of what stands before the data in an element's `opaqueData`: mint, value, gas limit and a flag.
    uint256 private constant DEPOSIT_HEADER = 73;

    mapping(uint256 index => Deposit) internal _deposits;
    mapping(uint256 counter => Message) internal _messagesToL1;
    mapping(bytes32 messageHash => bytes encoded) private _messagesToL2;
    mapping(bytes32 messageHash => uint256 counterPlusOne) private _counters;

    /// @dev The queue's rolling hash over the first elements, as far as they were compared with it.
    bytes32 private _rollingHash;
    uint256 private _comparedLength;

    /// @dev For tests; those from `_firstOfCall` on were taken from Forge in the current call.
    Vm.Log[] private _logs;
    uint256 private _firstOfCall;

    /// @dev Precedes a revert with what the call has taken from Forge, which would be lost: Forge records the logs of
    /// reverted calls, too.
    event LogsKept(Vm.Log[] logs);

    /// @notice Thrown when messages were sent whose logs this contract has not seen: a test took them by
    /// `vm.getRecordedLogs()` or dropped them by `vm.recordLogs()`. Use `recordedLogs()` in its place, or hand them over
    /// with `noteLogs(logs)`. Also when a test has rolled the state back behind the relay that read them: read them before
    /// the snapshot, by `recordedLogs()`.
    error TestLane_LogsTaken();

    /// @notice Thrown when no message with this hash was sent in this direction.
    /// @param messageHash The message hash.
    error TestLane_UnknownMessage(bytes32 messageHash);

    constructor() {
        vm.recordLogs();
    }

    /// @dev Reads first what was sent until now.
    modifier reading() {
        _firstOfCall = _logs.length;
        _read();
        _;
    }

    /// @notice To be used in place of `vm.getRecordedLogs()`, which would keep the messages among them from this contract:
    /// all logs since the last call. They are always recorded; `vm.recordLogs()` is not needed.
    /// @return logs In the order they were emitted.
    function recordedLogs() external reading returns (Vm.Log[] memory logs) {
        logs = _logs;
        delete _logs;
    }

    /// @notice Takes messages from logs that a test got from `vm.getRecordedLogs()`. Those that were taken before do no harm.
    /// @param logs In the order they were emitted.
    function noteLogs(Vm.Log[] memory logs) public {
        for (uint256 i = 1; i < logs.length; ++i) {
            if (logs[i].topics.length == 0) continue;
            (address emitter, bytes32 topic) = (logs[i].emitter, logs[i].topics[0]);
            if (emitter == address(QUEUE) && topic == ICanonicalTransactionChain.QueueElement.selector) {
                _noteDeposit(uint256(logs[i].topics[1]), logs[i - 1]);
            } else if (emitter == address(l2Messenger) && topic == ICrossDomainMessenger.SentMessageExtension1.selector)
            {
                _noteMessage(abi.decode(logs[i].data, (uint256)), logs[i - 1]);
            }
        }
    }

    /// @dev Takes what Forge has recorded since it was read last.
    function _read() internal returns (Vm.Log[] memory logs) {
        logs = vm.getRecordedLogs();
        // Before what Forge has recorded since: what was sent after a reverted call takes the places of what that had sent.
        for (uint256 i = 0; i < logs.length; ++i) {
            if (_isKept(logs[i])) _take(abi.decode(logs[i].data, (VmSafe.Log[])));
        }
        noteLogs(logs);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (!_isKept(logs[i])) _logs.push(logs[i]);
        }
    }

    function _isKept(Vm.Log memory log) private view returns (bool) {
        return log.emitter == address(this) && log.topics[0] == LogsKept.selector;
    }

    /// @dev Reverts without losing what the call has read.
    function _fail(bytes memory reason) internal {
        Vm.Log[] memory logs = new Vm.Log[](_logs.length - _firstOfCall);
        for (uint256 i = 0; i < logs.length; ++i) {
            logs[i] = _logs[_firstOfCall + i];
        }
        emit LogsKept(logs);
        // Solidity reverts with errors that it knows.
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    // ------------------------------------------------------------------------------------------------------- to L2

    /// @dev Reverts unless the queue is what was seen of it.
    function _checkQueue() internal returns (uint256 length) {
        length = QUEUE.getQueueLength();
        bytes32 rollingHash = _rollingHash;
        for (uint256 index = _comparedLength; index < length; ++index) {
            Deposit storage deposit = _deposits[index];
            rollingHash = keccak256(abi.encode(rollingHash, deposit.from, deposit.to, keccak256(deposit.opaqueData)));
        }
        if (rollingHash != QUEUE.rollingHash()) _fail(abi.encodeWithSelector(TestLane_LogsTaken.selector));
        (_rollingHash, _comparedLength) = (rollingHash, length);
    }

    /// @dev The calldata that delivers a message on L2.
    function _messageToL2(bytes32 messageHash) internal returns (bytes memory encoded) {
        encoded = _messagesToL2[messageHash];
        if (!l1Messenger.sentMessages(messageHash) || encoded.length == 0) {
            _fail(abi.encodeWithSelector(TestLane_UnknownMessage.selector, messageHash));
        }
    }

    /// @dev Logs of calls that were reverted are recorded, too. What is sent later takes their places, but not that of an
    /// element that was executed: it is noted again where a test hands over logs that were read before.
    function _noteDeposit(uint256 index, Vm.Log memory log) private {
        if (_deposits[index].executed) return;
        (address from, address to) = (_addressIn(log.topics[1]), _addressIn(log.topics[2]));
        bytes memory opaqueData = abi.decode(log.data, (bytes));
        _deposits[index] = Deposit(from, to, opaqueData, false);
        if (to != address(l2Messenger)) return;
        (,,, bytes memory data) = _parse(opaqueData);
        _messagesToL2[keccak256(data)] = data;
    }

    /// @dev Takes an element apart, see {ICanonicalTransactionChain}. Overwrites `opaqueData`.
    function _parse(bytes memory opaqueData)
        internal
        pure
        returns (uint256 mint, uint256 value, uint256 gasLimit, bytes memory data)
    {
        // Solidity takes slices of calldata alone. The data's length is written over what stands before it.
        assembly ("memory-safe") {
            mint := mload(add(opaqueData, 0x20))
            value := mload(add(opaqueData, 0x40))
            gasLimit := shr(192, mload(add(opaqueData, 0x60)))
            data := add(opaqueData, DEPOSIT_HEADER)
            mstore(data, sub(mload(opaqueData), DEPOSIT_HEADER))
        }
    }

    // ------------------------------------------------------------------------------------------------------- to L1

    function _messageToL1(bytes32 messageHash) internal returns (Message memory) {
        uint256 counterPlusOne = _counters[messageHash];
        if (!l2Messenger.sentMessages(messageHash) || counterPlusOne == 0) {
            _fail(abi.encodeWithSelector(TestLane_UnknownMessage.selector, messageHash));
        }
        return _messagesToL1[counterPlusOne - 1];
    }

    function _noteMessage(uint256 value, Vm.Log memory log) private {
        (address sender, bytes memory data, uint256 nonce, uint256 gasLimit) =
            abi.decode(log.data, (address, bytes, uint256, uint256));
        Message memory message = Message(nonce, sender, _addressIn(log.topics[1]), value, gasLimit, data);
        _messagesToL1[uint240(nonce)] = message;
        _counters[message.hash()] = uint240(nonce) + 1;
    }

    function _take(Vm.Log[] memory logs) private {
        noteLogs(logs);
        for (uint256 i = 0; i < logs.length; ++i) {
            _logs.push(logs[i]);
        }
    }

    function _addressIn(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
