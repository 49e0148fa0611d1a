// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {LaneTest} from "../support/LaneTest.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {ICanonicalTransactionChain} from "xdm/contracts/interfaces/ICanonicalTransactionChain.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {Message} from "xdm/contracts/types/Message.sol";

contract L1SendingTest is LaneTest {
    address private immutable target = makeAddr("target");

    function test_EnqueuesTheMessage() public {
        uint256 nonce = uint256(1) << 240;
        Message memory expected = Message(nonce, alice, target, 2 ether, 100_000, hex"c0ffee");
        bytes memory opaqueData = abi.encodePacked(
            uint256(2 ether), uint256(2 ether), l1Messenger.baseGas(hex"c0ffee", 100_000), false, expected.encode()
        );

        vm.expectEmit(address(ctc));
        emit ICanonicalTransactionChain.TransactionDeposited(_aliasedL1Messenger(), address(l2Messenger), 0, opaqueData);
        vm.expectEmit(address(ctc));
        emit ICanonicalTransactionChain.QueueElement(
            0, keccak256(abi.encode(bytes32(0), _aliasedL1Messenger(), address(l2Messenger), keccak256(opaqueData)))
        );
        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.SentMessage(target, alice, hex"c0ffee", nonce, 100_000);
        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.SentMessageExtension1(alice, 2 ether);
        hoax(alice, 2 ether);
        assertEq(l1Messenger.sendMessage{value: 2 ether}(target, hex"c0ffee", 100_000), expected.hash());

        assertTrue(l1Messenger.sentMessages(expected.hash()));
        assertFalse(l2Messenger.sentMessages(expected.hash()));
    }

    function test_KeepsTheValueAsTheSoleVault() public {
        _sendFromL1(alice, target, "", 0, 2 ether);

        assertEq(address(l1Messenger).balance, 2 ether);
        assertEq(address(ctc).balance, 0);
    }

    /// @dev From the event alone, as a node does it.
    function test_ItsDepositDeliversTheMessage() public {
        Recorder recorder = new Recorder(l2Messenger);
        vm.recordLogs();
        _sendFromL1(alice, address(recorder), abi.encodeCall(Recorder.record, ("a", "b", "c", "d")), 100_000, 1 ether);

        _executeDeposited(vm.getRecordedLogs()[0]);

        assertEq(recorder.sender(), alice);
        assertEq(recorder.count(), 1);
        assertEq(address(recorder).balance, 1 ether);
    }

    function test_ItsCounterIsTheQueueIndex() public {
        assertEq(l1Messenger.messageNonce(), uint256(1) << 240);
        _sendFromL1(alice, target, "", 0, 0);
        ctc.enqueue(target, 100_000, "");
        ctc.enqueue(target, 100_000, "");
        assertEq(l1Messenger.messageNonce(), (uint256(1) << 240) | 3);

        vm.recordLogs();
        _sendFromL1(alice, target, "", 0, 0);
        Vm.Log memory queueElement = vm.getRecordedLogs()[1];
        assertEq(queueElement.topics[0], ICanonicalTransactionChain.QueueElement.selector);
        assertEq(uint256(queueElement.topics[1]), 3);
    }

    // ------------------------------------------------------------------------------------------ what cannot be sent

    function test_RevertWhen_TheTargetIsRefusedOnL2() public {
        address[3] memory refused = [address(l2Messenger), address(passer), address(l1Messenger)];
        for (uint256 i = 0; i < refused.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, refused[i])
            );
            l1Messenger.sendMessage(refused[i], "", 0);
        }
    }

    function test_TakesDataUpToTheLimit() public {
        l1Messenger.sendMessage(target, new bytes(100_000), 0);

        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_DataTooLarge.selector, 100_001, 100_000)
        );
        l1Messenger.sendMessage(target, new bytes(100_001), 0);
    }

    /// @dev Whatever its length, what the messenger takes the queue takes as well.
    function testFuzz_TakesDataOfAnyLength(uint256 length) public {
        bytes memory data = new bytes(bound(length, 0, 100_000));
        uint256 encodedLength = Message(0, alice, target, 0, 0, data).encode().length;
        assertGe(l1Messenger.baseGas(data, 0), ctc.minimumGasLimit(encodedLength));

        l1Messenger.sendMessage(target, data, 0);
    }

    /// @dev The next gas limit up would take a deposit of more than 16,777,216 gas.
    function test_TakesAGasLimitUpToWhatATransactionCarries() public {
        uint32 highest = 16_421_946;
        assertEq(l1Messenger.baseGas("", highest), 16_777_216);
        assertGt(l1Messenger.baseGas("", highest + 1), 16_777_216);
        l1Messenger.sendMessage(target, "", highest);

        _nextBlock();
        vm.expectRevert(
            abi.encodeWithSelector(
                ICrossDomainMessenger.CrossDomainMessenger_GasLimitTooHigh.selector,
                l1Messenger.baseGas("", highest + 1),
                16_777_216
            )
        );
        l1Messenger.sendMessage(target, "", highest + 1);
    }

    // --------------------------------------------------------------------------------------------------- replaying

    function test_ReplayEnqueuesAgainWithoutMinting() public {
        Message memory message = _sendFromL1(alice, target, hex"01", 100_000, 1 ether);
        uint64 gasLimit = _baseGas(message) + 50_000;
        _nextBlock();

        vm.expectEmit(address(ctc));
        emit ICanonicalTransactionChain.TransactionDeposited(
            _aliasedL1Messenger(),
            address(l2Messenger),
            0,
            abi.encodePacked(uint256(0), uint256(1 ether), gasLimit, false, message.encode())
        );
        vm.prank(makeAddr("anyone"));
        l1Messenger.replayMessage(message, gasLimit);

        assertEq(ctc.getQueueLength(), 2);
        assertEq(address(l1Messenger).balance, 1 ether);
    }

    /// @dev A first deposit that failed for its gas leaves its value with the aliased messenger.
    function test_ReplayDeliversWhatAFailedDepositLeft() public {
        Recorder recorder = new Recorder(l2Messenger);
        bytes memory data = abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
        Message memory message = _sendFromL1(alice, address(recorder), data, 100_000, 1 ether);
        assertFalse(_deliverDeposit(message, 40_000), "out of gas");
        assertEq(_aliasedL1Messenger().balance, 1 ether);

        vm.recordLogs();
        l1Messenger.replayMessage(message, _baseGas(message));
        _executeDeposited(vm.getRecordedLogs()[0]);

        assertEq(recorder.count(), 1);
        assertEq(address(recorder).balance, 1 ether);
    }

    function test_RevertWhen_AMessageIsReplayedThatWasNotSent() public {
        Message memory message = _sendFromL1(alice, target, hex"01", 100_000, 0);
        message.data = hex"02";

        vm.expectRevert(
            abi.encodeWithSelector(
                IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageNotSent.selector, message.hash()
            )
        );
        l1Messenger.replayMessage(message, 1_000_000);
    }

    function test_RevertWhen_AReplayHasTooLittleGas() public {
        Message memory message = _sendFromL1(alice, target, hex"01", 100_000, 0);
        uint64 minimum = _baseGas(message);

        vm.expectRevert(
            abi.encodeWithSelector(
                IL1CrossDomainMessenger.L1CrossDomainMessenger_ReplayGasTooLow.selector, minimum - 1, minimum
            )
        );
        l1Messenger.replayMessage(message, minimum - 1);
        l1Messenger.replayMessage(message, minimum);
    }

    function test_RevertWhen_AReplayCouldNeverBeExecuted() public {
        Message memory message = _sendFromL1(alice, target, hex"01", 100_000, 0);
        _nextBlock();

        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_GasLimitTooHigh.selector, 16_777_217, 16_777_216
            )
        );
        l1Messenger.replayMessage(message, 16_777_217);
        l1Messenger.replayMessage(message, 16_777_216);
    }

    /// @dev Executes a deposit on L2 from its event.
    function _executeDeposited(Vm.Log memory log) private {
        assertEq(log.topics[0], ICanonicalTransactionChain.TransactionDeposited.selector);
        address from = address(uint160(uint256(log.topics[1])));
        bytes memory opaqueData = abi.decode(log.data, (bytes));
        (uint256 mint, uint256 value) = abi.decode(opaqueData, (uint256, uint256));
        vm.deal(from, from.balance + mint);
        vm.prank(from, from);
        bytes memory data = bytes(_slice(opaqueData, 73));
        (bool success,) = address(uint160(uint256(log.topics[2]))).call{value: value}(data);
        assertTrue(success);
    }

    function _slice(bytes memory data, uint256 from) private pure returns (bytes memory slice) {
        slice = new bytes(data.length - from);
        for (uint256 i = 0; i < slice.length; ++i) {
            slice[i] = data[from + i];
        }
    }
}
