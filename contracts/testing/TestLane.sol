// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Vm} from "forge-std/Vm.sol";

import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "../interfaces/IL1CrossDomainMessenger.sol";
import {AddressAlias} from "../libraries/AddressAlias.sol";
import {Message} from "../types/Message.sol";
import {MESSAGE_ROOTS_SLOT} from "./LaneCreationCode.sol";
import {LaneJournal} from "./LaneJournal.sol";

/// @notice What came of an attempt to deliver a message.
struct Attempt {
    /// @dev Zero for a transaction that was put into the queue without the messenger.
    bytes32 messageHash;
    /// @dev Whether the message is delivered.
    bool success;
    /// @dev If not, the first 256 bytes of the target's revert data, or an error of {ICrossDomainMessenger}.
    bytes reason;
}

/// @title Test lane
/// @notice Both ends of a lane in one EVM, for tests under Forge; {CrossDomainTest} gives it to a test contract. The
/// contracts are those that are deployed, to the byte: they check, count gas, record failures and refuse replays. What
/// lies between the chains is simulated:
/// - To L2, the queue's elements are executed as an L2 does: minted, from the aliased sender, each with its gas limit as
///   that of a whole transaction.
/// - To L1, instead of state roots, their fraud-proof window and storage proofs, a root of the message tree counts as
///   proven while a message is relayed that the passer has recorded.
///
/// The chain id is the destination's while a message is delivered. Otherwise it is the test's, also while a message is sent:
/// where a sender reads it, `vm.chainId(lane.L1_CHAIN_ID())` comes before. All accounts are on both chains, with one balance.
/// The vault on L1 covers what tests give to accounts of L2. The queue takes any number of elements in a block, as a test
/// stays in one: a deployed queue refuses what exceeds its `maxBlockGas`.
contract TestLane is LaneJournal {
    /// @notice Gas limit of the messages that `impersonateOnL1` and `impersonateOnL2` send.
    uint32 public constant IMPERSONATION_GAS = 8_000_000;

    /// @dev Gas that a call with value adds to what its target is given.
    uint256 private constant CALL_STIPEND = 2300;

    /// @dev Gas of this contract's own between its look at what is left and the call.
    uint256 private constant CALL_OVERHEAD = 50_000;

    /// @dev Elements of the queue, and messages to L1, before which there is nothing to do any more.
    uint256 private _doneToL2;
    uint256 private _doneToL1;

    /// @notice Thrown when the test itself has too little gas left to give a transaction its gas limit.
    /// @param gasLeft Gas left.
    /// @param gasLimit The transaction's.
    error TestLane_OutOfGas(uint256 gasLeft, uint256 gasLimit);

    // ---------------------------------------------------------------------------------------------------- relaying

    /// @notice Executes on L2 what is in the queue, in order: messages from L1, replays, and what was enqueued directly.
    /// @return attempts What came of each, in this order; no failure makes it revert.
    function relayToL2() external reading returns (Attempt[] memory attempts) {
        uint256 length = _checkQueue();
        uint256 pending;
        for (uint256 index = _doneToL2; index < length; ++index) {
            if (!_deposits[index].executed) ++pending;
        }

        attempts = new Attempt[](pending);
        uint256 place;
        for (uint256 index = _doneToL2; index < length; ++index) {
            if (!_deposits[index].executed) attempts[place++] = _execute(index);
        }
        _doneToL2 = length;
    }

    /// @notice Delivers on L1 the messages from L2 whose delivery was not tried yet, in the order they were sent, each with
    /// exactly its gas limit.
    /// @return attempts What came of each, in this order; no failure makes it revert.
    function relayToL1() external reading returns (Attempt[] memory attempts) {
        uint256 count = PASSER.messageCount();
        uint256 pending;
        for (uint256 counter = _doneToL1; counter < count; ++counter) {
            if (_isPendingToL1(counter)) ++pending;
        }

        attempts = new Attempt[](pending);
        uint256 place;
        for (uint256 counter = _doneToL1; counter < count; ++counter) {
            if (_isPendingToL1(counter)) attempts[place++] = _relay(_messagesToL1[counter], false);
        }
        _doneToL1 = count;
    }

    /// @notice Delivers one message from L2 on L1, out of turn or again, with exactly its gas limit.
    /// @param messageHash The message hash, which `sendMessage` returned.
    /// @return attempt What came of it; a message that was delivered before is skipped.
    function relayToL1(bytes32 messageHash) external reading returns (Attempt memory attempt) {
        return _relay(_messageToL1(messageHash), false);
    }

    /// @notice Tries a failed message again on L1, alone, with all the gas that is left. Reverts as the L1 messenger does:
    /// with `CrossDomainMessenger_AlreadyRelayed` where it was delivered.
    /// @param messageHash The message hash, which `sendMessage` returned.
    /// @return attempt What came of it.
    function replayOnL1(bytes32 messageHash) external reading returns (Attempt memory attempt) {
        return _relay(_messageToL1(messageHash), true);
    }

    /// @notice Tries a failed message again on L2 as anybody can, with all the gas that is left. Reverts as the L2 messenger
    /// does: with `L2CrossDomainMessenger_NotReplayable` where it has not failed.
    /// @param messageHash The message hash, which `sendMessage` returned.
    /// @return attempt What came of it.
    function replayOnL2(bytes32 messageHash) external reading returns (Attempt memory attempt) {
        bytes memory encoded = _messageToL2(messageHash);
        (bool success, bytes memory returned) = _callOn(L2_CHAIN_ID, address(l2Messenger), encoded);
        if (!success) _fail(returned);
        return _attemptOf(l2Messenger, messageHash);
    }

    // ----------------------------------------------------------------------------------------------- impersonating

    /// @notice Calls a target on L2 as the messenger does for a message from L1: it is sent and executed, out of the queue's
    /// order. Reverts with the first 256 bytes of the target's revert data if the target reverts, and nothing has
    /// happened then.
    /// @param sender Account on L1; gets the value.
    /// @param target Account on L2.
    /// @param value Wei that go with the call.
    /// @param data Calldata of the call.
    function impersonateOnL2(address sender, address target, uint256 value, bytes calldata data) external reading {
        uint256 index = QUEUE.getQueueLength();
        _send(l1Messenger, Message(0, sender, target, value, IMPERSONATION_GAS, data));
        _read();
        Attempt memory attempt = _execute(index);
        if (!attempt.success) _fail(attempt.reason);
    }

    /// @notice The same on L1 for a message from L2.
    /// @param sender Account on L2; gets the value.
    /// @param target Account on L1.
    /// @param value Wei that go with the call.
    /// @param data Calldata of the call.
    function impersonateOnL1(address sender, address target, uint256 value, bytes calldata data) external reading {
        bytes32 messageHash = _send(l2Messenger, Message(0, sender, target, value, IMPERSONATION_GAS, data));
        _read();
        Attempt memory attempt = _relay(_messageToL1(messageHash), false);
        if (!attempt.success) _fail(attempt.reason);
    }

    // ------------------------------------------------------------------------------------------------------- to L2

    function _execute(uint256 index) private returns (Attempt memory attempt) {
        _deposits[index].executed = true;
        Deposit memory deposit = _deposits[index];
        (uint256 mint, uint256 value, uint256 gasLimit, bytes memory data) = _parse(deposit.opaqueData);
        uint256 gasToGive = gasLimit - _intrinsicGas(data);
        // As much as EIP-150 leaves to a call, and something for the steps until then.
        if (gasleft() - gasleft() / 64 < gasToGive + CALL_OVERHEAD) {
            _fail(abi.encodeWithSelector(TestLane_OutOfGas.selector, gasleft(), gasLimit));
        }

        vm.deal(deposit.from, deposit.from.balance + mint);
        _enter(L2_CHAIN_ID);
        vm.prank(deposit.from, deposit.from);
        (bool success, bytes memory returned) =
            deposit.to.call{value: value, gas: value == 0 ? gasToGive : gasToGive - CALL_STIPEND}(data);
        _leave();

        bool isMessage = deposit.from == AddressAlias.applyL1ToL2Alias(address(l1Messenger));
        if (isMessage && success) return _attemptOf(l2Messenger, keccak256(data));
        return Attempt(isMessage ? keccak256(data) : bytes32(0), success, returned);
    }

    /// @dev Gas of a transaction before it executes: what is left of its gas limit is its target's.
    function _intrinsicGas(bytes memory data) private pure returns (uint256 intrinsicGas) {
        intrinsicGas = 21_000;
        for (uint256 i = 0; i < data.length; ++i) {
            intrinsicGas += data[i] == 0 ? 4 : 16;
        }
    }

    // ------------------------------------------------------------------------------------------------------- to L1

    function _isPendingToL1(uint256 counter) private returns (bool) {
        bytes32 messageHash = _messagesToL1[counter].hash();
        if (!l2Messenger.sentMessages(messageHash)) {
            _fail(abi.encodeWithSelector(TestLane_LogsTaken.selector));
        }
        return !l1Messenger.relayedMessages(messageHash);
    }

    /// @dev Relays a message by a tree that ends with it and has nothing but zeros before, whose root is put where the proven
    /// ones are. It is put back then.
    function _relay(Message memory message, bool isAlone) private returns (Attempt memory) {
        bytes32 messageHash = message.hash();
        uint256 index = uint240(message.nonce);
        bytes32 root = keccak256(abi.encode(l1Messenger.messageKey(messageHash)));
        uint256 siblings;
        // The last leaf's path has siblings where its node is a right one.
        for (uint256 place = index; place != 0; place >>= 1) {
            if (place & 1 == 0) continue;
            root = keccak256(abi.encode(bytes32(0), root));
            ++siblings;
        }
        bytes32 slot = keccak256(abi.encode(index + 1, MESSAGE_ROOTS_SLOT));
        bytes32 proven = vm.load(address(l1Messenger), slot);

        vm.store(address(l1Messenger), slot, root);
        _callL1(message, new bytes32[](siblings), isAlone);
        vm.store(address(l1Messenger), slot, proven);

        return _attemptOf(l1Messenger, messageHash);
    }

    function _callL1(Message memory message, bytes32[] memory siblings, bool isAlone) private {
        uint256 count = uint240(message.nonce) + 1;
        Message[] memory messages = new Message[](1);
        messages[0] = message;
        bytes memory data = isAlone
            ? abi.encodeCall(IL1CrossDomainMessenger.relayMessageByPath, (message, count, siblings))
            : abi.encodeCall(IL1CrossDomainMessenger.relayMessages, (messages, count, siblings));
        (bool success, bytes memory returned) = _callOn(L1_CHAIN_ID, address(l1Messenger), data);
        if (!success) _fail(returned);
    }

    // ------------------------------------------------------------------------------------------------------ shared

    /// @dev What the messenger that just tried has recorded, with the reason it logged.
    function _attemptOf(ICrossDomainMessenger messenger, bytes32 messageHash) private returns (Attempt memory attempt) {
        attempt = Attempt(messageHash, messenger.successfulMessages(messageHash), "");
        Vm.Log[] memory logs = _read();
        for (uint256 i = 0; i < logs.length && !attempt.success; ++i) {
            if (
                logs[i].emitter == address(messenger)
                    && logs[i].topics[0] == ICrossDomainMessenger.FailureReason.selector
                    && logs[i].topics[1] == messageHash
            ) attempt.reason = abi.decode(logs[i].data, (bytes));
        }
    }

    function _send(ICrossDomainMessenger messenger, Message memory message) private returns (bytes32 messageHash) {
        vm.deal(message.sender, message.sender.balance + message.value);
        vm.prank(message.sender);
        return messenger.sendMessage{value: message.value}(message.target, message.data, uint32(message.gasLimit));
    }
}
