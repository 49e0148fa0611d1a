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

using {counter, encode, hash, hashCalldata} for Message global;

/// @dev `relayMessage(uint256,address,address,uint256,uint256,bytes)`, by which version 1 of the message hash is defined.
bytes4 constant RELAY_MESSAGE_SELECTOR = 0xd764ad0b;

/// @notice Counter of the message's nonce.
function counter(Message calldata message) pure returns (uint256) {
    return uint240(message.nonce);
}

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

/// @notice The message hash of a message in calldata.
/// @dev Fields and data stand there as the encoding has them, so their bytes are hashed as they are. Calldata that is laid
/// out in another way has another hash, of which there is no message: the offset of the data is hashed, too.
function hashCalldata(Message calldata message) pure returns (bytes32 result) {
    bytes calldata data = message.data;
    // Solidity would take the message apart and put it together again.
    assembly ("memory-safe") {
        let free := mload(0x40)
        let length := add(0xe0, and(add(data.length, 0x1f), not(0x1f)))
        mstore(free, RELAY_MESSAGE_SELECTOR)
        calldatacopy(add(free, 4), message, length)
        result := keccak256(free, add(4, length))
    }
}
