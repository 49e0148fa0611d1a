// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Vm} from "forge-std/Vm.sol";

import {MessageGas} from "../libraries/MessageGas.sol";

/// @title Chains
/// @notice Several chains in one EVM, which differ by their ids alone, and what is deployed on them.
abstract contract Chains {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev To go back to. In storage, because the compiler takes `block.chainid` for a constant within a call: it could
    /// read it anew where it was kept on the stack.
    uint256[] private _chainIds;

    /// @dev From here to `_leave`, which must not be skipped by a revert, all happens on this chain.
    function _enter(uint256 chainId) internal {
        _chainIds.push(block.chainid);
        vm.chainId(chainId);
    }

    function _leave() internal {
        vm.chainId(_chainIds[_chainIds.length - 1]);
        _chainIds.pop();
    }

    /// @dev Calls a contract on a chain, with no more gas than a transaction can have: Forge gives a test as much as sixty of
    /// them. A revert of this contract would not undo the change of the chain id.
    function _callOn(uint256 chainId, address target, bytes memory data)
        internal
        returns (bool success, bytes memory returned)
    {
        _enter(chainId);
        (success, returned) = target.call{gas: MessageGas.MAX_TRANSACTION}(data);
        _leave();
    }

    function _create(bytes memory creationCode, bytes memory arguments, uint256 value)
        internal
        returns (address deployed)
    {
        bytes memory code = bytes.concat(creationCode, arguments);
        // Solidity creates what it compiles, and would compile it with another compiler than it is deployed with.
        assembly ("memory-safe") {
            deployed := create(value, add(code, 0x20), mload(code))
        }
        assert(deployed != address(0));
    }
}
