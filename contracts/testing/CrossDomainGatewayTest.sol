// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {CrossDomainTest} from "./CrossDomainTest.sol";
import {TestGateways} from "./TestGateways.sol";

/// @title Cross-domain gateway test
/// @notice Base for Forge tests of contracts that are written for ERC-7786, as OpenZeppelin's bridges are: {CrossDomainTest} with
/// a gateway on each chain. What is sent by a gateway is delivered by `relayToL2()` and `relayToL1()` like any message.
///
/// Interoperable addresses have a chain id: `l1ChainId` or `l2ChainId`. The lane sees to it that it is the chain's while it
/// delivers; while a test calls a contract that reads it, `vm.chainId` does.
abstract contract CrossDomainGatewayTest is CrossDomainTest {
    /// @notice The gateway of L1.
    IERC7786GatewaySource internal immutable l1Gateway;

    /// @notice The gateway of L2.
    IERC7786GatewaySource internal immutable l2Gateway;

    /// @notice Chain id of L1.
    uint256 internal immutable l1ChainId;

    /// @notice Chain id of L2.
    uint256 internal immutable l2ChainId;

    constructor() {
        (l1ChainId, l2ChainId) = (lane.L1_CHAIN_ID(), lane.L2_CHAIN_ID());
        TestGateways gateways = new TestGateways(l1Messenger, l2Messenger);
        l1Gateway = gateways.l1Gateway();
        l2Gateway = gateways.l2Gateway();
    }
}
