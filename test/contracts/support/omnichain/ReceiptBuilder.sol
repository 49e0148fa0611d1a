// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";
import {Vm} from "forge-std/Vm.sol";

import {TrieBuilder} from "../TrieBuilder.sol";
import {HeaderBuilder} from "./HeaderBuilder.sol";

/// @notice Builds receipts, blocks of them, and proofs, as a node has them.
library ReceiptBuilder {
    uint8 internal constant DEPOSIT_TYPE = 0x7e;

    struct Block {
        bytes header;
        bytes key;
        bytes nodes;
    }

    /// @notice A receipt as it stands in the trie: type, then the list, whose bloom filter is that of the logs.
    function receipt(uint8 receiptType, Vm.Log[] memory logs) internal pure returns (bytes memory) {
        bool isDeposit = receiptType == DEPOSIT_TYPE;
        bytes[] memory fields = new bytes[](isDeposit ? 6 : 4);
        fields[0] = RLPEncoder.encode(uint256(1));
        fields[1] = RLPEncoder.encode(uint256(12_345_678));
        fields[2] = RLPEncoder.encode(bloomOf(logs));
        fields[3] = _logs(logs);
        // Nonce and version of a deposit.
        if (isDeposit) (fields[4], fields[5]) = (RLPEncoder.encode(uint256(7)), RLPEncoder.encode(uint256(1)));
        bytes memory list = RLPEncoder.encode(fields);
        return receiptType == 0 ? list : bytes.concat(bytes1(receiptType), list);
    }

    /// @notice A block's header, and the way to one of its receipts.
    function prove(uint256 number, bytes[] memory receipts, uint256 index) internal pure returns (Block memory result) {
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](receipts.length);
        for (uint256 i = 0; i < receipts.length; ++i) {
            entries[i] = TrieBuilder.entry(RLPEncoder.encode(i), receipts[i]);
        }
        result.key = RLPEncoder.encode(index);
        TrieBuilder.Proof memory proof = TrieBuilder.prove(entries, result.key);
        for (uint256 i = 0; i < proof.nodes.length; ++i) {
            result.nodes = bytes.concat(result.nodes, proof.nodes[i]);
        }
        result.header = header(number, proof.root);
    }

    /// @notice A header of today's 21 fields, with the bloom filter of a busy block.
    function header(uint256 number, bytes32 receiptsRoot) internal pure returns (bytes memory) {
        HeaderBuilder.Template memory template;
        template.parentHash = keccak256(abi.encode("parent of", number));
        template.stateRoot = keccak256(abi.encode("state of", number));
        template.receiptsRoot = receiptsRoot;
        (template.number, template.timestamp) = (number, 1_700_000_000 + number);
        template.extraData = "a builder's name";
        template.rest = 8;
        bytes[] memory fields = HeaderBuilder.fields(template);
        bytes memory bloom;
        for (uint256 i = 0; i < 8; ++i) {
            bloom = bytes.concat(bloom, keccak256(abi.encode("bloom", number, i)));
        }
        fields[6] = RLPEncoder.encode(bloom);
        return RLPEncoder.encode(fields);
    }

    function pack(Block memory provenBlock) internal pure returns (bytes memory) {
        return bytes.concat(provenBlock.header, provenBlock.key, provenBlock.nodes);
    }

    /// @notice What a transfer of a token logs.
    function transfer(uint256 salt) internal pure returns (Vm.Log[] memory logs) {
        logs = new Vm.Log[](1);
        logs[0].emitter = address(uint160(uint256(keccak256(abi.encode("token", salt)))));
        logs[0].topics = new bytes32[](3);
        logs[0].topics[0] = keccak256("Transfer(address,address,uint256)");
        logs[0].topics[1] = bytes32(uint256(uint160(uint256(keccak256(abi.encode("from", salt))))));
        logs[0].topics[2] = bytes32(uint256(uint160(uint256(keccak256(abi.encode("to", salt))))));
        logs[0].data = abi.encode(salt);
    }

    /// @dev 2,048 bits, of which each address and topic sets three.
    function bloomOf(Vm.Log[] memory logs) internal pure returns (bytes memory bloom) {
        bloom = new bytes(256);
        for (uint256 i = 0; i < logs.length; ++i) {
            _setBits(bloom, abi.encodePacked(logs[i].emitter));
            for (uint256 j = 0; j < logs[i].topics.length; ++j) {
                _setBits(bloom, abi.encodePacked(logs[i].topics[j]));
            }
        }
    }

    function _setBits(bytes memory bloom, bytes memory item) private pure {
        bytes32 hash = keccak256(item);
        for (uint256 i = 0; i < 6; i += 2) {
            uint256 bit = (uint256(uint8(hash[i])) << 8 | uint8(hash[i + 1])) & 2047;
            bloom[255 - bit / 8] |= bytes1(uint8(1 << (bit % 8)));
        }
    }

    function _logs(Vm.Log[] memory logs) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](logs.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes[] memory topics = new bytes[](logs[i].topics.length);
            for (uint256 j = 0; j < topics.length; ++j) {
                topics[j] = RLPEncoder.encode(logs[i].topics[j]);
            }
            bytes[] memory fields = new bytes[](3);
            fields[0] = RLPEncoder.encode(logs[i].emitter);
            fields[1] = RLPEncoder.encode(topics);
            fields[2] = RLPEncoder.encode(logs[i].data);
            items[i] = RLPEncoder.encode(fields);
        }
        return RLPEncoder.encode(items);
    }
}
