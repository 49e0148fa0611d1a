// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Message} from "../types/Message.sol";
import {SafeCall} from "./SafeCall.sol";

/// @title Gas of a delivery
/// @notice What a transaction needs so that a message's target gets its gas limit and the outcome is recorded.
library MessageGas {
    /// @notice Gas of any transaction.
    uint256 internal constant TRANSACTION = 21_000;

    /// @notice Gas of a non-zero byte of calldata (EIP-2028).
    uint256 internal constant CALLDATA_BYTE = 16;

    /// @notice Gas of a non-zero byte of calldata in a transaction that computes little (EIP-7623).
    uint256 internal constant CALLDATA_FLOOR_BYTE = 40;

    /// @notice Gas of handling a byte of the encoded message: two copies and a hash (12 a word), and memory up to the
    /// largest message, whose quadratic part is below 1 a byte.
    uint256 internal constant HANDLED_BYTE = 2;

    /// @notice Gas of a delivery before the call, apart from its bytes: decoding, the message's slot (22,100), guard
    /// and sender (300), the target's code (2,600), measured at under 28,000 together; and a margin.
    uint256 internal constant DELIVERY = 30_000;

    /// @notice Most gas a transaction can have (EIP-7825).
    uint256 internal constant MAX_TRANSACTION = 16_777_216;

    /// @notice Bytes of an encoded message beside its data: the selector, six words, and the length of the data.
    uint256 internal constant ENCODING_OVERHEAD = 4 + 7 * 32;

    /// @notice Gas to end a batch with: the event that says how far it came (1,262), the guard, the answer, and a margin.
    uint256 internal constant BATCH_END = 3000;

    /// @notice Gas to look at the next item of a batch with: its record (2,100), its place in calldata, whether there is
    /// enough to start it, and a margin; and the end.
    uint256 internal constant BATCH_LOOK = 3000 + BATCH_END;

    /// @notice Gas of an item of a batch from there to the call, apart from its bytes: its slot (20,000 on top of reading
    /// it), the target's code (2,600), the sender (100), measured at under 24,000 together; and a margin.
    uint256 internal constant BATCH_ITEM = 25_000;

    /// @notice Gas limit of a transaction that delivers a message: the larger of its floor price and its execution.
    /// @param dataLength Bytes of the message's data.
    /// @param gasLimit Gas the target is promised.
    function deliveryGas(uint256 dataLength, uint256 gasLimit) internal pure returns (uint256) {
        uint256 length = ENCODING_OVERHEAD + (dataLength + 31) / 32 * 32;
        uint256 floorPrice = TRANSACTION + length * CALLDATA_FLOOR_BYTE;
        uint256 execution = TRANSACTION + length * (CALLDATA_BYTE + HANDLED_BYTE) + DELIVERY
            + SafeCall.gasToHave(gasLimit, SafeCall.callOverhead(1));
        return floorPrice > execution ? floorPrice : execution;
    }

    /// @notice Whether the gas that is left keeps the promise to the next item of a batch, and suffices to record its
    /// outcome and to end the batch, whatever the target does.
    function canStart(Message calldata message) internal view returns (bool) {
        uint256 bytesGas = message.data.length * HANDLED_BYTE;
        uint256 overhead = BATCH_ITEM + bytesGas + SafeCall.callOverhead(message.value) + BATCH_END;
        uint256 forwarded = SafeCall.gasToForward(gasleft(), overhead);
        return forwarded != 0 && forwarded >= message.gasLimit;
    }
}
