// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice How a chain's validators seal its headers: what of the extra data the block's hash and the seals cover.
enum SealScheme {
    /// @dev QBFT, of Besu and GoQuorum. Extra data: the list (vanity, validators, vote, round, seals). The block's hash has
    /// the round zero and no seals, the seals cover the round.
    Qbft,
    /// @dev IBFT 2.0, of Besu. The same list. The block's hash leaves out round and seals, the seals cover the round.
    Ibft2,
    /// @dev Istanbul (IBFT 1.0), of GoQuorum and Klaytn. Extra data: 32 bytes, then the list (validators, proposer's seal,
    /// seals). The block's hash has no seals; these cover the block's hash and the byte 2.
    Istanbul
}

/// @notice A header and the seals over it.
struct SealedHeader {
    /// @dev RLP, as it hashes to the block's hash: see {SealScheme}.
    bytes header;
    /// @dev Round in which the block was sealed; zero with Istanbul, whose seals do not cover it.
    uint32 round;
    /// @dev 65 bytes each, in any order: r, s, and the parity, 0 or 1.
    bytes seals;
}
