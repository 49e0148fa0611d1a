// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILightClient} from "./ILightClient.sol";

/// @title Light client of attestors
/// @notice Takes the word of signers that its deployer has named, and nothing else: a block is final if `threshold` of them
/// say so. It checks nothing of the chain itself.
///
/// What is trusted: fewer than `threshold` of the signers lie or lose their keys. If as many do, they can make up any block
/// of the chain, and with it any message. It is for chains that cannot be followed otherwise, between parties who have
/// agreed on the signers.
///
/// Signers sign typed data (EIP-712) in the domain of this contract, named "AttestorLightClient", version "1":
/// `Attestation(uint256 sourceChain,uint256 epoch,uint64 number,bytes32 blockHash)` and
/// `Rotation(uint256 sourceChain,uint256 epoch,address[] signers,uint256 threshold)`. The first epoch is 1, each set of
/// signers has its own, and what is signed counts in its epoch only.
interface IAttestorLightClient is ILightClient {
    /// @notice The signers whose word is taken are these from now on; also emitted at deployment.
    /// @param epoch Number of the set.
    /// @param signers The signers, ascending.
    /// @param threshold How many of them must sign.
    event SignersChanged(uint256 indexed epoch, address[] signers, uint256 threshold);

    /// @notice Thrown when signers are not ascending, each but once, and none of them zero.
    /// @param previous The one before; zero before the first.
    /// @param signer The one that is not above it.
    error AttestorLightClient_SignersNotAscending(address previous, address signer);

    /// @notice Thrown when the threshold is above the number of signers, or not above its half: two groups without a common
    /// signer could then vouch for two blocks, with nobody at fault.
    /// @param threshold The threshold.
    /// @param signers Number of signers.
    error AttestorLightClient_ThresholdOutOfBounds(uint256 threshold, uint256 signers);

    /// @notice Thrown when signatures are not 65 bytes each.
    /// @param length Bytes of all signatures.
    error AttestorLightClient_MalformedSignatures(uint256 length);

    /// @notice Thrown when a signature is none, or one with `s` in the upper half.
    /// @param index Its position.
    error AttestorLightClient_InvalidSignature(uint256 index);

    /// @notice Thrown when a signature is not by one of the signers. So it is when it is over something else.
    /// @param signer Whose signature it is.
    error AttestorLightClient_UnknownSigner(address signer);

    /// @notice Thrown when there are fewer signatures than must be.
    /// @param count How many there are.
    /// @param required How many there must be.
    error AttestorLightClient_TooFewSignatures(uint256 count, uint256 required);

    /// @notice Thrown when the attested hash is zero, which stands for a block that is not known.
    /// @param number Number of the block.
    error AttestorLightClient_NoBlockHash(uint256 number);

    /// @notice Makes a block known, of whatever height. If another one of its height is known, this freezes the light
    /// client.
    /// @dev Reverts with `LightClient_Frozen`, `AttestorLightClient_NoBlockHash` and the errors of signatures above. Anyone
    /// may call.
    /// @param number Number of the block.
    /// @param blockHash Its hash.
    /// @param signatures At least `threshold` signatures of the attestation in this epoch, 65 bytes each (r, s, and v, 27 or
    /// 28), in the ascending order of their signers.
    function attest(uint64 number, bytes32 blockHash, bytes calldata signatures) external;

    /// @notice Takes the word of other signers from now on, in the next epoch.
    /// @dev Reverts with `LightClient_Frozen`, `AttestorLightClient_SignersNotAscending`,
    /// `AttestorLightClient_ThresholdOutOfBounds` and the errors of signatures above. Anyone may call.
    /// @param newSigners The signers, ascending.
    /// @param newThreshold How many of them must sign: more than half.
    /// @param signatures Signatures of the rotation to the next epoch by the signers of this one, as with `attest`.
    function rotate(address[] calldata newSigners, uint256 newThreshold, bytes calldata signatures) external;

    /// @notice Number of the set of signers.
    /// @return One at first.
    function epoch() external view returns (uint256);

    /// @notice How many signers must sign.
    /// @return More than half of them.
    function threshold() external view returns (uint256);

    /// @notice Those whose word is taken.
    /// @return Their addresses, ascending.
    function signers() external view returns (address[] memory);
}
