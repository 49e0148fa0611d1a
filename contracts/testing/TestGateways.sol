// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Vm} from "forge-std/Vm.sol";

import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {GatewayCreationCode} from "./GatewayCreationCode.sol";

/// @title Test gateways
/// @notice A pair of ERC-7786 gateways over the messengers of a lane, in one EVM. They are those that are deployed, to the
/// byte.
contract TestGateways {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @notice The gateway of L1.
    /// @return Address.
    IERC7786GatewaySource public immutable l1Gateway;

    /// @notice The gateway of L2.
    /// @return Address.
    IERC7786GatewaySource public immutable l2Gateway;

    /// @dev To go back to. In storage, because the compiler takes `block.chainid` for a constant.
    uint256 private _chainId;

    constructor(ICrossDomainMessenger l1Messenger, ICrossDomainMessenger l2Messenger) {
        _chainId = block.chainid;
        l1Gateway = _create(l1Messenger.l1ChainId(), l1Messenger, vm.computeCreateAddress(address(this), 2));
        l2Gateway = _create(l2Messenger.l2ChainId(), l2Messenger, vm.computeCreateAddress(address(this), 1));
        vm.chainId(_chainId);
    }

    /// @dev A gateway checks that it is on one of its messenger's chains.
    function _create(uint256 chainId, ICrossDomainMessenger messenger, address remoteGateway)
        private
        returns (IERC7786GatewaySource)
    {
        vm.chainId(chainId);
        bytes memory code = bytes.concat(GatewayCreationCode.crossDomainGateway(), abi.encode(messenger, remoteGateway));
        address deployed;
        // Solidity creates what it compiles, and would compile it with another compiler than it is deployed with.
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assert(deployed != address(0));
        return IERC7786GatewaySource(deployed);
    }
}
