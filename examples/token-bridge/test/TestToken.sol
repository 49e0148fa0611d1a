// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token with what makes tokens on L1 hard to bridge: a fee of each transfer, accounts it refuses, calls of the
/// sender before the transfer, and a transfer that takes much gas.
contract TestToken is ERC20 {
    uint256 public feePercent;
    uint256 public gasOfTransfer;
    mapping(address account => bool) public isRefused;
    mapping(address account => bool) public isCalled;

    error TestToken_Refused(address account);

    constructor() ERC20("Test token", "TEST") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setFeePercent(uint256 percent) external {
        feePercent = percent;
    }

    function setGasOfTransfer(uint256 gas) external {
        gasOfTransfer = gas;
    }

    function setRefused(address account, bool refused) external {
        isRefused[account] = refused;
    }

    function setCalled(address account) external {
        isCalled[account] = true;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (isRefused[to]) revert TestToken_Refused(to);
        uint256 gas = gasleft();
        while (gas - gasleft() < gasOfTransfer) {}
        if (isCalled[from]) IBeforeTransfer(from).beforeTransfer();
        uint256 fee = from == address(0) ? 0 : amount * feePercent / 100;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(this), fee);
    }
}

interface IBeforeTransfer {
    function beforeTransfer() external;
}
