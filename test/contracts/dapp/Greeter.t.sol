// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Greeter} from "../../../examples/greeter/Greeter.sol";
import {LaneTest} from "../support/LaneTest.sol";
import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice The example of the README, on both ends of a lane.
contract GreeterTest is LaneTest {
    Greeter private onL1;
    Greeter private onL2;

    function setUp() public override {
        super.setUp();
        uint256 nonce = vm.getNonce(address(this));
        onL1 = new Greeter(l1Messenger, vm.computeCreateAddress(address(this), nonce + 1));
        onL2 = new Greeter(l2Messenger, address(onL1));
        assertEq(onL1.counterpart(), address(onL2));
    }

    function test_GreetsBothWays() public {
        Message memory up = _greeting(l1Messenger.messageNonce(), onL1, onL2, "hello L2");
        onL1.greet("hello L2");
        assertTrue(_deliverDeposit(up, _baseGas(up)));
        assertEq(onL2.greeting(), "hello L2");

        Message memory down = _greeting(l2Messenger.messageNonce(), onL2, onL1, "hello L1");
        onL2.greet("hello L1");
        _recordPassed(down.hash());
        assertTrue(l1Messenger.relayMessage(down, _finalizedProof(down)));
        assertEq(onL1.greeting(), "hello L1");
    }

    function test_RevertWhen_AnyoneGreetsItDirectly() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, alice));
        onL1.receiveGreeting("hello");
    }

    function test_IsNotGreetedByOthersOfTheOtherChain() public {
        bytes memory data = abi.encodeCall(Greeter.receiveGreeting, ("hello"));
        Message memory message = _sendFromL1(alice, address(onL2), data, 200_000, 0);
        assertTrue(_deliverDeposit(message, _baseGas(message)));
        assertTrue(l2Messenger.failedMessages(message.hash()));
        assertEq(onL2.greeting(), "");
    }

    function _greeting(uint256 nonce, Greeter from, Greeter to, string memory words)
        private
        pure
        returns (Message memory)
    {
        bytes memory data = abi.encodeCall(Greeter.receiveGreeting, (words));
        return Message(nonce, address(from), address(to), 0, 200_000, data);
    }
}
