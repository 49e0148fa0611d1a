// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OmnichainEnabled} from "xdm/contracts/dapp/OmnichainEnabled.sol";
import {IFeeTable} from "xdm/contracts/omnichain/interfaces/IFeeTable.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {OmnichainLaneTest} from "xdm/contracts/testing/OmnichainLaneTest.sol";
import {OmnichainAttempt} from "xdm/contracts/testing/TestOmnichainLane.sol";

import {OmnichainGreeter} from "./OmnichainGreeter.sol";

contract OmnichainGreeterTest is OmnichainLaneTest {
    OmnichainGreeter private onA;
    OmnichainGreeter private onB;

    function setUp() public {
        // Each is told the other's address, so that of the second is needed before it is there.
        address second = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        onA = new OmnichainGreeter(serviceA, chainB, second);
        onB = new OmnichainGreeter(serviceB, chainA, address(onA));
        assertEq(address(onB), second);
    }

    receive() external payable {}

    function test_GreetsBothWays() public {
        vm.chainId(chainA);
        onA.greet{value: 1 ether}("hello B");
        relay();
        assertEq(onB.greeting(), "hello B");

        vm.chainId(chainB);
        onB.greet{value: 1 ether}("hello A");
        relay();
        assertEq(onA.greeting(), "hello A");
    }

    function test_TheRestOfThePaymentComesBack() public {
        vm.chainId(chainA);
        uint256 balance = address(this).balance;
        onA.greet{value: 1 ether}("hello");
        (uint256 fee,) = serviceA.getMessageFee(chainB, address(0), 200_000);
        assertEq(balance - address(this).balance, fee);
        assertEq(lane.feeReceiver().balance, fee);
    }

    function test_AnotherGreeterIsNotHeard() public {
        vm.chainId(chainA);
        OmnichainGreeter other = new OmnichainGreeter(serviceA, chainB, address(onB));
        bytes32 orderId = other.greet{value: 1 ether}("let me in");

        OmnichainAttempt[] memory attempts = relay();
        assertEq(attempts[0].orderId, orderId);
        assertFalse(attempts[0].success);
        assertEq(bytes4(attempts[0].reason), IOmnichainService.OmnichainService_CallerNotAllowed.selector);
        assertEq(onB.greeting(), "");
    }

    function test_RevertWhen_TheFeeIsNotCovered() public {
        vm.chainId(chainA);
        vm.prank(lane.owner());
        IFeeTable(address(serviceA)).setFee(chainB, address(0), 2 ether, 0);
        vm.expectRevert(
            abi.encodeWithSelector(OmnichainEnabled.OmnichainEnabled_FeeNotCovered.selector, 1 ether, 2 ether)
        );
        onA.greet{value: 1 ether}("hello");
    }
}
