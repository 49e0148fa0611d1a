// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {IDeployedSenderAllowlist} from "../support/Deployed.sol";
import {GatewayPair} from "../support/GatewayPair.sol";
import {LaneTest} from "../support/LaneTest.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "xdm/contracts/interfaces/IL2CrossDomainMessenger.sol";

/// @notice Gateways over lanes without value, or with an allowlist.
contract GatewayLaneKindsTest is LaneTest, GatewayPair {
    bytes[] private noAttributes;

    function test_RevertWhen_ValueIsSentOverALaneWithoutValue() public {
        _deploy(false, address(0));
        _deployGateways(l1Messenger, l2Messenger);

        vm.deal(alice, 1 ether);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_ValueDisabled.selector, 1 ether)
        );
        l1Gateway.sendMessage{value: 1 ether}(_on(L2_CHAIN_ID, alice), "", noAttributes);
    }

    /// @dev The messenger's sender is the gateway. That it is allowed must not let everybody send through it.
    function test_AnAllowlistSaysWhoSendsThroughAGateway() public {
        IDeployedSenderAllowlist allowlist = IDeployedSenderAllowlist(_create("SenderAllowlist", abi.encode(owner)));
        _deploy(true, address(allowlist));
        _deployGateways(l1Messenger, l2Messenger);
        _allow(allowlist, alice);
        _expectNotAllowed(address(l2Gateway));
        vm.prank(alice);
        l2Gateway.sendMessage(_on(L1_CHAIN_ID, alice), "", noAttributes);

        _allow(allowlist, address(l2Gateway));

        vm.prank(alice);
        assertNotEq(l2Gateway.sendMessage(_on(L1_CHAIN_ID, alice), "", noAttributes), 0);
        address bob = makeAddr("bob");
        _expectNotAllowed(bob);
        vm.prank(bob);
        l2Gateway.sendMessage(_on(L1_CHAIN_ID, alice), "", noAttributes);
    }

    function test_AnAllowlistOfL2SaysNothingAboutL1() public {
        _deploy(true, _create("SenderAllowlist", abi.encode(owner)));
        _deployGateways(l1Messenger, l2Messenger);

        vm.prank(alice);
        l1Gateway.sendMessage(_on(L2_CHAIN_ID, alice), "", noAttributes);
        assertEq(ctc.getQueueLength(), 1);
    }

    function _allow(IDeployedSenderAllowlist allowlist, address account) private {
        vm.prank(owner);
        allowlist.setAllowed(account, true);
    }

    function _expectNotAllowed(address sender) private {
        vm.expectRevert(
            abi.encodeWithSelector(IL2CrossDomainMessenger.L2CrossDomainMessenger_SenderNotAllowed.selector, sender)
        );
    }

    function _on(uint256 chainId, address account) private pure returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(chainId, account);
    }
}
