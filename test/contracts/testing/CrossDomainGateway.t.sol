// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {CrosschainToken} from "../support/crosschain/CrosschainToken.sol";
import {PlainToken} from "../support/crosschain/PlainToken.sol";
import {TokenVault} from "../support/crosschain/TokenVault.sol";
import {ICrossDomainGateway} from "xdm/contracts/interfaces/ICrossDomainGateway.sol";
import {CrossDomainGatewayTest} from "xdm/contracts/testing/CrossDomainGatewayTest.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice A test as a user would write it, of a token that crosses by OpenZeppelin's bridges.
contract CrosschainTokenTest is CrossDomainGatewayTest {
    address private immutable alice = makeAddr("alice");

    PlainToken private token;
    TokenVault private vault;
    CrosschainToken private onL2;

    function setUp() public {
        token = new PlainToken(alice, 1000);
        // Each is told the other's address, so that of the second is needed before it is there.
        address second = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        vault = new TokenVault(token, _link(address(l1Gateway), _onL2(second)));
        onL2 = new CrosschainToken(_link(address(l2Gateway), _onL1(address(vault))));
        vm.prank(alice);
        token.approve(address(vault), type(uint256).max);
    }

    function test_ATokenCrosses() public {
        vm.prank(alice);
        vault.crosschainTransfer(InteroperableAddress.formatEvmV1(l2ChainId, alice), 100);
        assertTrue(relayToL2()[0].success);
        assertEq(onL2.balanceOf(alice), 100);
    }

    function test_ATokenComesBack() public {
        test_ATokenCrosses();

        vm.prank(alice);
        bytes32 messageHash = onL2.crosschainTransfer(_onL1(alice), 40);
        assertTrue(relayToL1(messageHash).success);
        assertEq(token.balanceOf(alice), 940);
    }

    function test_NobodyElseMints() public {
        vm.prank(alice);
        l1Gateway.sendMessage(
            _onL2(address(onL2)), abi.encode(_onL1(alice), abi.encodePacked(alice), 1), new bytes[](0)
        );
        Attempt memory attempt = relayToL2()[0];
        assertFalse(attempt.success);
        assertEq(bytes4(attempt.reason), ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector);
    }

    function test_TheGatewaysKnowEachOtherAndTheChainIsAsItWas() public view {
        assertEq(ICrossDomainGateway(address(l1Gateway)).remoteGateway(), address(l2Gateway));
        assertEq(ICrossDomainGateway(address(l2Gateway)).remoteGateway(), address(l1Gateway));
        assertEq(block.chainid, 31_337);
    }

    function _link(address gateway, bytes memory counterpart)
        private
        pure
        returns (CrosschainLinked.Link[] memory links)
    {
        links = new CrosschainLinked.Link[](1);
        links[0] = CrosschainLinked.Link(gateway, counterpart);
    }

    function _onL1(address account) private view returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(l1ChainId, account);
    }

    function _onL2(address account) private view returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(l2ChainId, account);
    }
}
