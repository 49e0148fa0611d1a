// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Log, ReceiptProof} from "xdm/contracts/omnichain/libraries/ReceiptProof.sol";

/// @notice The reader of receipts behind a call, so that proofs are calldata: all the logs that a proof proves.
contract ReceiptProofHarness {
    using ReceiptProof for bytes;

    struct ReadLog {
        address emitter;
        bytes32[] topics;
        bytes data;
    }

    /// @dev The root is taken from the header, whose hash the caller compares.
    function read(bytes calldata proof)
        external
        pure
        returns (bytes32 blockHash, uint256 number, ReadLog[] memory result)
    {
        bytes32 receiptsRoot;
        bytes calldata rest;
        (blockHash, number, receiptsRoot, rest) = proof.readHeader();
        bytes calldata logs = rest.readLogs(receiptsRoot);

        uint256 count;
        for (uint256 offset = 0; offset < logs.length; ++count) {
            offset = logs.logAt(offset).end;
        }
        result = new ReadLog[](count);
        for (uint256 i = 0; i < count; ++i) {
            Log memory log = logs.logAtIndex(i);
            result[i] = ReadLog(log.emitter, new bytes32[](log.topicCount), logs[log.data:log.end]);
            for (uint256 j = 0; j < log.topicCount; ++j) {
                result[i].topics[j] = logs.topic(log, j);
            }
        }
    }
}
