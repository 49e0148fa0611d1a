// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Counterpart} from "../support/omnichain/Counterpart.sol";
import {OmnichainEnabled} from "xdm/contracts/dapp/OmnichainEnabled.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";

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
