// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOmnichainService} from "../interfaces/IOmnichainService.sol";
import {Order} from "../types/Order.sol";
import {Log, ReceiptProof} from "./ReceiptProof.sol";
import {StrictABI} from "./StrictABI.sol";

/// @title Message log
/// @notice Reads a `mapMessageOut` from a receipt's logs. A sender has 20 bytes, so that everything stands at a fixed place.
library MessageLog {
    using ReceiptProof for bytes;
    using StrictABI for bytes;

    uint256 private constant FROM_ADDRESS_OFFSET = 0x20;
    uint256 private constant CALL_DATA_OFFSET = 0x40;
    uint256 private constant FROM_ADDRESS = 0x60;
    uint256 private constant CALL_DATA = 0xa0;

    /// @notice Whether a log of a service is one. Logs without topics are looked at like all others.
    function isMessage(bytes calldata logs, Log memory log) internal pure returns (bool) {
        return log.topicCount == 3 && logs.topic(log, 0) == IOmnichainService.mapMessageOut.selector;
    }

    /// @notice The order of such a log. Its envelope is copied to memory once.
    function readMessage(bytes calldata logs, Log memory log) internal pure returns (Order memory order) {
        bytes memory data = logs[log.data:log.end];
        bool isCanonical = data.endsWithBytes(CALL_DATA) && data.word(FROM_ADDRESS_OFFSET) == FROM_ADDRESS
            && data.word(CALL_DATA_OFFSET) == CALL_DATA && data.word(FROM_ADDRESS) == 20
            && uint96(data.word(FROM_ADDRESS + 0x20)) == 0;
        if (!isCanonical) revert IOmnichainService.OmnichainService_NotAMessage();

        order.fromChain = uint256(logs.topic(log, 1));
        order.toChain = uint256(logs.topic(log, 2));
        order.id = bytes32(data.word(0));
        order.sender = address(bytes20(bytes32(data.word(FROM_ADDRESS + 0x20))));
        order.callData = data.inner(CALL_DATA);
    }
}
