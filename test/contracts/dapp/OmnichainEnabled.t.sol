// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Counterpart} from "../support/omnichain/Counterpart.sol";
import {OmnichainEnabled} from "xdm/contracts/dapp/OmnichainEnabled.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";
import {OmnichainLaneTest} from "xdm/contracts/testing/OmnichainLaneTest.sol";

/// @notice Whom applications hear. What they hear by the services themselves is in Route.t.sol.
contract OmnichainEnabledTest is Test {
    address private immutable service = makeAddr("service");
    address private immutable stranger = makeAddr("stranger");

    Counterpart private counterpart;

    function setUp() public {
        counterpart = new Counterpart(IOmnichainService(service));
    }

    function test_TheServiceIsHeard() public {
        vm.prank(service);
        counterpart.mapoExecute(1, 2, abi.encodePacked(stranger), "order", "hello");
        assertEq(counterpart.lastMessage(), "hello");
        vm.prank(service);
        counterpart.note("called");
        assertEq(counterpart.lastMessage(), "called");
    }

    function test_RevertWhen_SomebodyElseHandsAMessageOver() public {
        _expectNotService();
        counterpart.mapoExecute(1, 2, abi.encodePacked(stranger), "order", "hello");
    }

    function test_RevertWhen_SomebodyElseCallsWhatTheServiceMay() public {
        _expectNotService();
        counterpart.note("called");
    }

    function _expectNotService() private {
        vm.expectRevert(abi.encodeWithSelector(OmnichainEnabled.OmnichainEnabled_NotService.selector, stranger));
        vm.prank(stranger);
    }
}

/// @notice What applications pay, to the services that are deployed.
contract OmnichainEnabledFeeTest is OmnichainLaneTest {
    uint256 private constant GAS_LIMIT = 300_000;

    Counterpart private counterpart;
    uint256 private fee;

    function setUp() public {
        counterpart = new Counterpart(serviceA);
        (fee,) = serviceA.getMessageFee(chainB, address(0), GAS_LIMIT);
        vm.chainId(chainA);
    }

    function test_TheFeeCanBeAllThatTheContractHolds() public {
        vm.deal(address(counterpart), fee);
        _send();
        assertEq(address(counterpart).balance, 0);
        assertEq(lane.feeReceiver().balance, fee);
    }

    function test_RevertWhen_TheFeeIsMoreThanTheContractHolds() public {
        vm.deal(address(counterpart), fee - 1);
        vm.expectRevert(abi.encodeWithSelector(OmnichainEnabled.OmnichainEnabled_FeeNotCovered.selector, fee - 1, fee));
        _send();
    }

    function _send() private {
        bytes memory target = abi.encodePacked(counterpart);
        counterpart.send(chainB, MessageData(false, MessageType.Message, target, "hello", GAS_LIMIT, 0));
    }
}
