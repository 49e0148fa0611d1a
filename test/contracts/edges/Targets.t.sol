// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {Echo, SelfDestructing, ShortLivedSender} from "../support/targets/Unusual.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Senders and targets that are not plain contracts.
contract TargetEdgesTest is MessageTreeTest {
    address private constant SHA256 = address(2);
    uint256 private constant KEY = uint256(keccak256("an account"));

    // -------------------------------------------------------------------------------------------------- precompiles

    function test_APrecompileIsATargetWithoutCode() public {
        Message memory down = _sendFromL1(alice, SHA256, hex"01", 100_000, 0);
        assertTrue(_deliverDeposit(down, _baseGas(down)));
        assertTrue(l2Messenger.failedMessages(down.hash()));
        assertFalse(l2Messenger.successfulMessages(down.hash()));

        Message memory up = _sendFromL2(alice, SHA256, hex"01", 100_000, 0);
        assertFalse(_relayed(up));
        assertTrue(l1Messenger.failedMessages(up.hash()));
    }

    // ----------------------------------------------------------------------------------------- a target that sends

    /// @dev Both chains are one EVM here: the contract has one address on both.
    function test_ATargetMayBeTheSenderItself() public {
        Echo onL2 = new Echo(l2Messenger);
        Message memory down = Message(l1Messenger.messageNonce(), address(onL2), address(onL2), 0, 100_000, hex"01");
        onL2.send(l1Messenger, down.target, down.data, 100_000);
        assertTrue(_deliverDeposit(down, _baseGas(down)));
        assertEq(onL2.count(), 1);
        assertEq(onL2.sender(), address(onL2));

        Echo onL1 = new Echo(l1Messenger);
        Message memory up = Message(l2Messenger.messageNonce(), address(onL1), address(onL1), 0, 100_000, hex"01");
        onL1.send(l2Messenger, up.target, up.data, 100_000);
        _recordPassed(up.hash());
        assertTrue(_relayed(up));
        assertEq(onL1.count(), 1);
        assertEq(onL1.sender(), address(onL1));
    }

    // ------------------------------------------------------------------------------------------------- self-destruct

    function test_AMessageOutlivesItsSender() public {
        bytes memory data = abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
        uint256 nonce = l2Messenger.messageNonce();
        address sender = address(new ShortLivedSender(l2Messenger, address(recorder), data, 200_000));
        assertEq(sender.code.length, 0, "gone");
        Message memory up = Message(nonce, sender, address(recorder), 0, 200_000, data);
        _recordPassed(up.hash());
        assertTrue(_relayed(up));
        assertEq(recorder.sender(), sender);

        Recorder onL2 = new Recorder(l2Messenger);
        nonce = l1Messenger.messageNonce();
        sender = address(new ShortLivedSender(l1Messenger, address(onL2), data, 200_000));
        Message memory down = Message(nonce, sender, address(onL2), 0, 200_000, data);
        assertTrue(_deliverDeposit(down, _baseGas(down)));
        assertEq(onL2.sender(), sender);
    }

    function test_ATargetMayDestructItself() public {
        address payable heir = payable(makeAddr("heir"));
        address target = address(new SelfDestructing(heir));
        Message memory down = _sendFromL1(alice, target, hex"01", 100_000, 1 ether);
        assertTrue(_deliverDeposit(down, _baseGas(down)));
        assertTrue(l2Messenger.successfulMessages(down.hash()));
        assertEq(heir.balance, 1 ether);

        Message memory up = _sendFromL2(alice, target, hex"01", 100_000, 1 ether);
        assertTrue(_relayed(up));
        assertEq(heir.balance, 2 ether);
    }

    // ------------------------------------------------------------------------------------------------------ EIP-7702

    function test_ADelegatedAccountRunsItsDelegatesCode() public {
        address target = _delegated(address(new Recorder(l1Messenger)));
        Message memory up = _sendTo(target, 200_000);
        assertTrue(_relayed(up));
        assertEq(Recorder(target).count(), 1);
        assertEq(Recorder(target).sender(), alice);

        target = _delegated(address(new Recorder(l2Messenger)));
        vm.store(target, bytes32(uint256(2)), 0);
        bytes memory data = abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
        Message memory down = _sendFromL1(alice, target, data, 200_000, 0);
        assertTrue(_deliverDeposit(down, _baseGas(down)));
        assertEq(Recorder(target).count(), 1);
    }

    /// @dev The account has code, the delegation, so the message is delivered, and runs nothing: as with any transaction to
    /// such an account, whose owner chose the delegate.
    function test_ADelegateWithoutCodeTakesAMessageAndRunsNothing() public {
        address target = _delegated(makeAddr("nothing"));
        Message memory up = _sendTo(target, 200_000);
        assertTrue(_relayed(up));
        assertTrue(l1Messenger.successfulMessages(up.hash()));

        Message memory down = _sendFromL1(alice, target, hex"01", 100_000, 0);
        assertTrue(_deliverDeposit(down, _baseGas(down)));
        assertTrue(l2Messenger.successfulMessages(down.hash()));
    }

    // ------------------------------------------------------------------------------------------- value, then repaired

    function test_ValueWaitsForARepairedTargetInABatchToo() public {
        Fragile target = new Fragile("");
        Message[] memory messages = new Message[](3);
        messages[0] = _sendRecord();
        messages[1] = _sendFromL2(alice, address(target), hex"01", 100_000, 1 ether);
        messages[2] = _sendRecord();
        _proveRoot();
        assertEq(_relayAll(messages), 3);
        assertFalse(l1Messenger.successfulMessages(messages[1].hash()));
        assertEq(address(target).balance, 0);

        target.repair();
        assertEq(_relayAll(messages), 3);
        assertTrue(l1Messenger.successfulMessages(messages[1].hash()));
        assertEq(address(target).balance, 1 ether);
        assertEq(recorder.count(), 2);
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function _relayed(Message memory message) private returns (bool) {
        MessageProof memory proof = _finalizedProof(message);
        return l1Messenger.relayMessage(message, proof);
    }

    /// @dev An account that signed a delegation.
    function _delegated(address delegate) private returns (address account) {
        account = vm.addr(KEY);
        vm.signAndAttachDelegation(delegate, KEY);
        // Any transaction carries it.
        (bool succeeded,) = makeAddr("anyone").call("");
        assertTrue(succeeded);
        assertEq(account.code, abi.encodePacked(hex"ef0100", delegate));
    }
}
