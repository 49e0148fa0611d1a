// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Crosschain} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Crosschain.sol";

/// @notice OpenZeppelin's ERC-20 token that is its own bridge, as it is.
contract CrosschainToken is ERC20Crosschain {
    constructor(Link[] memory links) ERC20("Crosschain token", "CROSS") CrosschainLinked(links) {}
}
