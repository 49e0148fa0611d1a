// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";

/// @notice Counts its calls and ends them with the bytes it was told to, whatever they are.
contract RawTarget {
    uint256 public count;

    /// @dev Gas that the last call came with, but for what it took to get here.
    uint256 public gas;

    bytes private _answer;
    address private _blob;
    uint256 private _zeros;
    bool private _reverts;
    uint256 private _leftOver;

    function allow(IOmnichainService service, uint256 fromChain, address from) external {
        service.addRemoteCaller(fromChain, abi.encodePacked(from), true);
    }

    function answer(bytes calldata answer_) external {
        (_answer, _blob, _zeros, _reverts) = (answer_, address(0), 0, false);
    }

    /// @notice Answers with another account's code, which is longer than storage affords.
    function answerFrom(address blob) external {
        (_blob, _zeros, _reverts) = (blob, 0, false);
    }

    function answerWithZeros(uint256 length) external {
        (_blob, _zeros, _reverts) = (address(0), length, false);
    }

    function refuse(bytes calldata reason) external {
        (_answer, _blob, _zeros, _reverts) = (reason, address(0), 0, true);
    }

    /// @notice Uses up its gas, from now on, before it answers with what is left over.
    function burn(uint256 leftOver) external {
        _leftOver = leftOver;
    }

    fallback() external {
        gas = gasleft();
        ++count;
        uint256 leftOver = _leftOver;
        while (leftOver != 0 && gasleft() > leftOver) {}
        bytes memory data;
        if (_blob != address(0)) data = _blob.code;
        else data = _zeros == 0 ? _answer : new bytes(_zeros);
        bool reverts = _reverts;
        assembly ("memory-safe") {
            if reverts { revert(add(data, 0x20), mload(data)) }
            return(add(data, 0x20), mload(data))
        }
    }
}
