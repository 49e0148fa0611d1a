// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {Chains} from "./Chains.sol";
import {GatewayCreationCode} from "./GatewayCreationCode.sol";

/// @title Test gateways
/// @notice A pair of ERC-7786 gateways over the messengers of a lane, in one EVM. They are those that are deployed, to the
/// byte.
contract TestGateways is Chains {
    /// @notice The gateway of L1.
    /// @return Address.
    IERC7786GatewaySource public immutable l1Gateway;

    /// @notice The gateway of L2.
    /// @return Address.
    IERC7786GatewaySource public immutable l2Gateway;

    constructor(ICrossDomainMessenger l1Messenger, ICrossDomainMessenger l2Messenger) {
        l1Gateway = _deploy(l1Messenger.l1ChainId(), l1Messenger, vm.computeCreateAddress(address(this), 2));
        l2Gateway = _deploy(l2Messenger.l2ChainId(), l2Messenger, vm.computeCreateAddress(address(this), 1));
    }

    /// @dev A gateway checks that it is on one of its messenger's chains.
    function _deploy(uint256 chainId, ICrossDomainMessenger messenger, address remoteGateway)
        private
        returns (IERC7786GatewaySource gateway)
    {
        _enter(chainId);
        bytes memory arguments = abi.encode(messenger, remoteGateway);
        gateway = IERC7786GatewaySource(_create(GatewayCreationCode.crossDomainGateway(), arguments, 0));
        _leave();
    }
}
