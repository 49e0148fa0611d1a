// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token of one chain, all of it somebody's.
contract PlainToken is ERC20 {
    constructor(address holder, uint256 supply) ERC20("Plain token", "PLAIN") {
        _mint(holder, supply);
    }
}
