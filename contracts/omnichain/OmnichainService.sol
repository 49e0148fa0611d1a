// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {ChainRegistry} from "./ChainRegistry.sol";
import {FeeTable} from "./FeeTable.sol";
import {OmnichainReceiving} from "./OmnichainReceiving.sol";
import {OmnichainSending} from "./OmnichainSending.sol";
import {RELAYED_VERSION} from "./types/Envelope.sol";
import {Order} from "./types/Order.sol";

/// @title Omnichain service
/// @dev See {IOmnichainService}. Reads the relay chain's blocks alone, and takes its word for where a message comes from.
/// Holds nothing, and neither a role nor an allowance anywhere - but for the allowances of fee tokens that senders give,
/// which no target can use: a token hears nobody, unless it allows him itself.
contract OmnichainService is OmnichainSending, OmnichainReceiving {
    /// @param relayChainId_ Chain id of the relay chain.
    /// @param initialOwner Adds chains and sets prices.
    /// @param feeReceiver Gets the fees.
    /// @param delay Seconds for which another light client must be announced.
    constructor(uint256 relayChainId_, address initialOwner, address feeReceiver, uint256 delay)
        OmnichainSending(relayChainId_)
        ChainRegistry(delay)
        FeeTable(feeReceiver)
        PermanentlyOwned(initialOwner)
    {
        if (relayChainId_ == 0 || relayChainId_ == block.chainid) {
            revert OmnichainService_WrongRelayChain(relayChainId_);
        }
    }

    /// @inheritdoc ChainRegistry
    function _isRead(uint256 chainId) internal view override returns (bool) {
        return chainId == relayChainId;
    }

    /// @inheritdoc OmnichainReceiving
    function _previousHop(uint256) internal view override returns (uint256) {
        return relayChainId;
    }

    /// @inheritdoc OmnichainReceiving
    function _isForHere(Order memory order) internal view override returns (bool) {
        return order.toChain == block.chainid;
    }

    /// @inheritdoc OmnichainReceiving
    /// @dev That this chain is no source needs no check: its own id is that of no chain it knows.
    function _checkRoute(uint256 chainId, Order memory order, uint256 version)
        internal
        view
        override
        returns (address destinationService)
    {
        if (!_isForHere(order)) revert OmnichainService_WrongDestination(order.toChain);
        // What the relay chain sends itself has had no target there.
        if (version == RELAYED_VERSION && order.fromChain == chainId) revert OmnichainService_VersionRefused(version);
        return address(this);
    }
}
