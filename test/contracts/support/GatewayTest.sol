// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {GatewayPair, IDeployedGateway} from "./GatewayPair.sol";
import {CrossDomainTest} from "xdm/contracts/testing/CrossDomainTest.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice A lane with a pair of gateways over it.
abstract contract GatewayTest is CrossDomainTest, GatewayPair {
    uint256 internal constant L1_CHAIN_ID = 900;
    uint256 internal constant L2_CHAIN_ID = 901;

    address internal immutable alice = makeAddr("alice");
    bytes[] internal noAttributes;

    function setUp() public virtual {
        _deployGateways(l1Messenger, l2Messenger);
        vm.deal(alice, 100 ether);
    }

    // ----------------------------------------------------------------------------------------------------- sending

    /// @dev As alice.
    function _sendFromL1(address recipient, bytes memory payload, uint256 value) internal returns (bytes32 sendId) {
        return _send(l1Gateway, _onL2(recipient), payload, value);
    }

    function _sendFromL2(address recipient, bytes memory payload, uint256 value) internal returns (bytes32 sendId) {
        return _send(l2Gateway, _onL1(recipient), payload, value);
    }

    function _send(IDeployedGateway gateway, bytes memory recipient, bytes memory payload, uint256 value)
        internal
        returns (bytes32 sendId)
    {
        vm.prank(alice);
        return gateway.sendMessage{value: value}(recipient, payload, noAttributes);
    }

    function _onL1(address account) internal pure returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(L1_CHAIN_ID, account);
    }

    function _onL2(address account) internal pure returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(L2_CHAIN_ID, account);
    }

    // --------------------------------------------------------------------------------------------------- receiving

    function _relayOneToL2() internal returns (Attempt memory) {
        Attempt[] memory attempts = relayToL2();
        assertEq(attempts.length, 1);
        return attempts[0];
    }

    function _relayOneToL1() internal returns (Attempt memory) {
        Attempt[] memory attempts = relayToL1();
        assertEq(attempts.length, 1);
        return attempts[0];
    }

    function _assertFailed(Attempt memory attempt, bytes memory reason) internal pure {
        assertFalse(attempt.success);
        assertEq(attempt.reason, reason);
    }
}
