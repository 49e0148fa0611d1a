// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MessageData, MessageType} from "../types/MessageData.sol";
import {StrictABI} from "./StrictABI.sol";

/// @title Message data
/// @notice Reads a {MessageData} from the one encoding that it has. A target has 20 bytes, so that everything stands at a
/// fixed place.
library MessageDataCodec {
    using StrictABI for bytes;

    /// @notice Thrown when bytes are not `abi.encode` of a {MessageData} with a target of 20 bytes.
    error MessageDataCodec_Malformed();

    /// @notice Thrown when a message has the zero address as its target.
    error MessageDataCodec_ZeroTarget();

    /// @notice Thrown when a message has value: none crosses.
    error MessageDataCodec_ValueRefused(uint256 value);

    uint256 private constant RELAY = 0x20;
    uint256 private constant MESSAGE_TYPE = 0x40;
    uint256 private constant TARGET_OFFSET = 0x60;
    uint256 private constant PAYLOAD_OFFSET = 0x80;
    uint256 private constant GAS_LIMIT = 0xa0;
    uint256 private constant VALUE = 0xc0;
    uint256 private constant TARGET = 0xe0;
    uint256 private constant PAYLOAD = 0x120;

    /// @notice The message. Target and payload lie within `encoded`.
    function decodeMessage(bytes memory encoded) internal pure returns (MessageData memory message) {
        if (!_isCanonical(encoded)) revert MessageDataCodec_Malformed();
        message.relay = encoded.word(RELAY) == 1;
        message.msgType = MessageType(encoded.word(MESSAGE_TYPE));
        message.target = encoded.inner(TARGET);
        message.payload = encoded.inner(PAYLOAD);
        message.gasLimit = encoded.word(GAS_LIMIT);

        if (targetOf(message) == address(0)) revert MessageDataCodec_ZeroTarget();
        message.value = encoded.word(VALUE);
        if (message.value != 0) revert MessageDataCodec_ValueRefused(message.value);
    }

    /// @notice The target as an address.
    function targetOf(MessageData memory message) internal pure returns (address) {
        return address(bytes20(message.target));
    }

    /// @dev Offsets inside the struct count from where it starts, at 0x20.
    function _isCanonical(bytes memory encoded) private pure returns (bool) {
        return encoded.endsWithBytes(PAYLOAD) && encoded.word(0) == 0x20 && encoded.word(RELAY) <= 1
            && encoded.word(MESSAGE_TYPE) <= uint256(type(MessageType).max)
            && encoded.word(TARGET_OFFSET) == TARGET - 0x20 && encoded.word(PAYLOAD_OFFSET) == PAYLOAD - 0x20
            && encoded.word(TARGET) == 20 && uint96(encoded.word(TARGET + 0x20)) == 0;
    }
}
