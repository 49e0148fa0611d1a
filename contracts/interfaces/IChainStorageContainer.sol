// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Chain storage container
/// @notice A list of hashes that grows at its end and is cut off at its end, written by its owner contract alone.
interface IChainStorageContainer {
    /// @notice Thrown when anyone but the owner writes.
    error ChainStorageContainer_NotOwner(address caller);

    /// @notice Thrown when an element is asked for that is not, or no longer, in the list.
    error ChainStorageContainer_IndexOutOfBounds(uint256 index, uint256 length);

    /// @notice Appends an element.
    /// @return index Its position, from 0.
    function push(bytes32 element) external returns (uint256 index);

    /// @notice Deletes the element and all after it.
    function deleteElementsAfterInclusive(uint256 index) external;

    /// @notice The element at a position.
    function get(uint256 index) external view returns (bytes32);

    /// @notice Number of elements.
    function length() external view returns (uint256);

    /// @notice The contract that may write.
    function owner() external view returns (address);
}
