// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice Positions of fields in a chain's RLP headers, counted from zero, one a byte, from the lowest: state root,
/// receipts root, number, timestamp, extra data. The parent's hash is always the first field, and of those that are read
/// the extra data is the last.
type HeaderLayout is uint256;

using {stateRoot, receiptsRoot, number, timestamp, extraData} for HeaderLayout global;

/// @dev Ethereum's, and of all that follow it.
HeaderLayout constant ETHEREUM_HEADER = HeaderLayout.wrap(0x0c0b080503);

/// @dev Klaytn's: one field for the uncles and the beneficiary, none for the gas limit, one more for the time.
HeaderLayout constant KLAYTN_HEADER = HeaderLayout.wrap(0x0b09070402);

function stateRoot(HeaderLayout positions) pure returns (uint256) {
    return uint8(HeaderLayout.unwrap(positions));
}

function receiptsRoot(HeaderLayout positions) pure returns (uint256) {
    return uint8(HeaderLayout.unwrap(positions) >> 8);
}

function number(HeaderLayout positions) pure returns (uint256) {
    return uint8(HeaderLayout.unwrap(positions) >> 16);
}

function timestamp(HeaderLayout positions) pure returns (uint256) {
    return uint8(HeaderLayout.unwrap(positions) >> 24);
}

function extraData(HeaderLayout positions) pure returns (uint256) {
    return uint8(HeaderLayout.unwrap(positions) >> 32);
}
