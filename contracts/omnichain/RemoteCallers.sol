// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOmnichainService} from "./interfaces/IOmnichainService.sol";

/// @title Remote callers
/// @notice Whom each target hears. Only the target itself says so.
abstract contract RemoteCallers is IOmnichainService {
    mapping(address target => mapping(uint256 fromChain => mapping(address from => bool allowed))) private _allowed;

    /// @inheritdoc IOmnichainService
    function addRemoteCaller(uint256 fromChain, bytes calldata from, bool allowed) external {
        if (from.length != 20) revert OmnichainService_NotAnAddress(from.length);

        _allowed[msg.sender][fromChain][address(bytes20(from))] = allowed;

        emit RemoteCallerChanged(msg.sender, fromChain, from, allowed);
    }

    /// @inheritdoc IOmnichainService
    function getExecutePermission(address target, uint256 fromChain, bytes calldata from) external view returns (bool) {
        return from.length == 20 && _isAllowed(target, fromChain, address(bytes20(from)));
    }

    function _isAllowed(address target, uint256 fromChain, address from) internal view returns (bool) {
        return _allowed[target][fromChain][from];
    }
}
