// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Exhauster} from "../support/targets/Exhauster.sol";
import {GasEater} from "../support/targets/GasEater.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {ReturnBomb} from "../support/targets/ReturnBomb.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Each item of a batch gets exactly its gas limit, or is not touched; whatever gas a batch is given.
contract BatchGasTest is MessageTreeTest {
    /// @dev Gas of the instruction by which a GasProbe looks at its gas.
    uint256 private constant PROBE_DELAY = 2;

    /// @dev What the EVM adds to the gas of a call with value.
    uint256 private constant STIPEND = 2300;

    // ----------------------------------------------------------------------------------------- exactly its gas limit

    function testFuzz_ATargetGetsExactlyItsGasLimit(uint24 first, uint24 second, uint24 third) public {
        uint24[3] memory limits = [first, second, third];
        address[3] memory probes;
        Message[] memory messages = new Message[](3);
        for (uint256 i = 0; i < 3; ++i) {
            limits[i] = uint24(bound(limits[i], 60_000, 5_000_000));
            probes[i] = address(new GasProbe());
            messages[i] = _sendTo(probes[i], limits[i]);
        }
        _proveRoot();

        assertEq(_relayAll(messages), 3);

        for (uint256 i = 0; i < 3; ++i) {
            assertEq(_gasSeen(probes[i]) + PROBE_DELAY, limits[i]);
        }
    }

    function test_ATargetOfValueGetsTheStipendOnTop() public {
        address probe = address(new GasProbe());
        Message memory message = _sendFromL2(alice, probe, hex"01", 100_000, 1 ether);
        _proveRoot();

        _relayAll(_only(message));

        assertEq(_gasSeen(probe) + PROBE_DELAY, 100_000 + STIPEND);
    }

    /// @dev A relayer cannot make a message fail that needs no more than its gas limit, nor succeed with more.
    function test_TheRelayerDoesNotChooseTheTargetsGas() public {
        address probe = address(new GasProbe());
        Message memory message = _sendTo(probe, 30_000);
        _proveRoot();

        _relayAll(_only(message));
        assertTrue(l1Messenger.failedMessages(message.hash()), "the probe takes 44,000");

        assertTrue(_relayByPath(message), "alone it gets what is left");
    }

    /// @dev A message that promises nothing: only what its target does with no gas at all is done.
    function test_AMessageWithoutGasIsDeliveredToAnAccountWithoutCode() public {
        Message[] memory messages = new Message[](2);
        messages[0] = _sendFromL2(alice, makeAddr("nobody"), "", 0, 1);
        messages[1] = _sendFromL2(alice, makeAddr("somebody"), "", 0, 0);
        _proveRoot();

        assertEq(_relayAll(messages), 2);

        assertTrue(l1Messenger.successfulMessages(messages[0].hash()));
        assertTrue(l1Messenger.successfulMessages(messages[1].hash()));
    }

    // ------------------------------------------------------------------------------------------------ the batch stops

    /// @dev At each gas there is, in steps: the items before the stop got all they were promised, the ones behind it
    /// are untouched, and the batch says where it stopped.
    function test_AnyGasKeepsEveryPromiseOrStops() public {
        (Message[] memory messages, address[] memory probes) = _probes(4, 400_000);
        bytes32[] memory siblings = _siblingsOf(messages);
        uint256[5] memory seen;
        uint256 snapshot = vm.snapshotState();
        for (uint256 gas = 300_000; gas < 2_100_000; gas += 4999) {
            uint256 done = _tryRelay(messages, siblings, gas);
            ++seen[done];
            for (uint256 i = 0; i < 4; ++i) {
                assertEq(l1Messenger.successfulMessages(messages[i].hash()), i < done, "delivered");
                assertEq(l1Messenger.relayedMessages(messages[i].hash()), i < done, "touched");
                if (i < done) assertEq(_gasSeen(probes[i]) + PROBE_DELAY, 400_000, "promise");
            }
            vm.revertToState(snapshot);
        }
        for (uint256 done = 0; done <= 4; ++done) {
            assertGt(seen[done], 10);
        }
    }

    function test_StopsBeforeAnItemWithOneGasTooLittle_LargeLimit() public {
        _checkEdges(4, 1_500_000);
    }

    function test_StopsBeforeAnItemWithOneGasTooLittle_SmallLimit() public {
        _checkEdges(4, 60_000);
    }

    function test_SaysHowFarItCame() public {
        (Message[] memory messages,) = _probes(3, 400_000);
        bytes32[] memory siblings = _siblingsOf(messages);
        uint256 edge = _edge(messages, siblings, 1);

        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.RelayedMessage(messages[0].hash());
        vm.expectEmit(address(l1Messenger));
        emit IL1CrossDomainMessenger.BatchStopped(1, 3);
        assertEq(l1Messenger.relayMessages{gas: edge}(messages, 3, siblings), 1);
        // And goes on from there.
        assertEq(l1Messenger.relayMessages(messages, 3, siblings), 3);
    }

    function test_RevertWhen_NotEvenTheFirstCanStart() public {
        (Message[] memory messages,) = _probes(3, 400_000);
        bytes32[] memory siblings = _siblingsOf(messages);

        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector);
        l1Messenger.relayMessages{gas: 400_000}(messages, 3, siblings);
        assertFalse(l1Messenger.relayedMessages(messages[0].hash()));
    }

    /// @dev What was relayed before is nothing that this batch did.
    function test_RevertWhen_NotEvenTheFirstThatIsLeftCanStart() public {
        (Message[] memory messages,) = _probes(3, 400_000);
        bytes32[] memory siblings = _siblingsOf(messages);
        _relayAll(_slice(messages, 0, 2));

        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector);
        l1Messenger.relayMessages{gas: 400_000}(messages, 3, siblings);
        assertEq(l1Messenger.relayMessages{gas: 600_000}(messages, 3, siblings), 3);
    }

    /// @dev To skip a message its promise need not be kept.
    function test_SkipsWithLittleGas() public {
        (Message[] memory messages,) = _probes(3, 400_000);
        _relayAll(messages);

        assertEq(l1Messenger.relayMessages{gas: 100_000}(messages, 3, _siblingsOf(messages)), 3);
    }

    /// @dev Many to be skipped behind one that takes all but what is kept back: the batch stops among them.
    function test_StopsWhereItCannotEvenSkip() public {
        Message[] memory messages = new Message[](12);
        messages[0] = _sendTo(address(new GasEater()), 300_000);
        for (uint256 i = 1; i < 12; ++i) {
            messages[i] = _sendRecord();
        }
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);
        _relayAll(_slice(messages, 1, 12));
        uint256 edge = _edge(messages, siblings, 1);

        uint256 done = l1Messenger.relayMessages{gas: edge}(messages, 12, siblings);

        assertGt(done, 0);
        assertLt(done, 12);
        assertTrue(l1Messenger.failedMessages(messages[0].hash()));
    }

    /// @dev No gas there is suffices for it: the batch stops there, at each try, and the others are relayed without it.
    function test_AMessageOfEndlessGasStopsTheBatch() public {
        uint256[3] memory limits = [uint256(30_000_000), type(uint64).max, type(uint256).max];
        for (uint256 i = 0; i < limits.length; ++i) {
            Message[] memory messages = new Message[](3);
            messages[0] = _sendRecord();
            messages[1] = _sendAsL2Messenger(address(recorder), limits[i]);
            messages[2] = _sendRecord();
            _proveRoot();

            bytes32[] memory siblings = _siblingsOf(messages);
            assertEq(l1Messenger.relayMessages{gas: 16_000_000}(messages, treeKeys.length, siblings), 1);
            assertEq(_relayAll(_only(messages[2])), 1);
            assertFalse(l1Messenger.relayedMessages(messages[1].hash()));
        }
    }

    // --------------------------------------------------------------------------- whatever the target does, to the edge

    function test_RecordsWhatEatsAllGas() public {
        _checkFailureAtTheEdge(address(new GasEater()), 0);
    }

    function test_RecordsTheDearestFailure() public {
        _checkFailureAtTheEdge(address(new Exhauster()), 0);
    }

    function test_RecordsTheDearestFailureOfACallWithValue() public {
        _checkFailureAtTheEdge(address(new Exhauster()), 1);
    }

    function test_RecordsAReturnBomb() public {
        _checkFailureAtTheEdge(address(new ReturnBomb()), 0);
    }

    function test_RecordsTheDearestFailureBehindAColdDelegate() public {
        address delegated = makeAddr("delegated");
        vm.etch(delegated, abi.encodePacked(hex"ef0100", address(new Exhauster())));
        _checkFailureAtTheEdge(delegated, 0);
    }

    /// @dev Value for an account that does not exist yet is the dearest call.
    function test_CreatesAnAccountOrStops() public {
        Message[] memory messages = new Message[](2);
        messages[0] = _sendFromL2(alice, makeAddr("first"), "", 0, 0);
        messages[1] = _sendFromL2(alice, makeAddr("nobody"), new bytes(1000), 0, 1);
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);
        uint256 edge = _edge(messages, siblings, 2);
        uint256 snapshot = vm.snapshotState();

        assertEq(l1Messenger.relayMessages{gas: edge - 1}(messages, 2, siblings), 1);
        vm.revertToState(snapshot);
        assertEq(l1Messenger.relayMessages{gas: edge}(messages, 2, siblings), 2);
        assertTrue(l1Messenger.successfulMessages(messages[1].hash()));
    }

    /// @dev Handling a large message's data takes gas between the check and the call. The limit is above the floor price of the
    /// calldata, below which no transaction starts.
    function test_ALargeMessageGetsItsGasLimitOrTheBatchStops() public {
        address probe = address(new GasProbe());
        Message[] memory messages = new Message[](2);
        messages[0] = _sendFromL2(alice, makeAddr("first"), "", 0, 0);
        messages[1] = _sendFromL2(alice, probe, new bytes(100_000), 3_000_000, 0);
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);
        uint256 edge = _edge(messages, siblings, 2);
        uint256 snapshot = vm.snapshotState();

        assertEq(l1Messenger.relayMessages{gas: edge - 1}(messages, 2, siblings), 1);
        vm.revertToState(snapshot);
        assertEq(l1Messenger.relayMessages{gas: edge}(messages, 2, siblings), 2);
        assertTrue(l1Messenger.successfulMessages(messages[1].hash()));
        assertEq(_gasSeen(probe) + PROBE_DELAY, 3_000_000);
    }

    /// @dev Memory does not grow with the items: the last of many large ones costs what the second costs.
    function test_LateItemsAreNotDearer() public {
        Message[] memory messages = new Message[](12);
        for (uint256 i = 0; i < 12; ++i) {
            messages[i] = _sendFromL2(alice, makeAddr("nobody"), abi.encodePacked(new bytes(10_000), i), 0, 1);
        }
        _proveRoot();
        GasMeter meter = new GasMeter();
        uint256 snapshot = vm.snapshotState();
        uint256[13] memory gas;
        for (uint256 length = 1; length <= 12; ++length) {
            Message[] memory some = _slice(messages, 0, length);
            bytes memory call = abi.encodeCall(l1Messenger.relayMessages, (some, 12, _siblingsOf(some)));
            gas[length] = meter.measure(address(l1Messenger), call);
            vm.revertToState(snapshot);
        }
        uint256 second = gas[2] - gas[1];
        uint256 last = gas[12] - gas[11];
        assertLt(last, second + second / 20);
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    function _probes(uint256 length, uint32 gasLimit)
        private
        returns (Message[] memory messages, address[] memory probes)
    {
        messages = new Message[](length);
        probes = new address[](length);
        for (uint256 i = 0; i < length; ++i) {
            probes[i] = address(new GasProbe());
            messages[i] = _sendTo(probes[i], gasLimit);
        }
        _proveRoot();
    }

    /// @dev For each item, the least gas with which it is started: there it gets all it was promised, and with one gas
    /// less it is not touched.
    function _checkEdges(uint256 length, uint32 gasLimit) private {
        (Message[] memory messages, address[] memory probes) = _probes(length, gasLimit);
        bytes32[] memory siblings = _siblingsOf(messages);
        uint256 snapshot = vm.snapshotState();
        for (uint256 item = 1; item <= length; ++item) {
            uint256 edge = _edge(messages, siblings, item);
            assertEq(_tryRelay(messages, siblings, edge - 1), item - 1, "one gas less");
            assertFalse(l1Messenger.relayedMessages(messages[item - 1].hash()));
            vm.revertToState(snapshot);
            assertEq(_tryRelay(messages, siblings, edge), item, "the edge");
            assertTrue(l1Messenger.successfulMessages(messages[item - 1].hash()));
            assertEq(_gasSeen(probes[item - 1]) + PROBE_DELAY, gasLimit);
            vm.revertToState(snapshot);
            assertEq(_tryRelay(messages, siblings, edge + 1), item, "one gas more");
            vm.revertToState(snapshot);
        }
    }

    /// @dev The target of the second item uses all it can; from the least gas with which it is started on, its failure is
    /// recorded and the batch ends as it should. With one gas less, too.
    function _checkFailureAtTheEdge(address target, uint256 value) private {
        Message[] memory messages = new Message[](3);
        messages[0] = _sendRecord();
        messages[1] = _sendFromL2(alice, target, hex"01", 200_000, value);
        messages[2] = _sendRecord();
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);
        uint256 edge = _edge(messages, siblings, 2);
        uint256 snapshot = vm.snapshotState();
        assertEq(l1Messenger.relayMessages{gas: edge - 1}(messages, 3, siblings), 1);
        vm.revertToState(snapshot);
        for (uint256 more = 0; more < 30_000; more += more < 100 ? 1 : 997) {
            vm.expectEmit(true, false, false, false, address(l1Messenger));
            emit ICrossDomainMessenger.FailureReason(messages[1].hash(), "");
            vm.expectEmit(address(l1Messenger));
            emit IL1CrossDomainMessenger.BatchStopped(2, 3);
            assertEq(l1Messenger.relayMessages{gas: edge + more}(messages, 3, siblings), 2);
            vm.revertToState(snapshot);
        }
    }

    /// @dev The least gas with which at least so many items are done. Leaves the state as it was.
    function _edge(Message[] memory messages, bytes32[] memory siblings, uint256 done) private returns (uint256 edge) {
        uint256 snapshot = vm.snapshotState();
        uint256 low = 20_000;
        edge = 16_000_000;
        while (edge - low > 1) {
            uint256 middle = (low + edge) / 2;
            if (_tryRelay(messages, siblings, middle) >= done) edge = middle;
            else low = middle;
            vm.revertToState(snapshot);
        }
    }

    /// @dev Items that are done with so much gas; none if the batch reverts, as it may only for too little gas.
    function _tryRelay(Message[] memory messages, bytes32[] memory siblings, uint256 gas)
        private
        returns (uint256 done)
    {
        try l1Messenger.relayMessages{gas: gas}(messages, treeKeys.length, siblings) returns (uint256 result) {
            assertGt(result, 0, "a batch that did nothing");
            return result;
        } catch (bytes memory reason) {
            // With too little even for the proof there is no reason.
            assertTrue(
                reason.length == 0
                    || bytes4(reason) == ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector
            );
        }
    }

    function _gasSeen(address probe) private view returns (uint256) {
        return uint256(vm.load(probe, 0));
    }
}

/// @notice Measures a call without what a transaction costs by itself, and without its floor price.
contract GasMeter {
    function measure(address target, bytes memory data) external returns (uint256 used) {
        bool success;
        // Solidity would copy the calldata once more, and count that as well.
        assembly ("memory-safe") {
            used := gas()
            success := call(gas(), target, 0, add(data, 0x20), mload(data), 0, 0)
            used := sub(used, gas())
        }
        require(success, "measured call");
    }
}
