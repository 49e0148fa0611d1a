// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {BridgeERC20} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice OpenZeppelin's bridge of an ERC-20 token that knows nothing of it, as it is.
contract TokenVault is BridgeERC20 {
    constructor(IERC20 token_, Link[] memory links) BridgeERC20(token_) CrosschainLinked(links) {}
}
