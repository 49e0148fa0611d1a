// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title L2-to-L1 message passer
/// @notice L2's outbox. L1 verifies this contract's storage, so only the L2 messenger writes to it. It keeps the ETH of
/// the messages for ever: L1 pays it out.
interface IL2ToL1MessagePasser {
    /// @notice Thrown when anyone but the L2 messenger passes a message.
    /// @param caller Account that called.
    error L2ToL1MessagePasser_NotMessenger(address caller);

    /// @notice Records a message. Only the L2 messenger.
    /// @param key See `ICrossDomainMessenger.messageKey`.
    function passMessage(bytes32 key) external payable;

    /// @notice Whether a message's key was recorded. Lies in storage slot `keccak256(abi.encode(key, 0))`.
    /// @param key See `ICrossDomainMessenger.messageKey`.
    /// @return True for ever once it is true.
    function sentMessages(bytes32 key) external view returns (bool);

    /// @notice Number of messages recorded so far; also the counter of the L2 messenger's next nonce.
    /// @return The number; it never falls.
    function messageCount() external view returns (uint256);

    /// @notice What the root of the message tree, and the commitment to it, follow from: see `MessageTree`.
    /// @return count Number of leaves, which is that of messages.
    /// @return peaks Roots of the complete subtrees, from the left; one for each set bit of the count.
    function treePeaks() external view returns (uint256 count, bytes32[] memory peaks);

    /// @notice The only caller of `passMessage`.
    /// @return Address on L2.
    function messenger() external view returns (address);
}
