// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StorageProof} from "../../libraries/StorageProof.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {BlockHeader, Header} from "../libraries/BlockHeader.sol";
import {ETHEREUM_HEADER} from "../types/HeaderLayout.sol";

/// @title Light client
/// @notice Remembers final blocks, reaches the ones below them, and freezes. Which blocks are final is for the kinds to
/// say, which call `_record` and `_recordHead`.
/// @dev No owner, and nothing to configure after deployment: whoever trusts a light client trusts its code and whom it was
/// deployed to believe.
abstract contract LightClient is ILightClient {
    using BlockHeader for bytes;
    using StorageProof for bytes;

    /// @dev One slot, which an update reads and writes once.
    struct Head {
        uint64 number;
        /// @dev Seconds; zero where a kind has no use for it.
        uint64 timestamp;
        bool isFrozen;
    }

    /// @dev EIP-2935's contract: under `number % historyWindow`, the hash of the block.
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @inheritdoc ILightClient
    uint256 public immutable override chainId;

    /// @inheritdoc ILightClient
    uint256 public immutable override historyWindow;

    Head private _head;

    mapping(uint256 number => bytes32 blockHash) private _blockHashes;

    modifier whenNotFrozen() {
        if (_head.isFrozen) revert LightClient_Frozen();
        _;
    }

    constructor(uint256 chainId_, uint256 historyWindow_) {
        (chainId, historyWindow) = (chainId_, historyWindow_);
    }

    /// @inheritdoc ILightClient
    function proveAncestorByHeaders(uint256 known, bytes calldata headers) external override whenNotFrozen {
        bytes32 expected = _known(known);
        uint256 number = known;
        uint256 offset;
        do {
            // The first block has no parent, and without a header there is none to be named.
            if (number == 0 || headers.length == 0) revert LightClient_NoAncestor(number, known);
            (bytes32 actual, bytes32 parentHash, uint256 end) = headers.link(offset);
            if (actual != expected) revert LightClient_HeaderMismatch(expected, actual);
            (expected, offset, number) = (parentHash, end, number - 1);
        } while (offset < headers.length);
        _record(number, expected);
    }

    /// @inheritdoc ILightClient
    function proveAncestorByHistory(uint256 known, bytes calldata header, uint256 number, bytes calldata nodes)
        external
        override
        whenNotFrozen
    {
        bytes32 expected = _known(known);
        if (number >= known || known - number > historyWindow) revert LightClient_NoAncestor(number, known);
        (bytes32 actual, Header memory fields) = header.read(ETHEREUM_HEADER);
        if (actual != expected) revert LightClient_HeaderMismatch(expected, actual);

        (bytes32 stateRoot, uint256 blockHash) = nodes.read(HISTORY, bytes32(number % historyWindow));
        if (stateRoot != fields.stateRoot) revert LightClient_StateMismatch(fields.stateRoot, stateRoot);
        _record(number, bytes32(blockHash));
    }

    /// @inheritdoc ILightClient
    function finalizedBlockHash(uint256 number) external view override whenNotFrozen returns (bytes32) {
        return _blockHashes[number];
    }

    /// @inheritdoc ILightClient
    function head() external view override returns (uint256 number, bytes32 blockHash) {
        number = _head.number;
        blockHash = _blockHashes[number];
    }

    /// @inheritdoc ILightClient
    function isFrozen() external view override returns (bool) {
        return _head.isFrozen;
    }

    /// @dev Remembers a final block, or freezes if another one of its height is known. Never reverts for that: the freeze
    /// must stay.
    /// @param blockHash Never zero.
    function _record(uint256 number, bytes32 blockHash) internal {
        bytes32 recorded = _blockHashes[number];
        if (recorded == bytes32(0)) {
            _blockHashes[number] = blockHash;
            emit BlockRecorded(number, blockHash);
        } else if (recorded != blockHash) {
            _head.isFrozen = true;
            emit Frozen(number, recorded, blockHash);
        }
    }

    /// @dev Remembers a block above all others.
    function _recordHead(uint256 number, bytes32 blockHash, uint256 timestamp) internal {
        Head memory newHead = _head;
        (newHead.number, newHead.timestamp) = (uint64(number), uint64(timestamp));
        _head = newHead;
        _record(number, blockHash);
    }

    function _headNumber() internal view returns (uint256) {
        return _head.number;
    }

    function _headTimestamp() internal view returns (uint256) {
        return _head.timestamp;
    }

    /// @dev Zero where the block is not known.
    function _blockHashOf(uint256 number) internal view returns (bytes32) {
        return _blockHashes[number];
    }

    function _known(uint256 number) private view returns (bytes32 blockHash) {
        blockHash = _blockHashes[number];
        if (blockHash == bytes32(0)) revert LightClient_UnknownBlock(number);
    }
}
