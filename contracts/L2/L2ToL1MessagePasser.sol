// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL2ToL1MessagePasser} from "../interfaces/IL2ToL1MessagePasser.sol";

/// @title L2-to-L1 message passer
/// @dev See {IL2ToL1MessagePasser}.
contract L2ToL1MessagePasser is IL2ToL1MessagePasser {
    /// @inheritdoc IL2ToL1MessagePasser
    /// @dev Slot 0, which L1 verifies proofs against: nothing may be declared before it.
    mapping(bytes32 key => bool sent) public sentMessages;

    /// @inheritdoc IL2ToL1MessagePasser
    uint256 public messageCount;

    /// @inheritdoc IL2ToL1MessagePasser
    address public immutable messenger;

    constructor(address l2Messenger) {
        messenger = l2Messenger;
    }

    /// @inheritdoc IL2ToL1MessagePasser
    function passMessage(bytes32 key) external payable {
        if (msg.sender != messenger) revert L2ToL1MessagePasser_NotMessenger(msg.sender);

        sentMessages[key] = true;
        ++messageCount;
    }
}
