// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChainStorageContainer} from "../interfaces/IChainStorageContainer.sol";

/// @title Chain storage container
/// @dev See {IChainStorageContainer}. Cutting off costs the same for any number of elements: only the length moves, and
/// what lies beyond it cannot be read.
contract ChainStorageContainer is IChainStorageContainer {
    /// @inheritdoc IChainStorageContainer
    address public immutable owner;

    /// @inheritdoc IChainStorageContainer
    uint256 public length;

    mapping(uint256 index => bytes32 element) private _elements;

    modifier onlyOwner() {
        if (msg.sender != owner) revert ChainStorageContainer_NotOwner(msg.sender);
        _;
    }

    modifier inBounds(uint256 index) {
        if (index >= length) revert ChainStorageContainer_IndexOutOfBounds(index, length);
        _;
    }

    constructor(address owner_) {
        owner = owner_;
    }

    /// @inheritdoc IChainStorageContainer
    function push(bytes32 element) external onlyOwner returns (uint256 index) {
        index = length;
        length = index + 1;
        _elements[index] = element;
    }

    /// @inheritdoc IChainStorageContainer
    function deleteElementsAfterInclusive(uint256 index) external onlyOwner inBounds(index) {
        length = index;
    }

    /// @inheritdoc IChainStorageContainer
    function get(uint256 index) external view inBounds(index) returns (bytes32) {
        return _elements[index];
    }
}
