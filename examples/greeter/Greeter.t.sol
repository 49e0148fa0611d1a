// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {CrossDomainTest} from "xdm/contracts/testing/CrossDomainTest.sol";

import {Greeter} from "./Greeter.sol";

contract GreeterTest is CrossDomainTest {
    Greeter private onL1;
    Greeter private onL2;

    function setUp() public {
        // Each is told the other's address, so that of the second is needed before it is there.
        address second = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        onL1 = new Greeter(l1Messenger, second);
        onL2 = new Greeter(l2Messenger, address(onL1));
        assertEq(address(onL2), second);
    }

    function test_GreetsBothWays() public {
        onL1.greet("hello L2");
        relayToL2();
        assertEq(onL2.greeting(), "hello L2");

        onL2.greet("hello L1");
        relayToL1();
        assertEq(onL1.greeting(), "hello L1");
    }

    function test_RevertWhen_AnyoneGreetsItDirectly() public {
        vm.expectRevert(
            abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, address(this))
        );
        onL1.receiveGreeting("hello");
    }

    function test_RevertWhen_AnyoneElseOfTheOtherChainGreetsIt() public {
        address other = makeAddr("other");
        vm.expectRevert(
            abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotCounterpart.selector, other, address(onL1))
        );
        impersonateRemoteSenderOnL2(other, address(onL2), 0, abi.encodeCall(Greeter.receiveGreeting, ("hello")));
    }
}
