// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {CrossDomainGatewayTest} from "xdm/contracts/testing/CrossDomainGatewayTest.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

import {Announcer} from "./Announcer.sol";
import {NoticeBoard} from "./NoticeBoard.sol";

contract NoticeBoardTest is CrossDomainGatewayTest {
    Announcer private announcer;
    NoticeBoard private board;

    function setUp() public {
        announcer = new Announcer(l1Gateway);
        board = new NoticeBoard(address(l2Gateway), l1ChainId, address(announcer));
    }

    function test_AnAnnouncementOnL1IsANoticeOnL2() public {
        announcer.announce(l2ChainId, address(board), "closed on Sundays");
        assertTrue(relayToL2()[0].success);
        assertEq(board.notice(), "closed on Sundays");
    }

    function test_NobodyElseAnnounces() public {
        Announcer other = new Announcer(l1Gateway);
        other.announce(l2ChainId, address(board), "closed for ever");
        Attempt memory attempt = relayToL2()[0];
        assertFalse(attempt.success);
        assertEq(bytes4(attempt.reason), ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector);
        assertEq(board.notice(), "");
    }

    function test_RevertWhen_AnyoneIsTheGateway() public {
        bytes memory sender = board.announcer();
        vm.expectPartialRevert(ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector);
        board.receiveMessage(0, sender, "closed for ever");
    }
}
