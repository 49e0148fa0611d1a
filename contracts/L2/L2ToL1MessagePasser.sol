// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL2ToL1MessagePasser} from "../interfaces/IL2ToL1MessagePasser.sol";
import {MessageTree} from "../libraries/MessageTree.sol";

/// @title L2-to-L1 message passer
/// @dev See {IL2ToL1MessagePasser}.
contract L2ToL1MessagePasser is IL2ToL1MessagePasser {
    using MessageTree for MessageTree.Frontier;

    /// @inheritdoc IL2ToL1MessagePasser
    /// @dev Slot 0, which L1 verifies proofs against: nothing may be declared before it.
    mapping(bytes32 key => bool sent) public sentMessages;

    /// @inheritdoc IL2ToL1MessagePasser
    uint256 public messageCount;

    /// @dev Slots 2 to 65 are its commitments, which L1 verifies proofs against, by level.
    MessageTree.Frontier private _tree;

    /// @inheritdoc IL2ToL1MessagePasser
    address public immutable messenger;

    constructor(address l2Messenger) {
        messenger = l2Messenger;
    }

    /// @inheritdoc IL2ToL1MessagePasser
    function passMessage(bytes32 key) external payable {
        if (msg.sender != messenger) revert L2ToL1MessagePasser_NotMessenger(msg.sender);

        uint256 index = messageCount;

        sentMessages[key] = true;
        // Grows by 1 a message.
        unchecked {
            messageCount = index + 1;
        }
        _tree.append(index, key);
    }

    /// @inheritdoc IL2ToL1MessagePasser
    function treePeaks() external view returns (uint256 count, bytes32[] memory peaks) {
        count = messageCount;
        peaks = _tree.peaksOf(count);
    }
}
