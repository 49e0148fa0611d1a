// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Address aliasing
/// @notice A contract's address says nothing about who controls the same address on another chain, so an L1 contract
/// acts on L2 under an address shifted by a constant.
library AddressAlias {
    uint160 internal constant OFFSET = uint160(0x1111000000000000000000000000000000001111);

    /// @notice The address an L1 contract has as a sender on L2.
    function applyL1ToL2Alias(address l1Address) internal pure returns (address l2Address) {
        // Wraps around by design: the shift is a bijection on 160 bits.
        unchecked {
            l2Address = address(uint160(l1Address) + OFFSET);
        }
    }

    /// @notice The L1 contract behind an aliased sender.
    function undoL1ToL2Alias(address l2Address) internal pure returns (address l1Address) {
        unchecked {
            l1Address = address(uint160(l2Address) - OFFSET);
        }
    }

    /// @notice Whether the caller holds a private key: then its address is its own on every chain.
    /// @dev The transaction's origin always does. Any other caller with a key is an EIP-7702 account: its code is the
    /// 23-byte delegation 0xef0100 || address, which no contract can have (EIP-3541). A contract under construction
    /// has no code and is not taken for an account.
    function isCallerAccount() internal view returns (bool) {
        // slither-disable-next-line tx-origin
        if (msg.sender == tx.origin) return true;
        bytes memory code = msg.sender.code;
        return code.length == 23 && bytes3(code) == 0xef0100;
    }
}
