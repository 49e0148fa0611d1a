// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {AttackActions} from "./AttackActions.sol";
import {LaneReader} from "./LaneReader.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice What must be true of a lane after each action. README.md says it in prose.
abstract contract Rules is AttackActions {
    /// @dev So many messages of each direction are looked at after each action: the newest, and others in turn.
    uint256 internal constant LOOKED_AT = 6;

    LaneReader internal reader;

    function _checkRules() internal {
        _checkNothingIsForged();
        _checkSucceedsOnce();
        _checkOneStatus();
        _checkGasPromise();
        _checkTrueSender();
        _checkVaultCovers();
        _checkWindowIsKept();
        _checkFinalStays();
        _checkQueueHasNoGap();
        _checkPauseHolds();
        _checkTreeIsTheKeys();
        _checkFailuresStayAlone();
        _checkAlwaysAttemptable();
    }

    function _checkNothingIsForged() private view {
        _unbroken(Rule.NothingIsForged);
    }

    function _checkSucceedsOnce() internal view {
        _unbroken(Rule.SucceedsOnce);
        _checkCalls(UP);
        _checkCalls(DOWN);
    }

    /// @dev The targets count with: a message was taken if it succeeded, and then once.
    function _checkCalls(bool isDown) private view {
        for (uint256 i = 0; i < _looked(isDown); ++i) {
            uint256 index = _look(isDown, i);
            Message memory message = _messageOf(isDown, index);
            if (message.data.length < 32) continue;
            uint256 calls = sightings[bytes32(message.data)].calls;
            bool isRelayed = _statusOf(isDown, index) == DeliveryStatus.Relayed;
            // An account without code takes value, and tells nothing.
            bool tells = message.target != targets[isDown][6] && message.target != targets[isDown][CODELESS];
            assertLe(calls, isRelayed ? 1 : 0, "succeeds at most once");
            if (tells) assertEq(calls, isRelayed ? 1 : 0, "a success is a call of the target");
        }
    }

    function _checkOneStatus() internal view {
        _unbroken(Rule.OneStatus);
        _checkStatus(UP);
        _checkStatus(DOWN);
    }

    function _checkStatus(bool isDown) private view {
        bytes32[] memory some = new bytes32[](_looked(isDown));
        for (uint256 i = 0; i < some.length; ++i) {
            some[i] = hashes[isDown][_look(isDown, i)];
        }
        LaneReader.Record[] memory records = reader.records(_messenger(!isDown), _messenger(isDown), some);
        for (uint256 i = 0; i < some.length; ++i) {
            Known memory expected = known[isDown][some[i]];
            assertTrue(records[i].sent, "sent");
            assertEq(records[i].successful, expected.status == DeliveryStatus.Relayed, "succeeded");
            assertEq(records[i].failed, expected.status == DeliveryStatus.Failed, "failed");
            assertEq(records[i].relayed, expected.status != DeliveryStatus.Unattempted, "attempted");
            assertEq(records[i].delivery.attempts, expected.attempts, "attempts");
        }
    }

    function _checkGasPromise() private view {
        _unbroken(Rule.GasPromise);
    }

    function _checkTrueSender() private {
        _unbroken(Rule.TrueSender);
        (bool success,) = address(l1Messenger).call(abi.encodeCall(l1Messenger.xDomainMessageSender, ()));
        assertFalse(success, "a sender on L1 outside of deliveries");
        (success,) = address(l2Messenger).call(abi.encodeCall(l2Messenger.xDomainMessageSender, ()));
        assertFalse(success, "a sender on L2 outside of deliveries");
    }

    function _checkVaultCovers() private view {
        _unbroken(Rule.VaultCovers);
        assertEq(address(l1Messenger).balance, locked - withdrawn + forcedOnL1, "vault");
        assertEq(address(l2Messenger).balance, heldByFailures + forcedOnL2, "held by failures");
        assertEq(_aliasedL1Messenger().balance, stranded, "stranded deposits");
        assertEq(address(passer).balance, passed, "sent down");
        // What is free on L2, what failures and starved deposits hold, what is to be minted, and what is on its way down.
        uint256 onL2 = _circulating() + address(l2Messenger).balance - forcedOnL2 + _aliasedL1Messenger().balance;
        uint256 onItsWay = pendingMint + address(passer).balance - withdrawn;
        assertGe(address(l1Messenger).balance, onL2 + onItsWay, "covered");
    }

    function _checkWindowIsKept() private view {
        _unbroken(Rule.WindowIsKept);
    }

    function _checkFinalStays() private view {
        _unbroken(Rule.FinalStays);
        bytes32[] memory batches = reader.batches(container);
        assertEq(batches.length, stored.length, "batches");
        for (uint256 i = 0; i < batches.length; ++i) {
            assertEq(batches[i], history[stored[i]].batch.hash(), "a stored batch");
        }
    }

    function _checkQueueHasNoGap() private view {
        _unbroken(Rule.QueueHasNoGap);
        assertEq(ctc.getQueueLength(), queue.length, "queue");
        for (uint256 i = 1; i < up.length; ++i) {
            assertGt(up[i].nonce, up[i - 1].nonce, "nonces increase");
        }
    }

    function _checkPauseHolds() private view {
        _unbroken(Rule.PauseHolds);
        assertEq(l1Messenger.paused(), isPaused, "paused");
    }

    function _checkTreeIsTheKeys() private view {
        _unbroken(Rule.TreeIsTheKeys);
        (uint256 count, bytes32[] memory peaks) = passer.treePeaks();
        assertEq(count, treeKeys.length, "messages of the tree");
        if (count != 0) assertEq(peaks, MessageTreeBuilder.peaksOf(treeKeys), "peaks");
    }

    function _checkFailuresStayAlone() private view {
        _unbroken(Rule.FailuresStayAlone);
    }

    /// @dev Tries it, with one message of each direction; what an invariant does is undone.
    function _checkAlwaysAttemptable() private {
        _unbroken(Rule.AlwaysAttemptable);
        if (up.length != 0) _attemptUp(actions % up.length);
        if (down.length != 0 && actions % 4 == 0) _attemptDown((actions / 4) % down.length);
        _unbroken(Rule.AlwaysAttemptable);
    }

    function _unbroken(Rule rule) private view {
        assertEq(breach[rule], "");
    }

    function _looked(bool isDown) private view returns (uint256) {
        uint256 length = hashes[isDown].length;
        return length < LOOKED_AT ? length : LOOKED_AT;
    }

    function _look(bool isDown, uint256 i) private view returns (uint256) {
        uint256 length = hashes[isDown].length;
        return i < LOOKED_AT / 2 ? length - 1 - i : (actions * LOOKED_AT + i) % length;
    }

    // ------------------------------------------------------------------------------------------ always attemptable

    /// @dev In the queue, by its deposit; failed, by a replay on L2; starved, by a replay on L1.
    function _attemptUp(uint256 index) internal {
        if (_statusOf(UP, index) == DeliveryStatus.Relayed) return;
        uint256 attempts = known[UP][hashes[UP][index]].attempts;
        if (_statusOf(UP, index) == DeliveryStatus.Failed) {
            replayOnL2(index, 1);
        } else {
            if (uint240(up[index].nonce) < executed) replayOnL1(index, 0);
            while (executed != queue.length && _statusOf(UP, index) == DeliveryStatus.Unattempted) {
                _execute(queue[executed].gasLimit);
            }
        }
        assertGt(known[UP][hashes[UP][index]].attempts, attempts, "a message to L2 can be attempted");
    }

    function _attemptDown(uint256 index) private {
        if (_statusOf(DOWN, index) == DeliveryStatus.Relayed) return;
        uint256 attempts = known[DOWN][hashes[DOWN][index]].attempts;
        if (isPaused) _unpause();
        uint256 id = _provingBatch(index);
        if (id == history.length) {
            _commitFinal();
            id = history.length - 1;
        }
        bytes memory call =
            abi.encodeCall(l1Messenger.relayMessage, (down[index], _proofIn(id, _passerSlot(hashes[DOWN][index]))));
        assertTrue(_try(stranger, address(l1Messenger), call), "a message to L1 can be attempted");
        assertEq(known[DOWN][hashes[DOWN][index]].attempts, attempts + 1, "attempts");
    }

    /// @dev A batch that proves the message and can be used; the next one if there is none.
    function _provingBatch(uint256 index) private view returns (uint256 id) {
        while (id < history.length && (_isFalse(id) || !_isUsable(id) || states[id].count <= index)) ++id;
    }

    /// @dev The challenger has its say first: what it deletes takes all later batches with it.
    function _commitFinal() internal {
        _challenge();
        _commitTruth(1, 0);
        _warpTo(vm.getBlockTimestamp() + FRAUD_PROOF_WINDOW);
    }
}
