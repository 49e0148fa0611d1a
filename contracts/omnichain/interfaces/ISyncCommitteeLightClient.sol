// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Fork, SyncCommitteeBootstrap, SyncCommitteeUpdate} from "../types/SyncCommittee.sol";
import {IExpiringLightClient} from "./IExpiringLightClient.sol";

/// @title Light client of Ethereum's sync committee
/// @notice Takes a block for final when more than two thirds of the sync committee have signed a header in whose state it
/// is, as Ethereum's light-client protocol has it, but for two things: nothing is taken that is not final, and no update
/// is forced when finality fails. A committee of 512 (32 on networks of the minimal preset) serves for one period, about
/// 27 hours, and vouches for the next.
///
/// A false block passes when two thirds of a committee lie, who are not punished for it; or when somebody has got hold of
/// the keys of a committee that has served, before the trusting period is over.
///
/// Nobody can change anything about it. A fork of the consensus layer that its table does not list ends it, and another
/// one with a longer table takes its place: see the delayed replacement of whoever reads it.
interface ISyncCommitteeLightClient is IExpiringLightClient {
    /// @notice What a light client of a sync committee is deployed with.
    struct Configuration {
        /// @dev EIP-155 chain id.
        uint256 chainId;
        /// @dev See {ILightClient-historyWindow}.
        uint256 historyWindow;
        /// @dev Timestamp of slot 0, seconds.
        uint64 genesisTime;
        /// @dev Binds signatures to one network.
        bytes32 genesisValidatorsRoot;
        /// @dev At least 1.
        uint64 secondsPerSlot;
        /// @dev At least 1.
        uint64 slotsPerEpoch;
        /// @dev Epochs that a committee serves for, at least 1.
        uint64 epochsPerPeriod;
        /// @dev Keys of a committee: a power of two.
        uint64 committeeSize;
        /// @dev Seconds after the newest final header's slot for which its committees are trusted: see
        /// {IExpiringLightClient}.
        uint256 trustingPeriod;
        /// @dev By ascending epoch. What is older than the first is not understood.
        Fork[] forks;
        /// @dev Root of the final beacon block to start from: what the deployment trusts.
        bytes32 trustedBlockRoot;
        /// @dev Proves what it holds.
        SyncCommitteeBootstrap bootstrap;
    }

    /// @notice A final beacon header is the newest one that is known.
    /// @param slot Its slot.
    /// @param number Number of its payload.
    event FinalityAdvanced(uint256 indexed slot, uint256 indexed number);

    /// @notice A period's committee is known.
    /// @param period The period.
    /// @param root Root of the committee.
    event CommitteeLearned(uint256 indexed period, bytes32 root);

    /// @notice Thrown when the configuration cannot work: a length of time is zero, the committee's size is no power of two,
    /// the forks are none or not in order, or one names no place in a tree that it can have.
    error SyncCommitteeLightClient_Misconfigured();

    /// @notice Thrown when the bootstrap's header is not the trusted block's.
    /// @param trusted Root of the trusted block.
    /// @param actual Root of the header.
    error SyncCommitteeLightClient_UntrustedBlock(bytes32 trusted, bytes32 actual);

    /// @notice Thrown when a slot is older than all forks that are listed.
    /// @param slot The slot.
    error SyncCommitteeLightClient_UnknownFork(uint256 slot);

    /// @notice Thrown when the slots are not in order: finalized, at most attested, below the signature's.
    /// @param finalizedSlot Slot of the finalized header.
    /// @param attestedSlot Slot of the attested header.
    /// @param signatureSlot Slot of the signature.
    error SyncCommitteeLightClient_SlotsNotInOrder(uint256 finalizedSlot, uint256 attestedSlot, uint256 signatureSlot);

    /// @notice Thrown when the signature's slot has not begun.
    /// @param signatureSlot The slot.
    /// @param beginsAt Timestamp at which it begins.
    error SyncCommitteeLightClient_SlotInFuture(uint256 signatureSlot, uint256 beginsAt);

    /// @notice Thrown when an update has nothing that is new: its final header is not above the newest known one, and the
    /// committee that it names is known already.
    /// @param slot Slot of its final header.
    /// @param known Slot of the newest known one.
    error SyncCommitteeLightClient_NothingNew(uint256 slot, uint256 known);

    /// @notice Thrown when the committee of the signature's period is not known, or not any more.
    /// @param period The period.
    error SyncCommitteeLightClient_UnknownCommittee(uint256 period);

    /// @notice Thrown when the keys are not those of the committee.
    /// @param expected Root of the committee.
    /// @param actual Root of the keys.
    error SyncCommitteeLightClient_CommitteeMismatch(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a third of the committee has not signed, or more.
    /// @param absent How many have not.
    /// @param size How many there are.
    error SyncCommitteeLightClient_TooManyAbsent(uint256 absent, uint256 size);

    /// @notice Thrown when the absent keys are not in ascending order, or one's index is beyond the committee.
    /// @param index The index.
    error SyncCommitteeLightClient_AbsentKeyOutOfOrder(uint256 index);

    /// @notice Thrown when an absent key is not the committee's one at its index.
    /// @param index The index.
    error SyncCommitteeLightClient_AbsentKeyMismatch(uint256 index);

    /// @notice Thrown when the signature is not that of the participants over the attested header.
    error SyncCommitteeLightClient_InvalidSignature();

    /// @notice Thrown when a branch does not lead to the root that it must lead to.
    /// @param expected The root.
    /// @param actual Where it leads.
    error SyncCommitteeLightClient_BranchMismatch(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a next committee comes with a final header of an older period than the attested one: the
    /// header that vouches for it may never become final. Leave it out.
    /// @param attestedPeriod Period of the attested header.
    /// @param finalizedPeriod Period of the finalized header.
    error SyncCommitteeLightClient_CommitteeNotFinal(uint256 attestedPeriod, uint256 finalizedPeriod);

    /// @notice Thrown when an update names another next committee than the known one.
    /// @param known Root of the known one.
    /// @param given Root of the other.
    error SyncCommitteeLightClient_ConflictingCommittee(bytes32 known, bytes32 given);

    /// @notice Thrown when what was reported as a conflict is none.
    /// @param number Number of the block.
    error SyncCommitteeLightClient_NoConflict(uint256 number);

    /// @notice Takes an update: its final block is known from now on, and the next committee if it names one. Anyone.
    /// @dev Freezes, and does not revert, where another hash is known for the block's number. Reverts with
    /// `LightClient_Frozen`, `ExpiringLightClient_Expired`, errors of this interface, and errors of `SSZ` and `BLS12381`.
    /// @param update_ The update.
    function update(SyncCommitteeUpdate calldata update_) external;

    /// @notice Freezes the light client by an update whose final block has another hash than the known block of its number.
    /// Anyone, and however old the update is, as long as its committee is one of the newest two that are known.
    /// @dev Reverts with `LightClient_Frozen`, errors of this interface, and errors of `SSZ` and `BLS12381`.
    /// @param update_ The update; nobody looks at its next committee.
    function reportConflict(SyncCommitteeUpdate calldata update_) external;

    /// @notice Slot of the newest final header.
    /// @return The slot.
    function finalizedSlot() external view returns (uint64);

    /// @notice The newest period whose committee is known: that of the newest final header, or the one after it.
    /// @return The period.
    function newestPeriod() external view returns (uint64);

    /// @notice A period's committee.
    /// @param period The period.
    /// @return Its root, or zero where it is not one of the newest two that are known.
    function committeeRoot(uint256 period) external view returns (bytes32);

    /// @notice The forks that are understood.
    /// @return By ascending epoch.
    function forks() external view returns (Fork[] memory);

    /// @notice Timestamp of slot 0.
    /// @return Seconds.
    function genesisTime() external view returns (uint64);

    /// @notice What binds signatures to one network.
    /// @return Root of the validators at genesis.
    function genesisValidatorsRoot() external view returns (bytes32);

    /// @notice Length of a slot.
    /// @return Seconds.
    function secondsPerSlot() external view returns (uint64);

    /// @notice Length of an epoch.
    /// @return Slots.
    function slotsPerEpoch() external view returns (uint64);

    /// @notice For how long a committee serves.
    /// @return Epochs.
    function epochsPerPeriod() external view returns (uint64);

    /// @notice Keys of a committee.
    /// @return A power of two.
    function committeeSize() external view returns (uint64);
}
