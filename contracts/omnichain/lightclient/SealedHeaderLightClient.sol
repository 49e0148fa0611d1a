// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ILightClient, LightClientKind} from "../interfaces/ILightClient.sol";
import {ISealedHeaderLightClient} from "../interfaces/ISealedHeaderLightClient.sol";
import {BlockHeader, Header} from "../libraries/BlockHeader.sol";
import {ExtraData, SealedExtraData} from "../libraries/SealedExtraData.sol";
import {ValidatorList} from "../libraries/ValidatorList.sol";
import {HeaderLayout} from "../types/HeaderLayout.sol";
import {SealScheme, SealedHeader} from "../types/SealedHeader.sol";
import {ExpiringLightClient} from "./ExpiringLightClient.sol";
import {LightClient} from "./LightClient.sol";

/// @title Light client of sealed headers
/// @notice See {ISealedHeaderLightClient}.
contract SealedHeaderLightClient is ExpiringLightClient, ISealedHeaderLightClient {
    using BlockHeader for bytes;
    using SealedExtraData for bytes;
    using SealedExtraData for SealScheme;
    using ValidatorList for bytes;
    using ValidatorList for address[];

    /// @dev What a sealed header tells, once its seals are found good.
    struct Sealed {
        uint256 number;
        uint256 timestamp;
        bytes32 blockHash;
        bytes32 validatorsHash;
    }

    uint256 private constant SEAL_LENGTH = 65;

    /// @inheritdoc ISealedHeaderLightClient
    SealScheme public immutable override scheme;

    /// @inheritdoc ISealedHeaderLightClient
    HeaderLayout public immutable override headerLayout;

    /// @inheritdoc ISealedHeaderLightClient
    bytes32 public override validatorsHash;

    constructor(Configuration memory configuration)
        LightClient(configuration.chainId, configuration.historyWindow)
        ExpiringLightClient(configuration.trustingPeriod)
    {
        (scheme, headerLayout) = (configuration.scheme, configuration.headerLayout);
        bytes memory validators = configuration.validators.encode();
        if (configuration.validators.length == 0 || configuration.validators.length > ValidatorList.MOST) {
            revert SealedHeaderLightClient_MalformedValidators(validators.length);
        }
        _trustHead(configuration.number, configuration.blockHash, configuration.timestamp);
        _trustValidators(configuration.number, keccak256(validators));
    }

    /// @inheritdoc ISealedHeaderLightClient
    function update(SealedHeader calldata sealedHeader, bytes calldata trustedValidators)
        external
        override
        whenNotFrozen
        whenNotExpired
    {
        Sealed memory verified = _verify(sealedHeader, trustedValidators);
        if (verified.number <= _headNumber()) {
            revert SealedHeaderLightClient_NotNewer(verified.number, _headNumber());
        }

        _trustHead(verified.number, verified.blockHash, verified.timestamp);
        if (verified.validatorsHash != validatorsHash) _trustValidators(verified.number, verified.validatorsHash);
    }

    /// @inheritdoc ISealedHeaderLightClient
    function reportConflict(SealedHeader calldata sealedHeader, bytes calldata trustedValidators)
        external
        override
        whenNotFrozen
    {
        Sealed memory verified = _verify(sealedHeader, trustedValidators);
        bytes32 recorded = _blockHashOf(verified.number);
        if (recorded == bytes32(0) || recorded == verified.blockHash) {
            revert SealedHeaderLightClient_NoConflict(verified.number);
        }

        _record(verified.number, verified.blockHash);
    }

    /// @inheritdoc ILightClient
    function kind() external pure override returns (LightClientKind) {
        return LightClientKind.SealedHeader;
    }

    function _trustValidators(uint256 number, bytes32 newHash) private {
        validatorsHash = newHash;
        emit ValidatorsChanged(number, newHash);
    }

    /// @dev Checks that quorums of the trusted validators and of those that the header lists have sealed it.
    function _verify(SealedHeader calldata sealedHeader, bytes calldata trustedValidators)
        private
        view
        returns (Sealed memory verified)
    {
        bytes calldata header = sealedHeader.header;
        (bytes32 blockHash, Header memory fields) = header.read(headerLayout);
        ExtraData memory extraData = SealedExtraData.read(header, fields, scheme);
        bytes calldata listed = header[extraData.validators:extraData.validatorsEnd];

        verified.number = fields.number;
        verified.timestamp = fields.timestamp;
        verified.blockHash = blockHash;
        verified.validatorsHash = keccak256(listed);

        bytes calldata trusted = listed[:0];
        if (verified.validatorsHash != validatorsHash) {
            bytes32 trustedHash = keccak256(trustedValidators);
            if (trustedHash != validatorsHash) {
                revert SealedHeaderLightClient_NotTrustedValidators(validatorsHash, trustedHash);
            }
            trusted = trustedValidators.parse();
        }
        _checkSeals(
            _sealedHash(sealedHeader, blockHash, fields, extraData), sealedHeader.seals, listed.parse(), trusted
        );
    }

    /// @dev What the validators have signed.
    function _sealedHash(
        SealedHeader calldata sealedHeader,
        bytes32 blockHash,
        Header memory fields,
        ExtraData memory extraData
    ) private view returns (bytes32) {
        uint32 round = sealedHeader.round;
        if (scheme == SealScheme.Istanbul) {
            if (round != 0) revert SealedHeaderLightClient_UnexpectedRound(round);
            return keccak256(abi.encodePacked(blockHash, bytes1(0x02)));
        }
        return sealedHeader.header.sealedHash(fields, extraData, scheme.tailOf(round));
    }

    /// @dev Every seal is by another one of the validators that the header lists, and these are enough.
    /// @param trusted The validators that are trusted, if they are others than those that the header lists.
    function _checkSeals(bytes32 digest, bytes calldata seals, bytes calldata listed, bytes calldata trusted)
        private
        pure
    {
        if (seals.length % SEAL_LENGTH != 0) revert SealedHeaderLightClient_MalformedSeals(seals.length);
        uint256 sealers = seals.length / SEAL_LENGTH;
        uint256 trustedSealers;
        uint256 sealedBy;
        uint256 position;
        for (uint256 i = 0; i < sealers; ++i) {
            address signer = _signerOf(digest, seals, i);
            position = listed.find(signer, position);
            if (position == listed.count()) revert SealedHeaderLightClient_UnknownSigner(signer);
            if (sealedBy & (1 << position) != 0) revert SealedHeaderLightClient_DuplicateSeal(signer);
            sealedBy |= 1 << position;
            if (trusted.find(signer, 0) != trusted.count()) ++trustedSealers;
        }

        if (sealers < listed.quorum()) revert SealedHeaderLightClient_TooFewSeals(sealers, listed.quorum());
        if (trustedSealers < trusted.quorum()) {
            revert SealedHeaderLightClient_TooFewTrustedSeals(trustedSealers, trusted.quorum());
        }
    }

    function _signerOf(bytes32 digest, bytes calldata seals, uint256 index) private pure returns (address signer) {
        bytes calldata seal = seals[index * SEAL_LENGTH:(index + 1) * SEAL_LENGTH];
        uint8 parity = uint8(seal[64]);
        if (parity > 1) revert SealedHeaderLightClient_InvalidSeal(index);
        ECDSA.RecoverError problem;
        (signer, problem,) = ECDSA.tryRecover(digest, 27 + parity, bytes32(seal[:32]), bytes32(seal[32:64]));
        if (problem != ECDSA.RecoverError.NoError) revert SealedHeaderLightClient_InvalidSeal(index);
    }
}
