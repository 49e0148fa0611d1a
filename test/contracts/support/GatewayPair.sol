// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Test} from "forge-std/Test.sol";

import {ICrossDomainGateway} from "xdm/contracts/interfaces/ICrossDomainGateway.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice A gateway as tests see it. It is compiled through the IR: they do not import it, see {Deployed}.
interface IDeployedGateway is ICrossDomainGateway, IERC7786GatewaySource {
    function messenger() external view returns (ICrossDomainMessenger);
}

/// @notice A pair of gateways over the messengers of a lane.
abstract contract GatewayPair is Test {
    IDeployedGateway internal l1Gateway;
    IDeployedGateway internal l2Gateway;

    function _deployGateways(ICrossDomainMessenger onL1, ICrossDomainMessenger onL2) internal {
        address second = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        vm.chainId(onL1.l1ChainId());
        l1Gateway = _createGateway(onL1, second);
        vm.chainId(onL2.l2ChainId());
        l2Gateway = _createGateway(onL2, address(l1Gateway));
        assertEq(address(l2Gateway), second);
    }

    function _createGateway(ICrossDomainMessenger messenger, address remoteGateway)
        internal
        returns (IDeployedGateway)
    {
        bytes memory arguments = abi.encode(messenger, remoteGateway);
        return IDeployedGateway(deployCode("CrossDomainGateway.sol:CrossDomainGateway", arguments));
    }
}
