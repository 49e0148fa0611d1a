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

    /// @dev The messenger's sender is the gateway: whoever allows it allows everybody who sends through it.
    function test_AnAllowlistKnowsTheGatewayAndNotWhoSendsThroughIt() public {
        IDeployedSenderAllowlist allowlist = IDeployedSenderAllowlist(_create("SenderAllowlist", abi.encode(owner)));
        _deploy(true, address(allowlist));
        _deployGateways(l1Messenger, l2Messenger);
        vm.prank(owner);
        allowlist.setAllowed(alice, true);

        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IL2CrossDomainMessenger.L2CrossDomainMessenger_SenderNotAllowed.selector, l2Gateway)
        );
        l2Gateway.sendMessage(_on(L1_CHAIN_ID, alice), "", noAttributes);

        vm.prank(owner);
        allowlist.setAllowed(address(l2Gateway), true);
        assertNotEq(l2Gateway.sendMessage(_on(L1_CHAIN_ID, alice), "", noAttributes), 0);
    }

    function _on(uint256 chainId, address account) private pure returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(chainId, account);
    }
}
