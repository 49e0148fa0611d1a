// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILightClient, LightClientKind} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";

/// @notice A light client of any chain, which takes the test's word for which blocks are final.
contract RecordedBlocks is ILightClient {
    uint256 public immutable chainId;
    uint256 public constant historyWindow = 0;
    LightClientKind public constant kind = LightClientKind.SealedHeader;

    bool public isFrozen;

    mapping(uint256 number => bytes32 blockHash) private _hashes;

    constructor(uint256 chainId_) {
        chainId = chainId_;
    }

    function record(uint256 number, bytes32 blockHash) external {
        _hashes[number] = blockHash;
    }

    function freeze() external {
        isFrozen = true;
    }

    function finalizedBlockHash(uint256 number) external view returns (bytes32) {
        if (isFrozen) revert LightClient_Frozen();
        return _hashes[number];
    }

    function proveAncestorByHeaders(uint256 known, bytes calldata) external pure {
        revert LightClient_UnknownBlock(known);
    }

    function proveAncestorByHistory(uint256 known, bytes calldata, uint256, bytes calldata) external pure {
        revert LightClient_UnknownBlock(known);
    }

    function head() external pure returns (uint256, bytes32) {}
}
