// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";

import {LaneTest} from "../support/LaneTest.sol";
import {LaneReader} from "./LaneReader.sol";
import {Rules} from "./Rules.sol";
import {Behaviour} from "./Stage.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Whatever is done to a lane, in any order, what README.md lists stays true.
contract LaneInvariantTest is Rules {
    uint256 private constant ACTIONS = 20;

    uint256 private constant STEPS = 500;

    /// @dev The vault starts empty.
    function setUp() public override {
        LaneTest.setUp();
        reader = new LaneReader();
        _cast();
        bytes4[] memory selectors = new bytes4[](ACTIONS);
        selectors[0] = this.sendUp.selector;
        selectors[1] = this.sendDown.selector;
        selectors[2] = this.enqueueDirectly.selector;
        selectors[3] = this.executeDeposits.selector;
        selectors[4] = this.executeStarved.selector;
        selectors[5] = this.replayOnL2.selector;
        selectors[6] = this.replayOnL1.selector;
        selectors[7] = this.commitTruth.selector;
        selectors[8] = this.commitLie.selector;
        selectors[9] = this.deleteBatch.selector;
        selectors[10] = this.warp.selector;
        selectors[11] = this.togglePause.selector;
        selectors[12] = this.anchor.selector;
        selectors[13] = this.relayByProof.selector;
        selectors[14] = this.relayByPath.selector;
        selectors[15] = this.relayBatch.selector;
        selectors[16] = this.prepareReentry.selector;
        selectors[17] = this.direct.selector;
        selectors[18] = this.delegate.selector;
        selectors[19] = this.attack.selector;
        targetContract(address(this));
        targetSelector(FuzzSelector(address(this), selectors));
    }

    // ------------------------------------------------------------------------------------------------------- rules

    function invariant_TheLaneKeepsItsRules() public {
        _checkRules();
    }

    // ---------------------------------------------------------------------------------------------------- at the end

    /// @dev When all is repaired, everything can be delivered, and all ETH comes out.
    function afterInvariant() public {
        _checkAll();
        _repairAll();
        if (isPaused) _unpause();
        while (executed != queue.length) _execute(queue[executed].gasLimit);
        for (uint256 i = 0; i < up.length; ++i) {
            // The deposit gets what was bought, which may be too little; a replay gets as much as is needed.
            _attemptUp(i);
            _attemptUp(i);
            if (_isTakenWhenRepaired(up[i], UP)) {
                assertTrue(l2Messenger.successfulMessages(hashes[UP][i]), "delivered");
            }
        }
        if (down.length != 0) _deliverDown();
        _checkAll();
    }

    function _deliverDown() private {
        _commitFinal();
        assertTrue(_try(stranger, address(l1Messenger), _anchorCall(history.length - 1)), "anchored");
        for (uint256 i = 0; i < down.length; ++i) {
            if (_statusOf(DOWN, i) == DeliveryStatus.Relayed) continue;
            assertTrue(_try(stranger, address(l1Messenger), _pathCall(i, down.length)), "attempted");
            if (_isTakenWhenRepaired(down[i], DOWN)) {
                assertTrue(l1Messenger.successfulMessages(hashes[DOWN][i]), "delivered");
            }
        }
    }

    function _repairAll() private {
        for (uint256 i = 0; i < 7; ++i) {
            stage.direct(targets[UP][i], Behaviour.Takes);
            stage.direct(targets[DOWN][i], Behaviour.Takes);
        }
        delegate(UP, true);
        delegate(DOWN, true);
    }

    function _isTakenWhenRepaired(Message memory message, bool isDown) private view returns (bool) {
        if (message.target == targets[isDown][8]) return false;
        return message.target != targets[isDown][CODELESS] || message.value != 0 || message.data.length == 0;
    }

    /// @dev All rules, of all messages.
    function _checkAll() private {
        uint256 rounds = 1 + (up.length > down.length ? up.length : down.length) / (LOOKED_AT / 2);
        for (uint256 i = 0; i < rounds; ++i) {
            ++actions;
            _checkSucceedsOnce();
            _checkOneStatus();
        }
        _checkRules();
    }

    // ---------------------------------------------------------------------------------------------- put to the test

    /// @dev Actions at random, as the invariant's: each outcome is seen, so that no rule holds because nothing happened.
    function test_EveryOutcomeHappens() public {
        Memory.Pointer free = Memory.getFreeMemoryPointer();
        for (uint256 i = 0; i < STEPS; ++i) {
            _act(_hash(i, 0) % ACTIONS, _hash(i, 1), _hash(i, 2), _hash(i, 3));
            // Memory that grew with each would cost more with each.
            Memory.unsafeSetFreeMemoryPointer(free);
        }
        string[52] memory outcomes = _outcomes();
        for (uint256 i = 0; i < outcomes.length; ++i) {
            assertGt(happened[outcomes[i]], 0, outcomes[i]);
        }
        afterInvariant();
    }

    function _act(uint256 which, uint256 a, uint256 b, uint256 c) private {
        if (which == 0) sendUp(a, b, c);
        if (which == 1) sendDown(a, b, c);
        if (which == 2) enqueueDirectly(a, b, c);
        if (which == 3) executeDeposits(a);
        if (which == 4) executeStarved(a);
        if (which == 5) replayOnL2(a, b);
        if (which == 6) replayOnL1(a, b);
        if (which == 7) commitTruth(a, b);
        if (which == 8) commitLie(a, b);
        if (which == 9) deleteBatch(a, b % 2 == 0);
        if (which == 10) warp(a, b);
        if (which == 11) togglePause(a);
        if (which == 12) anchor(a);
        if (which == 13) relayByProof(a, b, c);
        if (which == 14) relayByPath(a, b, c);
        if (which == 15) relayBatch(a, b, c);
        if (which == 16) prepareReentry(a % 2 == 0, b, c);
        if (which == 17) direct(a % 2 == 0, b, c);
        if (which == 18) delegate(a % 2 == 0, b % 2 == 0);
        if (which == 19) attack(a, b);
    }

    function _outcomes() private pure returns (string[52] memory) {
        return [
            "sent from L2",
            "sent from L1",
            "sent value from L2",
            "sent value from L1",
            "a sender destructed itself",
            "an account enqueued",
            "a contract enqueued",
            "a replay could not pay its value",
            "another's deposit was executed",
            "a deposit came too late to be delivered",
            "a deposit was delivered",
            "a deposit was starved",
            "a replay on L2 was starved",
            "refused a replay on L2",
            "replayed on L1",
            "deleted a batch",
            "refused to delete a batch",
            "went to the end of a window",
            "a false batch was challenged",
            "paused",
            "unpaused",
            "committed a true batch",
            "committed a false batch",
            "used a batch",
            "refused a deleted batch",
            "refused while paused",
            "refused a batch inside its window",
            "a relay was starved",
            "relayed by proof",
            "refused to relay again",
            "relayed by path",
            "refused a path",
            "refused a batch of messages",
            "a batch was starved",
            "relayed a whole batch",
            "a batch stopped on its way",
            "an attack was refused",
            "an account became a contract",
            "an account became an account again",
            "a target was directed",
            "retried on L1",
            "replayed on L2",
            "delivered on L1",
            "delivered on L2",
            "failed on L1",
            "failed on L2",
            "a failing target saw its message",
            "anchored a root",
            "a target was called by a stranger",
            "sent or anchored within a delivery",
            "refused to deliver within a delivery",
            "a target destructed itself"
        ];
    }
}
