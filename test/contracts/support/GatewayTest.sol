// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {ICrossDomainGateway} from "xdm/contracts/interfaces/ICrossDomainGateway.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {CrossDomainTest} from "xdm/contracts/testing/CrossDomainTest.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice A gateway as tests see it. It is compiled through the IR: they do not import it, see {Deployed}.
interface IDeployedGateway is ICrossDomainGateway, IERC7786GatewaySource {
    function messenger() external view returns (ICrossDomainMessenger);
}

/// @notice A lane with a pair of gateways over it.
abstract contract GatewayTest is CrossDomainTest {
    uint256 internal constant L1_CHAIN_ID = 900;
    uint256 internal constant L2_CHAIN_ID = 901;

    address internal immutable alice = makeAddr("alice");
    bytes[] internal noAttributes;

    IDeployedGateway internal l1Gateway;
    IDeployedGateway internal l2Gateway;

    function setUp() public virtual {
        address second = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        vm.chainId(L1_CHAIN_ID);
        l1Gateway = _createGateway(l1Messenger, second);
        vm.chainId(L2_CHAIN_ID);
        l2Gateway = _createGateway(l2Messenger, address(l1Gateway));
        assertEq(address(l2Gateway), second);
        vm.deal(alice, 100 ether);
    }

    function _createGateway(ICrossDomainMessenger messenger, address remoteGateway)
        internal
        returns (IDeployedGateway)
    {
        bytes memory arguments = abi.encode(messenger, remoteGateway);
        return IDeployedGateway(deployCode("CrossDomainGateway.sol:CrossDomainGateway", arguments));
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
