// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChainStorageContainer} from "xdm/contracts/interfaces/IChainStorageContainer.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {Delivery} from "xdm/contracts/types/Delivery.sol";

/// @notice Reads much in one call: each call of a test is a transaction of its own, which takes its time.
contract LaneReader {
    struct Record {
        bool sent;
        bool successful;
        bool failed;
        bool relayed;
        Delivery delivery;
    }

    /// @notice What the messengers say of messages: the one that sent them, and the one that delivers them.
    function records(ICrossDomainMessenger source, ICrossDomainMessenger destination, bytes32[] calldata hashes)
        external
        view
        returns (Record[] memory all)
    {
        all = new Record[](hashes.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            all[i] = Record({
                sent: source.sentMessages(hashes[i]),
                successful: destination.successfulMessages(hashes[i]),
                failed: destination.failedMessages(hashes[i]),
                relayed: destination.relayedMessages(hashes[i]),
                delivery: destination.delivery(hashes[i])
            });
        }
    }

    function batches(IChainStorageContainer container) external view returns (bytes32[] memory all) {
        all = new bytes32[](container.length());
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = container.get(i);
        }
    }
}
