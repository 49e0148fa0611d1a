// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice A call that crosses from one chain to the other.
struct Message {
    /// @dev Version in the top 16 bits, counter below: `(version << 240) | counter`.
    uint256 nonce;
    /// @dev The account that called `sendMessage` on the source chain.
    address sender;
    /// @dev The account called on the destination chain.
    address target;
    /// @dev Wei that go with the call.
    uint256 value;
    /// @dev Gas the target is promised at least.
    uint256 gasLimit;
    /// @dev Calldata of the call.
    bytes data;
}

using {encode, hash} for Message global;

/// @dev `relayMessage(uint256,address,address,uint256,uint256,bytes)`, by which version 1 of the message hash is defined.
bytes4 constant RELAY_MESSAGE_SELECTOR = 0xd764ad0b;

/// @notice The version-1 encoding of a message, which is also the calldata that delivers it on L2.
function encode(Message memory message) pure returns (bytes memory) {
    return abi.encodeWithSelector(
        RELAY_MESSAGE_SELECTOR,
        message.nonce,
        message.sender,
        message.target,
        message.value,
        message.gasLimit,
        message.data
    );
}

/// @notice The message hash: version 1 of Optimism's cross-domain message hash.
/// @dev It binds every field but has no direction; direction comes from the chain and the messenger it is used on.
function hash(Message memory message) pure returns (bytes32) {
    return keccak256(encode(message));
}
