// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {RLP} from "../../libraries/RLP.sol";
import {ISealedHeaderLightClient} from "../interfaces/ISealedHeaderLightClient.sol";
import {SealScheme} from "../types/SealedHeader.sol";
import {Header} from "./BlockHeader.sol";

/// @notice Where things are in a header's extra data, by their offsets in the header.
struct ExtraData {
    /// @dev The first item of the list.
    uint256 items;
    /// @dev The item `validators`.
    uint256 validators;
    uint256 validatorsEnd;
    uint256 afterVote;
    uint256 end;
}

/// @title Extra data of sealed headers
/// @notice Reads what validators put there, and tells what their seals cover.
/// @dev The form that the block's hash covers, and no other, is accepted: a header in the form that the seals cover would
/// pass for a second block of its height.
library SealedExtraData {
    using RLP for bytes;

    /// @dev Istanbul's extra data starts with so many bytes of anything.
    uint256 private constant ISTANBUL_VANITY = 32;

    /// @notice Where things are in the header's extra data.
    function read(bytes calldata header, Header memory fields, SealScheme scheme)
        internal
        pure
        returns (ExtraData memory extraData)
    {
        bool isIstanbul = scheme == SealScheme.Istanbul;
        (uint256 offset, uint256 end) = header.string_(fields.extraDataStart);
        if (isIstanbul) offset += ISTANBUL_VANITY;
        if (offset >= end) revert ISealedHeaderLightClient.SealedHeaderLightClient_MalformedExtraData();

        (extraData.items, extraData.end) = header.list(offset);
        offset = extraData.items;
        if (!isIstanbul) (, offset) = header.string_(offset);
        extraData.validators = offset;
        (, offset) = header.list(offset);
        extraData.validatorsEnd = offset;
        // The vote, which is empty or a list, or the proposer's seal.
        (,, offset) = header.item(offset);
        extraData.afterVote = offset;
        if (extraData.end != end || !_hasNoSeals(header, extraData, scheme)) {
            revert ISealedHeaderLightClient.SealedHeaderLightClient_MalformedExtraData();
        }
    }

    /// @notice What seals cover: the header's hash, were it sealed in this round.
    /// @param tail What stands after the vote then, see `tailOf`.
    function sealedHash(bytes calldata header, Header memory fields, ExtraData memory extraData, bytes memory tail)
        internal
        pure
        returns (bytes32)
    {
        (uint256 start,) = header.list(0);
        bytes memory list = _list(bytes.concat(header[extraData.items:extraData.afterVote], tail));
        return keccak256(
            _list(
                bytes.concat(header[start:fields.extraDataStart], RLPEncoder.encode(list), header[fields.extraDataEnd:])
            )
        );
    }

    /// @notice What seals cover after the vote.
    function tailOf(SealScheme scheme, uint32 round) internal pure returns (bytes memory) {
        // Besu writes IBFT 2.0's round as four bytes, and QBFT's as a number.
        if (scheme == SealScheme.Ibft2) return abi.encodePacked(hex"84", round);
        return bytes.concat(RLPEncoder.encode(uint256(round)), hex"c0");
    }

    /// @dev Nothing follows the vote but what the block's hash covers: QBFT's round zero, and an empty list of seals.
    function _hasNoSeals(bytes calldata header, ExtraData memory extraData, SealScheme scheme)
        private
        pure
        returns (bool)
    {
        uint256 offset = extraData.afterVote;
        if (scheme == SealScheme.Qbft) return offset + 2 == extraData.end && bytes2(header.wordAt(offset)) == 0x80c0;
        if (scheme == SealScheme.Istanbul) return offset + 1 == extraData.end && header.byteAt(offset) == 0xc0;
        return offset == extraData.end;
    }

    function _list(bytes memory payload) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](1);
        items[0] = payload;
        return RLPEncoder.encode(items);
    }
}
