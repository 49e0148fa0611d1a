// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {LightClientKind} from "../omnichain/interfaces/ILightClient.sol";
import {LightClient} from "../omnichain/lightclient/LightClient.sol";

/// @title Test light client
/// @notice Believes whoever has created it: for tests alone.
contract TestLightClient is LightClient {
    address private immutable _CREATOR;

    /// @notice Thrown when somebody else says which blocks are final.
    /// @param caller The account.
    error TestLightClient_NotCreator(address caller);

    /// @param chainId_ Chain id of the chain whose blocks it knows.
    constructor(uint256 chainId_) LightClient(chainId_, 0) {
        _CREATOR = msg.sender;
    }

    /// @notice Makes a final block known. Only for the creator; reverts with `TestLightClient_NotCreator` otherwise.
    /// @param number Its number.
    /// @param blockHash Its hash.
    function finalize(uint256 number, bytes32 blockHash) external {
        if (msg.sender != _CREATOR) revert TestLightClient_NotCreator(msg.sender);
        _recordHead(number, blockHash, 0);
    }

    /// @notice Which kind of light client it stands for.
    /// @return Attestors: those whose word is taken.
    function kind() external pure override returns (LightClientKind) {
        return LightClientKind.Attestor;
    }
}
