// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {HeaderLayout} from "../types/HeaderLayout.sol";
import {SealScheme, SealedHeader} from "../types/SealedHeader.sol";
import {IExpiringLightClient} from "./IExpiringLightClient.sol";

/// @title Light client of sealed headers
/// @notice Takes the word of a chain's validators, who seal each of its headers by their signatures in the extra data: a
/// block is final if at least two thirds of the validators that the latest head lists have sealed it.
///
/// What is trusted: fewer than a third of the validators lie. Nothing else tells two chains apart: validators who seal
/// several chains with the same keys vouch for the blocks of all of them, and such a chain must not be followed by this.
/// IBFT 1.0 (Istanbul) is known to be able to seal two blocks of one height when messages are lost at the wrong moment, with
/// no validator at fault: this client freezes then.
///
/// Chains whose validators are chosen by a contract and not listed in the headers cannot be followed.
interface ISealedHeaderLightClient is IExpiringLightClient {
    /// @notice What a light client of sealed headers is deployed with.
    /// @dev The block is one whose header lists the validators.
    struct Configuration {
        uint256 chainId;
        /// @dev See `historyWindow`; zero where headers are not laid out as Ethereum's.
        uint256 historyWindow;
        /// @dev Seconds.
        uint256 trustingPeriod;
        SealScheme scheme;
        HeaderLayout headerLayout;
        uint256 number;
        bytes32 blockHash;
        /// @dev Of the block, in seconds.
        uint256 timestamp;
        /// @dev In the order of the header.
        address[] validators;
    }

    /// @notice The validators whose word is taken are others from now on; also emitted at deployment.
    /// @param number The block whose header lists them.
    /// @param validatorsHash Hash of the list, see `validatorsHash`.
    event ValidatorsChanged(uint256 indexed number, bytes32 validatorsHash);

    /// @notice Thrown when an update's block is not above the head. `reportConflict` takes another block of a known height.
    /// @param number Number of the block.
    /// @param head Number of the head.
    error SealedHeaderLightClient_NotNewer(uint256 number, uint256 head);

    /// @notice Thrown when a reported block is known, or none of its height is.
    /// @param number Number of the block.
    error SealedHeaderLightClient_NoConflict(uint256 number);

    /// @notice Thrown when the extra data is not what the chain's scheme says, in the form that the block's hash covers.
    error SealedHeaderLightClient_MalformedExtraData();

    /// @notice Thrown when a list of validators is not a list of 1 to 256 addresses.
    /// @param length Bytes in the list.
    error SealedHeaderLightClient_MalformedValidators(uint256 length);

    /// @notice Thrown when the header lists other validators than are trusted, and the list of those is missing or wrong.
    /// @param expected Hash of the list that is trusted.
    /// @param actual Hash of the list that was given.
    error SealedHeaderLightClient_NotTrustedValidators(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a round is given where seals do not cover it.
    /// @param round The round.
    error SealedHeaderLightClient_UnexpectedRound(uint256 round);

    /// @notice Thrown when the seals are not 65 bytes each.
    /// @param length Bytes of all seals.
    error SealedHeaderLightClient_MalformedSeals(uint256 length);

    /// @notice Thrown when a seal is not a signature, its `s` is in the upper half, or its parity is not 0 or 1.
    /// @param index Position of the seal.
    error SealedHeaderLightClient_InvalidSeal(uint256 index);

    /// @notice Thrown when a seal is by no validator that the header lists. So it is when the seal is over something else.
    /// @param signer Whose signature it is.
    error SealedHeaderLightClient_UnknownSigner(address signer);

    /// @notice Thrown when a validator has sealed twice.
    /// @param signer The validator.
    error SealedHeaderLightClient_DuplicateSeal(address signer);

    /// @notice Thrown when fewer than two thirds of the validators that the header lists have sealed it.
    /// @param count How many have.
    /// @param required How many must have.
    error SealedHeaderLightClient_TooFewSeals(uint256 count, uint256 required);

    /// @notice Thrown when the header lists other validators than are trusted, and fewer than two thirds of the trusted ones
    /// have sealed it.
    /// @param count How many have.
    /// @param required How many must have.
    error SealedHeaderLightClient_TooFewTrustedSeals(uint256 count, uint256 required);

    /// @notice Makes a block known, as the new head, and trusts the validators that it lists.
    /// @dev Reverts with `LightClient_Frozen`, `ExpiringLightClient_Expired`, `SealedHeaderLightClient_NotNewer`, the errors
    /// of seals and validators above, and errors of `RLP` and `BlockHeader`. Anyone may call. Blocks may be left out, as
    /// long as two thirds of the trusted validators still seal.
    /// @param sealedHeader The header and its seals.
    /// @param trustedValidators RLP list of the validators that are trusted, as the header of a block that they seal has it;
    /// read only if this header lists others.
    function update(SealedHeader calldata sealedHeader, bytes calldata trustedValidators) external;

    /// @notice Freezes the light client by another block of a height that is known, which the validators trusted now have
    /// sealed too. Possible after the trust has expired.
    /// @dev Reverts with `LightClient_Frozen`, `SealedHeaderLightClient_NoConflict`, the errors of seals and validators
    /// above, and errors of `RLP` and `BlockHeader`. Anyone may call.
    /// @param sealedHeader The other block's header and its seals.
    /// @param trustedValidators See `update`.
    function reportConflict(SealedHeader calldata sealedHeader, bytes calldata trustedValidators) external;

    /// @notice How the chain's validators seal.
    /// @return See {SealScheme}.
    function scheme() external view returns (SealScheme);

    /// @notice Where fields are in the chain's headers.
    /// @return See {HeaderLayout}.
    function headerLayout() external view returns (HeaderLayout);

    /// @notice The validators whose word is taken.
    /// @return Hash of their RLP list, as in the head's header.
    function validatorsHash() external view returns (bytes32);
}
