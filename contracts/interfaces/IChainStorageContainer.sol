// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Chain storage container
/// @notice A list of hashes that grows at its end and is cut off at its end, written by its owner contract alone.
interface IChainStorageContainer {
    /// @notice Thrown when anyone but the owner writes.
    /// @param caller Account that called.
    error ChainStorageContainer_NotOwner(address caller);

    /// @notice Thrown when an element is asked for that is not, or no longer, in the list.
    /// @param index Position asked for.
    /// @param length Number of elements.
    error ChainStorageContainer_IndexOutOfBounds(uint256 index, uint256 length);

    /// @notice Appends an element. Only the owner.
    /// @param element The hash to append.
    /// @return index Its position, from 0.
    function push(bytes32 element) external returns (uint256 index);

    /// @notice Deletes the element and all after it. Only the owner.
    /// @param index Position of the first element deleted, below `length()`.
    function deleteElementsAfterInclusive(uint256 index) external;

    /// @notice The element at a position.
    /// @param index Position, from 0, below `length()`.
    /// @return The element.
    function get(uint256 index) external view returns (bytes32);

    /// @notice Number of elements.
    /// @return The number; the position of the next element.
    function length() external view returns (uint256);

    /// @notice The contract that may write.
    /// @return Address on this chain.
    function owner() external view returns (address);
}
