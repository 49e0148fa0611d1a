// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Caller} from "../support/targets/Caller.sol";
import {Exhauster} from "../support/targets/Exhauster.sol";
import {GasEater} from "../support/targets/GasEater.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Batches at the gas around which they stop: nothing that was done before is lost by it.
contract BatchEdgesTest is MessageTreeTest {
    /// @dev Gas of the instruction by which a GasProbe looks at its gas.
    uint256 private constant PROBE_DELAY = 2;

    GasLimiter private limiter;

    function setUp() public override {
        super.setUp();
        limiter = new GasLimiter();
    }

    /// @dev From the gas with which the first item starts to that with which all the others are skipped, the batch never
    /// reverts: what the first did stands, wherever among the others the gas runs out.
    function test_StopsAtAnyGasAmongWhatItSkips() public {
        Message[] memory messages = new Message[](12);
        messages[0] = _sendTo(address(new GasEater()), 100_000);
        for (uint256 i = 1; i < 12; ++i) {
            messages[i] = _sendRecord();
        }
        _proveRoot();
        _relayAll(_slice(messages, 1, 12));
        bytes memory batch = _batchOf(messages);
        uint256 edge = _edge(batch, 1);
        uint256 snapshot = vm.snapshotState();
        uint256 done = 1;
        uint256 stops;
        for (uint256 gas = edge; done < 12; gas += 61) {
            uint256 result = _tryBatch(batch, gas);
            assertGe(result, done, "more gas, less done");
            if (result != done) ++stops;
            done = result;
            assertTrue(l1Messenger.failedMessages(messages[0].hash()), "what the first did");
            vm.revertToState(snapshot);
        }
        assertGt(stops, 3, "places where it stopped");
    }

    /// @dev Any gas keeps a promise of none; the outcome must be recorded, too.
    function test_StopsAtAnyGasBeforeAMessageWithoutGas() public {
        Message[] memory messages = new Message[](2);
        messages[0] = _sendTo(address(new GasEater()), 100_000);
        messages[1] = _sendFromL2(alice, makeAddr("nobody"), "", 0, 0);
        _proveRoot();
        bytes memory batch = _batchOf(messages);
        uint256 snapshot = vm.snapshotState();
        uint256 done = 1;
        uint256 stops;
        for (uint256 gas = _edge(batch, 1); done < 2; gas += 199) {
            done = _tryBatch(batch, gas);
            assertGe(done, 1, "what the first did");
            if (done == 1) ++stops;
            vm.revertToState(snapshot);
        }
        assertGt(stops, 0, "it stopped");
    }

    /// @dev A refusal is recorded: the batch has done something, and does not revert where it stops behind it.
    function test_StopsBehindARefusedTarget() public {
        Message[] memory messages = new Message[](2);
        messages[0] = _sendAsL2Messenger(address(scc), 100_000);
        messages[1] = _sendTo(address(recorder), 2_000_000);
        _proveRoot();

        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.FailedRelayedMessage(messages[0].hash());
        vm.expectEmit(address(l1Messenger));
        emit IL1CrossDomainMessenger.BatchStopped(1, 2);
        assertEq(l1Messenger.relayMessages{gas: 1_000_000}(messages, 2, new bytes32[](0)), 1);

        assertTrue(l1Messenger.failedMessages(messages[0].hash()));
        assertFalse(l1Messenger.relayedMessages(messages[1].hash()));
    }

    /// @dev A target that can pause does so: the rest of its batch is delivered, and nothing after it.
    function test_APauseWithinABatchTakesEffectAfterIt() public {
        Caller pauser = new Caller();
        pauser.prepare(address(l1Messenger), abi.encodeCall(l1Messenger.pause, ()));
        vm.prank(owner);
        l1Messenger.setGuardian(address(pauser));
        Message[] memory messages = new Message[](3);
        messages[0] = _sendTo(address(pauser), 500_000);
        messages[1] = _sendRecord();
        messages[2] = _sendRecord();
        _proveRoot();

        assertEq(_relayAll(_slice(messages, 0, 2)), 2);

        assertTrue(pauser.success());
        assertTrue(l1Messenger.paused());
        assertEq(recorder.count(), 1);
        bytes32[] memory siblings = _siblingsOf(_only(messages[2]));
        vm.expectRevert(abi.encodeWithSignature("EnforcedPause()"));
        l1Messenger.relayMessages(_only(messages[2]), 3, siblings);
    }

    /// @dev Without data the target's code is not looked at before the call, which finds target and delegate cold.
    function test_AColdDelegateGetsItsGasLimitWithoutData() public {
        address delegated = makeAddr("delegated");
        vm.etch(delegated, abi.encodePacked(hex"ef0100", address(new GasProbe())));
        Message[] memory messages = new Message[](2);
        messages[0] = _sendFromL2(alice, makeAddr("first"), "", 0, 1);
        messages[1] = _sendFromL2(alice, delegated, "", 700_000, 0);
        _proveRoot();
        bytes memory batch = _batchOf(messages);
        uint256 edge = _edge(batch, 2);
        uint256 snapshot = vm.snapshotState();

        assertEq(_tryBatch(batch, edge - 1), 1);
        assertFalse(l1Messenger.relayedMessages(messages[1].hash()));
        vm.revertToState(snapshot);
        assertEq(_tryBatch(batch, edge), 2);
        assertEq(uint256(vm.load(delegated, 0)) + PROBE_DELAY, 700_000);
    }

    /// @dev What is kept back suffices for the dearest failure and the end, with a margin for what a fork may make dearer;
    /// without data and with it, each time behind a cold delegate.
    function test_KeepsAMarginBehindTheDearestFailure() public {
        for (uint256 length = 0; length < 2; ++length) {
            address delegated = makeAddr(vm.toString(length));
            vm.etch(delegated, abi.encodePacked(hex"ef0100", address(new Exhauster())));
            Message[] memory messages = new Message[](3);
            messages[0] = _sendFromL2(alice, makeAddr("first"), "", 0, 1);
            messages[1] = _sendFromL2(alice, delegated, new bytes(length), 200_000, 0);
            messages[2] = _sendRecord();
            _proveRoot();
            bytes memory batch = _batchOf(messages);
            uint256 edge = _edge(batch, 2);

            (bool success,, uint256 used) = limiter.limit(address(l1Messenger), batch, edge);

            assertTrue(success);
            assertTrue(l1Messenger.failedMessages(messages[1].hash()));
            assertGt(edge - used, 4000, "margin");
        }
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    function _batchOf(Message[] memory messages) private view returns (bytes memory) {
        return abi.encodeCall(l1Messenger.relayMessages, (messages, treeKeys.length, _siblingsOf(messages)));
    }

    /// @dev The least gas with which at least so many items are done. Leaves the state as it was.
    function _edge(bytes memory batch, uint256 done) private returns (uint256 edge) {
        uint256 snapshot = vm.snapshotState();
        uint256 low = 20_000;
        edge = 4_000_000;
        while (edge - low > 1) {
            uint256 middle = (low + edge) / 2;
            if (_tryBatch(batch, middle) >= done) edge = middle;
            else low = middle;
            vm.revertToState(snapshot);
        }
    }

    /// @dev Items that are done with so much gas; none if the batch reverts.
    function _tryBatch(bytes memory batch, uint256 gas) private returns (uint256) {
        (bool success, bytes memory result,) = limiter.limit(address(l1Messenger), batch, gas);
        return success ? abi.decode(result, (uint256)) : 0;
    }
}

/// @notice Makes a call with exactly so much gas: a transaction's own has a floor, which few messages stay below.
contract GasLimiter {
    function limit(address target, bytes memory data, uint256 gas)
        external
        returns (bool success, bytes memory result, uint256 used)
    {
        require(gasleft() > 2 * gas + 1_000_000, "gas of the limiter");
        used = gasleft();
        (success, result) = target.call{gas: gas}(data);
        used -= gasleft();
    }
}
