// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice Whose word a light client takes.
enum LightClientKind {
    /// @dev Ethereum's sync committee.
    SyncCommittee,
    /// @dev The validators that seal a chain's headers.
    SealedHeader,
    /// @dev Signers that were named at deployment.
    Attestor
}

/// @title Light client
/// @notice What this chain knows of another one: hashes of blocks of it that are final. Everything else - that a header is
/// a block's, that a receipt is in it, that a log is in the receipt - follows from such a hash and is proven against it.
///
/// How a block becomes known is each kind's own. Any block below a known one can be made known too: by the headers between
/// them, or, where the chain keeps the hashes of its latest blocks in its state (EIP-2935: the last 8,191), by one storage
/// proof.
///
/// Two hashes for one height freeze a light client for ever: nothing is read from it any more, and only the delayed
/// replacement of the contract that reads it goes on.
interface ILightClient {
    /// @notice A block is known to be final.
    /// @param number Its number.
    /// @param blockHash Its hash.
    event BlockRecorded(uint256 indexed number, bytes32 blockHash);

    /// @notice Those whose word is taken have vouched for two blocks of one height.
    /// @param number The height.
    /// @param recorded Hash of the block that was known.
    /// @param conflicting Hash of the other one.
    event Frozen(uint256 indexed number, bytes32 recorded, bytes32 conflicting);

    /// @notice Thrown when something is asked of a frozen light client.
    error LightClient_Frozen();

    /// @notice Thrown when the block that a proof starts from is not known.
    /// @param number Its number.
    error LightClient_UnknownBlock(uint256 number);

    /// @notice Thrown when a header is not the one that it must be.
    /// @param expected Hash of the header that belongs there.
    /// @param actual Hash of the one that was given.
    error LightClient_HeaderMismatch(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a proof of an older block proves nothing: it has no header, it goes below the first block, or
    /// the block is none of those before the known one that the chain's history contract has.
    /// @param number The block that was to be made known.
    /// @param known The block that the proof starts from.
    error LightClient_NoAncestor(uint256 number, uint256 known);

    /// @notice Thrown when the chain's state under a known block names another hash than was to be proven.
    /// @param expected Hash of the state that the known header names.
    /// @param actual Hash of the state that the proof is of.
    error LightClient_StateMismatch(bytes32 expected, bytes32 actual);

    /// @notice Makes the block known that a chain of headers leads down to: the parent of the last one.
    /// @dev Reverts with `LightClient_Frozen`, `LightClient_UnknownBlock`, `LightClient_HeaderMismatch`,
    /// `LightClient_NoAncestor`, and errors of `RLP` and `BlockHeader`.
    /// @param known Number of a known block.
    /// @param headers RLP headers, one right after the other: the known block's, its parent's, and so on.
    function proveAncestorByHeaders(uint256 known, bytes calldata headers) external;

    /// @notice Makes a block known by what the chain's history contract (EIP-2935) stores of it.
    /// @dev Reverts with `LightClient_Frozen`, `LightClient_UnknownBlock`, `LightClient_HeaderMismatch`,
    /// `LightClient_NoAncestor`, `LightClient_StateMismatch`, and errors of `RLP`, `BlockHeader`, `MerkleTrie` and
    /// `StorageProof`.
    /// @param known Number of a known block.
    /// @param header Its RLP header.
    /// @param number Number of the block to make known: one of the `historyWindow` before it.
    /// @param nodes Nodes of the account proof, then those of the storage proof, of the block's slot, under the known
    /// block's state root: see `StorageProof`.
    function proveAncestorByHistory(uint256 known, bytes calldata header, uint256 number, bytes calldata nodes) external;

    /// @notice The chain whose blocks these are.
    /// @return EIP-155 chain id.
    function chainId() external view returns (uint256);

    /// @notice How many blocks back the chain's history contract goes: it keeps a block's hash in the slot of the block's
    /// number modulo this.
    /// @return 8,191 by EIP-2935; zero where the chain has no such contract.
    function historyWindow() external view returns (uint256);

    /// @notice Whose word is taken.
    /// @return See {LightClientKind}.
    function kind() external view returns (LightClientKind);

    /// @notice Hash of a final block. Reverts with `LightClient_Frozen`.
    /// @param number Its number.
    /// @return Its hash, or zero where it is not known.
    function finalizedBlockHash(uint256 number) external view returns (bytes32);

    /// @notice The highest block that is known, whatever has happened since.
    /// @return number Its number.
    /// @return blockHash Its hash.
    function head() external view returns (uint256 number, bytes32 blockHash);

    /// @notice Whether two hashes for one height were shown.
    /// @return True for ever once it is true.
    function isFrozen() external view returns (bool);
}
