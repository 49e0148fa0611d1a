// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title L2 token
/// @notice Stands on L2 for a token that its bridge holds on L1.
contract L2Token is ERC20 {
    /// @notice What a wallet shows of the token.
    struct Metadata {
        string name;
        string symbol;
        /// @dev Those of the token on L1, which L2 cannot see: amounts are the same on both sides.
        uint8 decimals;
    }

    /// @notice The only account that mints and burns.
    address public immutable bridge;

    uint8 private immutable DECIMALS;

    /// @notice Thrown when anyone but the bridge mints or burns.
    /// @param caller Account that called.
    error L2Token_NotBridge(address caller);

    modifier onlyBridge() {
        if (msg.sender != bridge) revert L2Token_NotBridge(msg.sender);
        _;
    }

    constructor(address bridge_, Metadata memory metadata) ERC20(metadata.name, metadata.symbol) {
        bridge = bridge_;
        DECIMALS = metadata.decimals;
    }

    /// @notice Creates tokens that were locked on L1. Only the bridge.
    function mint(address to, uint256 amount) external onlyBridge {
        _mint(to, amount);
    }

    /// @notice Destroys tokens that are to be released on L1. Only the bridge, which does so for their owner alone.
    function burn(address from, uint256 amount) external onlyBridge {
        _burn(from, amount);
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}
