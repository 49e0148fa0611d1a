// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAttestorLightClient} from "../interfaces/IAttestorLightClient.sol";
import {ILightClient, LightClientKind} from "../interfaces/ILightClient.sol";
import {LightClient} from "./LightClient.sol";

/// @title Light client of attestors
/// @notice See {IAttestorLightClient}.
contract AttestorLightClient is LightClient, EIP712, IAttestorLightClient {
    bytes32 private constant ATTESTATION =
        keccak256("Attestation(uint256 sourceChain,uint256 epoch,uint64 number,bytes32 blockHash)");

    bytes32 private constant ROTATION =
        keccak256("Rotation(uint256 sourceChain,uint256 epoch,address[] signers,uint256 threshold)");

    uint256 private constant SIGNATURE_LENGTH = 65;

    uint128 private _epoch;
    uint128 private _threshold;
    address[] private _signers;

    /// @dev An epoch in which the signer signs; the latest one.
    mapping(address signer => uint256 epoch) private _epochs;

    constructor(uint256 chainId_, uint256 historyWindow_, address[] memory signers_, uint256 threshold_)
        LightClient(chainId_, historyWindow_)
        EIP712("AttestorLightClient", "1")
    {
        _setSigners(1, signers_, threshold_);
    }

    /// @inheritdoc IAttestorLightClient
    function attest(uint64 number, bytes32 blockHash, bytes calldata signatures) external override whenNotFrozen {
        if (blockHash == bytes32(0)) revert AttestorLightClient_NoBlockHash(number);
        _checkSignatures(keccak256(abi.encode(ATTESTATION, chainId, epoch(), number, blockHash)), signatures);

        if (number > _headNumber()) _recordHead(number, blockHash, 0);
        else _record(number, blockHash);
    }

    /// @inheritdoc IAttestorLightClient
    function rotate(address[] calldata newSigners, uint256 newThreshold, bytes calldata signatures)
        external
        override
        whenNotFrozen
    {
        uint256 newEpoch = epoch() + 1;
        // An array counts as the hash of its elements, a word each.
        bytes32 signersHash = keccak256(abi.encodePacked(newSigners));
        _checkSignatures(keccak256(abi.encode(ROTATION, chainId, newEpoch, signersHash, newThreshold)), signatures);

        _setSigners(newEpoch, newSigners, newThreshold);
    }

    /// @inheritdoc ILightClient
    function kind() external pure override returns (LightClientKind) {
        return LightClientKind.Attestor;
    }

    /// @inheritdoc IAttestorLightClient
    function threshold() external view override returns (uint256) {
        return _threshold;
    }

    /// @inheritdoc IAttestorLightClient
    function signers() external view override returns (address[] memory) {
        return _signers;
    }

    /// @inheritdoc IAttestorLightClient
    function epoch() public view override returns (uint256) {
        return _epoch;
    }

    /// @dev Signers of earlier epochs stay in `_epochs`, under these.
    function _setSigners(uint256 newEpoch, address[] memory newSigners, uint256 newThreshold) private {
        if (newThreshold > newSigners.length || newThreshold <= newSigners.length / 2) {
            revert AttestorLightClient_ThresholdOutOfBounds(newThreshold, newSigners.length);
        }
        address previous;
        for (uint256 i = 0; i < newSigners.length; ++i) {
            address signer = newSigners[i];
            if (signer <= previous) revert AttestorLightClient_SignersNotAscending(previous, signer);
            _epochs[signer] = newEpoch;
            previous = signer;
        }

        (_epoch, _threshold, _signers) = (uint128(newEpoch), uint128(newThreshold), newSigners);
        emit SignersChanged(newEpoch, newSigners, newThreshold);
    }

    /// @dev Enough signers of this epoch have signed.
    function _checkSignatures(bytes32 structHash, bytes calldata signatures) private view {
        if (signatures.length % SIGNATURE_LENGTH != 0) {
            revert AttestorLightClient_MalformedSignatures(signatures.length);
        }
        uint256 count = signatures.length / SIGNATURE_LENGTH;
        if (count < _threshold) revert AttestorLightClient_TooFewSignatures(count, _threshold);

        bytes32 digest = _hashTypedDataV4(structHash);
        address previous;
        for (uint256 i = 0; i < count; ++i) {
            bytes calldata signature = signatures[i * SIGNATURE_LENGTH:(i + 1) * SIGNATURE_LENGTH];
            (address signer, ECDSA.RecoverError problem,) =
                ECDSA.tryRecover(digest, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64]));
            if (problem != ECDSA.RecoverError.NoError) revert AttestorLightClient_InvalidSignature(i);
            if (_epochs[signer] != _epoch) revert AttestorLightClient_UnknownSigner(signer);
            if (signer <= previous) revert AttestorLightClient_SignersNotAscending(previous, signer);
            previous = signer;
        }
    }
}
