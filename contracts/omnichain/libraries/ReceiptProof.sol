// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MerkleTrie} from "../../libraries/MerkleTrie.sol";
import {RLP} from "../../libraries/RLP.sol";
import {ETHEREUM_HEADER} from "../types/HeaderLayout.sol";
import {BlockHeader, Header} from "./BlockHeader.sol";

/// @notice A log of a receipt, by its places in the receipt's logs.
struct Log {
    address emitter;
    /// @dev Topics start here, 33 bytes each: a prefix and the topic.
    uint256 topics;
    uint256 topicCount;
    /// @dev Where the data starts and ends.
    uint256 data;
    uint256 end;
}

/// @title Receipt proof
/// @notice Reads the logs of a transaction out of a block's header and a proof of the transaction's receipt.
///
/// A proof is one string of bytes, because a byte costs more than to find out where it belongs:
///
/// 1. the block's header, RLP, as it hashes to the block hash, however many fields it has;
/// 2. the transaction's index in the block, RLP, which is the receipt's key in the receipt trie: 1 to 4 bytes;
/// 3. the nodes of the trie on the way to the receipt, RLP, from the root down, one right after the other. The last one
///    holds the receipt.
///
/// Nothing follows, and nothing stands between. `eth_getBlockReceipts` gives all that it takes to make one.
/// @dev Nothing here says that the header is a block's: the caller compares its hash with one that it trusts. All of the
/// receipt is in the proof: a message cannot be proven whose transaction has emitted more than a transaction carries.
library ReceiptProof {
    using RLP for bytes;

    /// @notice Thrown when bytes follow the proof, or the receipt within its node.
    error ReceiptProof_TrailingBytes(uint256 length);

    /// @notice Thrown when a receipt is of a type that is not known: none of 0 to 4 and 0x7e.
    error ReceiptProof_UnknownType(uint256 receiptType);

    /// @notice Thrown when a receipt or a log in it is not what a receipt trie holds.
    error ReceiptProof_MalformedReceipt();

    /// @notice Thrown when the receipt has fewer logs.
    error ReceiptProof_NoSuchLog(uint256 logIndex);

    /// @dev EIP-2718's types up to EIP-7702's.
    uint256 private constant LAST_ETHEREUM_TYPE = 4;

    /// @dev Optimism's deposits, whose receipts have two more fields.
    uint256 private constant DEPOSIT_TYPE = 0x7e;

    /// @notice The header's hash and number, and the receipts root that it names.
    /// @return blockHash Its hash.
    /// @return number Its number.
    /// @return receiptsRoot The root.
    /// @return rest What follows the header.
    function readHeader(bytes calldata proof)
        internal
        pure
        returns (bytes32 blockHash, uint256 number, bytes32 receiptsRoot, bytes calldata rest)
    {
        (, uint256 end) = proof.list(0);
        Header memory header;
        (blockHash, header) = BlockHeader.read(proof[:end], ETHEREUM_HEADER);
        return (blockHash, header.number, header.receiptsRoot, proof[end:]);
    }

    /// @notice The logs of a receipt: the items of its list, without the list's prefix.
    /// @param proof What follows the header.
    /// @param receiptsRoot The root of the receipt trie, trusted.
    function readLogs(bytes calldata proof, bytes32 receiptsRoot) internal pure returns (bytes calldata logs) {
        (, uint256 endOfKey) = proof.string_(0);
        (bytes calldata receipt, bytes calldata rest) =
            MerkleTrie.get(proof[endOfKey:], receiptsRoot, proof.wordAt(0), 2 * endOfKey);
        if (rest.length != 0) revert ReceiptProof_TrailingBytes(rest.length);
        return _logsOf(receipt);
    }

    /// @notice The log that starts at an offset of the logs.
    /// @dev Bytes are what the trie holds, and a trie of a valid block holds valid receipts; what is checked is what a
    /// wrong reading would follow from.
    function logAt(bytes calldata logs, uint256 offset) internal pure returns (Log memory log) {
        uint256 end;
        (offset, end) = logs.list(offset);
        if (logs.byteAt(offset) != 0x94) revert ReceiptProof_MalformedReceipt();
        log.emitter = address(bytes20(logs.wordAt(offset + 1)));
        uint256 endOfTopics;
        (log.topics, endOfTopics) = logs.list(offset + 21);
        log.topicCount = (endOfTopics - log.topics) / 33;
        (log.data, log.end) = logs.string_(endOfTopics);
        if (log.end != end || log.topicCount * 33 != endOfTopics - log.topics) revert ReceiptProof_MalformedReceipt();
    }

    /// @notice The log at a position of the logs.
    /// @param logIndex The position, from 0.
    function logAtIndex(bytes calldata logs, uint256 logIndex) internal pure returns (Log memory log) {
        uint256 offset;
        for (uint256 i = 0; offset < logs.length; ++i) {
            if (i == logIndex) return logAt(logs, offset);
            (, offset) = logs.list(offset);
        }
        revert ReceiptProof_NoSuchLog(logIndex);
    }

    /// @notice A topic of a log.
    /// @param index Which, below the log's number of topics.
    function topic(bytes calldata logs, Log memory log, uint256 index) internal pure returns (bytes32) {
        return logs.wordAt(log.topics + 33 * index + 1);
    }

    /// @dev A receipt is the list [status, gas used so far, bloom filter, logs], behind its type unless that is zero.
    function _logsOf(bytes calldata receipt) private pure returns (bytes calldata logs) {
        uint256 offset;
        uint256 receiptType = receipt.byteAt(0);
        if (receiptType >= 0xc0) {
            receiptType = 0;
        } else {
            bool isKnown = receiptType != 0 && receiptType <= LAST_ETHEREUM_TYPE;
            if (!isKnown && receiptType != DEPOSIT_TYPE) revert ReceiptProof_UnknownType(receiptType);
            offset = 1;
        }

        uint256 end;
        (offset, end) = receipt.list(offset);
        if (end != receipt.length) revert ReceiptProof_TrailingBytes(receipt.length - end);
        (, offset) = receipt.string_(offset);
        (, offset) = receipt.string_(offset);
        (, offset) = receipt.string_(offset);
        uint256 endOfLogs;
        (offset, endOfLogs) = receipt.list(offset);
        if (endOfLogs != end && receiptType != DEPOSIT_TYPE) revert ReceiptProof_MalformedReceipt();
        return receipt[offset:endOfLogs];
    }
}
