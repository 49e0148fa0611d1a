// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Greets its counterpart, and takes greetings from it alone.
contract Greeter is CrossDomainEnabled {
    address public immutable counterpart;
    string public greeting;

    constructor(ICrossDomainMessenger messenger_, address counterpart_) CrossDomainEnabled(messenger_) {
        counterpart = counterpart_;
    }

    function greet(string calldata words) external payable returns (bytes32) {
        return _sendCrossDomainMessage(counterpart, msg.value, 200_000, abi.encodeCall(this.receiveGreeting, (words)));
    }

    function receiveGreeting(string calldata words) external payable onlyFromCrossDomainAccount(counterpart) {
        greeting = words;
    }
}

contract CrossDomainEnabledTest is LaneTest {
    Greeter private onL1;
    Greeter private onL2;

    function setUp() public override {
        super.setUp();
        uint256 nonce = vm.getNonce(address(this));
        onL1 = new Greeter(l1Messenger, vm.computeCreateAddress(address(this), nonce + 1));
        onL2 = new Greeter(l2Messenger, address(onL1));
        assertEq(onL1.counterpart(), address(onL2));
    }

    function test_CounterpartsReachEachOtherBothWays() public {
        Message memory up = Message({
            nonce: l1Messenger.messageNonce(),
            sender: address(onL1),
            target: address(onL2),
            value: 1 ether,
            gasLimit: 200_000,
            data: abi.encodeCall(Greeter.receiveGreeting, ("hello L2"))
        });
        assertEq(onL1.greet{value: 1 ether}("hello L2"), up.hash());
        assertTrue(_deliverDeposit(up, _baseGas(up)));
        assertEq(onL2.greeting(), "hello L2");
        assertEq(address(onL2).balance, 1 ether);

        Message memory down = Message({
            nonce: l2Messenger.messageNonce(),
            sender: address(onL2),
            target: address(onL1),
            value: 0,
            gasLimit: 200_000,
            data: abi.encodeCall(Greeter.receiveGreeting, ("hello L1"))
        });
        assertEq(onL2.greet("hello L1"), down.hash());
        _recordPassed(down.hash());
        assertTrue(l1Messenger.relayMessage(down, _finalizedProof(down)));
        assertEq(onL1.greeting(), "hello L1");
    }

    function test_RevertWhen_TheCallerIsNotTheMessenger() public {
        address[3] memory callers = [alice, address(onL2), address(l2Messenger)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, callers[i])
            );
            onL1.receiveGreeting("");
        }
    }

    function test_FailsWhen_TheSenderIsNotTheCounterpart() public {
        bytes memory data = abi.encodeCall(Greeter.receiveGreeting, ("I am your counterpart"));
        Message memory message = _sendFromL1(alice, address(onL2), data, 200_000, 0);

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.FailureReason(
            message.hash(),
            abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotCounterpart.selector, alice, address(onL1))
        );
        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(l2Messenger.failedMessages(message.hash()));
        assertEq(onL2.greeting(), "");
    }
}
