// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {HeaderBuilder} from "./HeaderBuilder.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice Builds headers that validators seal, from what the chains' specifications say, and takes apart headers that such
/// chains have.
library SealedHeaderBuilder {
    using RLPEncoder for Memory.Slice;

    /// @notice The extra data as the block's hash covers it.
    function extraData(SealScheme scheme, address[] memory validators) internal pure returns (bytes memory) {
        bytes[] memory items = new bytes[](scheme == SealScheme.Qbft ? 5 : 3);
        if (scheme == SealScheme.Istanbul) {
            (items[0], items[1], items[2]) = (_list(validators), RLPEncoder.encode(new bytes(65)), hex"c0");
            return bytes.concat(bytes32("geth"), RLPEncoder.encode(items));
        }
        (items[0], items[1]) = (RLPEncoder.encode(bytes32("besu")), _list(validators));
        // No vote.
        items[2] = scheme == SealScheme.Qbft ? bytes(hex"c0") : bytes(hex"80");
        if (scheme == SealScheme.Qbft) (items[3], items[4]) = (hex"80", hex"c0");
        return RLPEncoder.encode(items);
    }

    /// @notice What the validators sign.
    function digest(
        HeaderBuilder.Template memory template,
        SealScheme scheme,
        address[] memory validators,
        uint32 round
    ) internal pure returns (bytes32) {
        template.extraData = extraData(scheme, validators);
        bytes32 blockHash = keccak256(HeaderBuilder.encode(template));
        if (scheme == SealScheme.Istanbul) return keccak256(bytes.concat(blockHash, hex"02"));

        bytes[] memory items = new bytes[](scheme == SealScheme.Qbft ? 5 : 4);
        (items[0], items[1]) = (RLPEncoder.encode(bytes32("besu")), _list(validators));
        if (scheme == SealScheme.Qbft) {
            (items[2], items[3], items[4]) = (hex"c0", RLPEncoder.encode(uint256(round)), hex"c0");
        } else {
            (items[2], items[3]) = (hex"80", bytes.concat(hex"84", bytes4(round)));
        }
        template.extraData = RLPEncoder.encode(items);
        bytes32 result = keccak256(HeaderBuilder.encode(template));
        template.extraData = extraData(scheme, validators);
        return result;
    }

    /// @notice A header of a chain, with its seals, as the light client takes it.
    /// @param position Which field the extra data is.
    function take(bytes memory raw, SealScheme scheme, uint256 position)
        internal
        pure
        returns (SealedHeader memory sealedHeader)
    {
        bytes[] memory fields = _items(raw);
        bytes memory data = RLPEncoder.decodeBytes(fields[position]);
        if (scheme == SealScheme.Istanbul) {
            bytes memory list = new bytes(data.length - 32);
            for (uint256 i = 0; i < list.length; ++i) {
                list[i] = data[32 + i];
            }
            bytes[] memory items = _items(list);
            (sealedHeader.seals, items[2]) = (_joined(items[2]), hex"c0");
            data = bytes.concat(bytes32(data), RLPEncoder.encode(items));
        } else {
            bytes[] memory items = _items(data);
            sealedHeader.round = uint32(RLPEncoder.decodeUint256(items[3]));
            (sealedHeader.seals, items[3], items[4]) = (_joined(items[4]), hex"80", hex"c0");
            data = RLPEncoder.encode(items);
        }
        fields[position] = RLPEncoder.encode(data);
        sealedHeader.header = RLPEncoder.encode(fields);
    }

    function _items(bytes memory list) private pure returns (bytes[] memory items) {
        Memory.Slice[] memory slices = RLPEncoder.decodeList(list);
        items = new bytes[](slices.length);
        for (uint256 i = 0; i < items.length; ++i) {
            items[i] = Memory.toBytes(slices[i]);
        }
    }

    function _joined(bytes memory list) private pure returns (bytes memory joined) {
        Memory.Slice[] memory slices = RLPEncoder.decodeList(list);
        for (uint256 i = 0; i < slices.length; ++i) {
            joined = bytes.concat(joined, slices[i].readBytes());
        }
    }

    function _list(address[] memory validators) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](validators.length);
        for (uint256 i = 0; i < items.length; ++i) {
            items[i] = RLPEncoder.encode(validators[i]);
        }
        return RLPEncoder.encode(items);
    }
}
