// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Makes the call it was told to make whenever it is called, and remembers how it ended. Does not revert itself
/// if the call does.
contract Caller {
    address private _target;
    bytes private _data;

    bool public called;
    bool public success;
    bytes public returnData;

    function prepare(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    fallback() external payable {
        called = true;
        (success, returnData) = _target.call(_data);
    }
}
