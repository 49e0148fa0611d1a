// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILightClient, LightClientKind} from "../interfaces/ILightClient.sol";
import {ISyncCommitteeLightClient} from "../interfaces/ISyncCommitteeLightClient.sol";
import {BLS12381, G1Point} from "../libraries/BLS12381.sol";
import {SSZ} from "../libraries/SSZ.sol";
import {
    AbsentKey,
    BeaconHeader,
    ExecutionBlock,
    Fork,
    Participation,
    SyncCommitteeBootstrap,
    SyncCommitteeUpdate
} from "../types/SyncCommittee.sol";
import {ExpiringLightClient} from "./ExpiringLightClient.sol";
import {LightClient} from "./LightClient.sol";

/// @title Light client of Ethereum's sync committee
/// @dev See {ISyncCommitteeLightClient}. The consensus layer's specification calls what `update` does
/// `process_light_client_update`.
contract SyncCommitteeLightClient is ISyncCommitteeLightClient, ExpiringLightClient {
    /// @dev DOMAIN_SYNC_COMMITTEE: what a signature with a validator's key is for.
    bytes32 private constant DOMAIN_TYPE = bytes32(bytes4(0x07000000));

    /// @inheritdoc ISyncCommitteeLightClient
    uint64 public immutable genesisTime;

    /// @inheritdoc ISyncCommitteeLightClient
    uint64 public immutable secondsPerSlot;

    /// @inheritdoc ISyncCommitteeLightClient
    uint64 public immutable slotsPerEpoch;

    /// @inheritdoc ISyncCommitteeLightClient
    uint64 public immutable epochsPerPeriod;

    /// @inheritdoc ISyncCommitteeLightClient
    uint64 public immutable committeeSize;

    /// @inheritdoc ISyncCommitteeLightClient
    bytes32 public immutable genesisValidatorsRoot;

    /// @inheritdoc ISyncCommitteeLightClient
    uint64 public newestPeriod;

    /// @dev Roots of the two newest committees, by the parity of their period.
    bytes32[2] private _committees;

    Fork[] private _forks;

    constructor(Configuration memory configuration)
        LightClient(configuration.chainId, configuration.historyWindow)
        ExpiringLightClient(configuration.trustingPeriod)
    {
        (genesisTime, secondsPerSlot) = (configuration.genesisTime, configuration.secondsPerSlot);
        (slotsPerEpoch, epochsPerPeriod) = (configuration.slotsPerEpoch, configuration.epochsPerPeriod);
        (committeeSize, genesisValidatorsRoot) = (configuration.committeeSize, configuration.genesisValidatorsRoot);
        _requireSound(configuration);
        for (uint256 i = 0; i < configuration.forks.length; ++i) {
            _forks.push(configuration.forks[i]);
        }
        _start(configuration.trustedBlockRoot, configuration.bootstrap);
    }

    // ----------------------------------------------------------------------------------------------------- updating

    /// @inheritdoc ISyncCommitteeLightClient
    function update(SyncCommitteeUpdate calldata update_) external whenNotFrozen whenNotExpired {
        uint256 known = finalizedSlot();
        uint256 slot = update_.finalized.slot;
        if (slot <= known && !_isMissingCommittee(update_)) revert SyncCommitteeLightClient_NothingNew(slot, known);
        _verify(update_);
        _verifyNextCommittee(update_);

        (uint256 number, bytes32 blockHash) = (update_.execution.number, update_.execution.blockHash);
        // A conflict freezes, and changes nothing else.
        if (_conflicts(number, blockHash)) return _record(number, blockHash);
        if (slot > known) {
            _trustHead(number, blockHash, _timeOf(slot));
            emit FinalityAdvanced(slot, number);
        } else {
            _record(number, blockHash);
        }
        uint64 nextPeriod = _periodOf(slot) + 1;
        if (update_.nextCommittee != 0 && nextPeriod > newestPeriod) _learn(nextPeriod, update_.nextCommittee);
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function reportConflict(SyncCommitteeUpdate calldata update_) external whenNotFrozen {
        (uint256 number, bytes32 blockHash) = (update_.execution.number, update_.execution.blockHash);
        if (!_conflicts(number, blockHash)) revert SyncCommitteeLightClient_NoConflict(number);
        _verify(update_);

        _record(number, blockHash);
    }

    /// @dev Whether another block of that height is known.
    function _conflicts(uint256 number, bytes32 blockHash) private view returns (bool) {
        bytes32 recorded = _blockHashOf(number);
        return recorded != 0 && recorded != blockHash;
    }

    /// @dev Whether an update names the committee of the next period, which is not known yet.
    function _isMissingCommittee(SyncCommitteeUpdate calldata update_) private view returns (bool) {
        return update_.nextCommittee != 0 && _periodOf(update_.finalized.slot) == newestPeriod;
    }

    function _learn(uint64 period, bytes32 root) private {
        newestPeriod = period;
        _committees[period % 2] = root;
        emit CommitteeLearned(period, root);
    }

    // ---------------------------------------------------------------------------------------------------- verifying

    /// @dev That a committee vouches for the final block.
    function _verify(SyncCommitteeUpdate calldata update_) private view {
        (uint256 attested, uint256 signed) = (update_.attested.slot, update_.signatureSlot);
        if (update_.finalized.slot > attested || attested >= signed) {
            revert SyncCommitteeLightClient_SlotsNotInOrder(update_.finalized.slot, attested, signed);
        }
        uint256 beginsAt = _timeOf(signed);
        if (beginsAt > block.timestamp) revert SyncCommitteeLightClient_SlotInFuture(signed, beginsAt);

        bytes32 finalizedRoot = update_.finalized.hashTreeRoot();
        _requireRoot(
            update_.attested.stateRoot,
            SSZ.rootOf(finalizedRoot, _forkAt(attested).finalizedRoot, update_.finalityBranch)
        );
        _verifyExecution(update_.finalized, update_.execution);

        G1Point memory key = _negatedKey(update_.participation, _periodOf(signed));
        // The signer's fork is that of the slot before: the signature is over that slot's head.
        bytes32 signingRoot = SSZ.hash(update_.attested.hashTreeRoot(), _domain(_forkAt(signed - 1).version));
        if (!BLS12381.isSignature(key, signingRoot, update_.signature)) {
            revert SyncCommitteeLightClient_InvalidSignature();
        }
    }

    /// @dev That the attested state names the next committee, if one is given, and no other than the known one.
    function _verifyNextCommittee(SyncCommitteeUpdate calldata update_) private view {
        (uint256 attestedSlot, bytes32 next) = (update_.attested.slot, update_.nextCommittee);
        if (next == 0) {
            uint256 length = update_.nextCommitteeBranch.length;
            if (length != 0) revert SSZ.SSZ_BranchLength(length, 0);
            return;
        }
        (uint64 attestedPeriod, uint64 period) = (_periodOf(attestedSlot), _periodOf(update_.finalized.slot));
        if (attestedPeriod != period) revert SyncCommitteeLightClient_CommitteeNotFinal(attestedPeriod, period);
        _requireRoot(
            update_.attested.stateRoot,
            SSZ.rootOf(next, _forkAt(attestedSlot).nextCommittee, update_.nextCommitteeBranch)
        );
        bytes32 known = committeeRoot(uint256(period) + 1);
        if (known != 0 && known != next) revert SyncCommitteeLightClient_ConflictingCommittee(known, next);
    }

    /// @dev That an execution block is a beacon block's payload.
    function _verifyExecution(BeaconHeader memory header, ExecutionBlock memory execution) private view {
        Fork memory fork = _forkAt(header.slot);
        bytes32 actual = SSZ.rootOfTwo(
            [SSZ.chunk(execution.number), execution.blockHash],
            [uint256(fork.blockNumber), uint256(fork.blockHash)],
            execution.branch
        );
        _requireRoot(header.bodyRoot, actual);
    }

    /// @dev The negative of the sum of the participants' keys: of all keys' sum, to which the absent ones are added.
    function _negatedKey(Participation calldata participation, uint256 period)
        private
        view
        returns (G1Point memory key)
    {
        if (3 * participation.absent.length >= committeeSize) {
            revert SyncCommitteeLightClient_TooManyAbsent(participation.absent.length, committeeSize);
        }
        bytes32 expected = committeeRoot(period);
        if (expected == 0) revert SyncCommitteeLightClient_UnknownCommittee(period);
        key = participation.aggregateKey;
        bytes32 actual = SSZ.hash(participation.keysRoot, _keyRoot(key));
        if (actual != expected) revert SyncCommitteeLightClient_CommitteeMismatch(expected, actual);

        key = BLS12381.negate(key);
        uint256 next;
        for (uint256 i = 0; i < participation.absent.length; ++i) {
            AbsentKey memory absent = participation.absent[i];
            if (absent.index < next || absent.index >= committeeSize) {
                revert SyncCommitteeLightClient_AbsentKeyOutOfOrder(absent.index);
            }
            next = absent.index + 1;
            bytes32 root = SSZ.rootOf(_keyRoot(absent.key), committeeSize + absent.index, absent.branch);
            if (root != participation.keysRoot) revert SyncCommitteeLightClient_AbsentKeyMismatch(absent.index);
            key = BLS12381.add(key, absent.key);
        }
    }

    function _keyRoot(G1Point memory key) private view returns (bytes32) {
        (bytes32 first, bytes32 second) = BLS12381.compress(key);
        return SSZ.hash(first, second);
    }

    function _domain(bytes4 version) private view returns (bytes32) {
        bytes32 forkDataRoot = SSZ.hash(bytes32(version), genesisValidatorsRoot);
        return DOMAIN_TYPE | forkDataRoot >> 32;
    }

    function _requireRoot(bytes32 expected, bytes32 actual) private pure {
        if (actual != expected) revert SyncCommitteeLightClient_BranchMismatch(expected, actual);
    }

    // ------------------------------------------------------------------------------------------------------ reading

    /// @inheritdoc ISyncCommitteeLightClient
    function finalizedSlot() public view returns (uint64) {
        return (uint64(_headTimestamp()) - genesisTime) / secondsPerSlot;
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function committeeRoot(uint256 period) public view returns (bytes32) {
        uint256 newest = newestPeriod;
        return period > newest || newest - period > 1 ? bytes32(0) : _committees[period % 2];
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function forks() external view returns (Fork[] memory) {
        return _forks;
    }

    /// @inheritdoc ILightClient
    function kind() external pure returns (LightClientKind) {
        return LightClientKind.SyncCommittee;
    }

    /// @dev The newest fork first: it is what nearly all slots are of.
    function _forkAt(uint256 slot) private view returns (Fork memory fork) {
        uint256 epoch = slot / slotsPerEpoch;
        for (uint256 i = _forks.length; i > 0; --i) {
            fork = _forks[i - 1];
            if (fork.epoch <= epoch) return fork;
        }
        revert SyncCommitteeLightClient_UnknownFork(slot);
    }

    function _periodOf(uint256 slot) private view returns (uint64) {
        return uint64(slot / slotsPerEpoch / epochsPerPeriod);
    }

    /// @dev When a slot begins, in seconds.
    function _timeOf(uint256 slot) private view returns (uint256) {
        return genesisTime + slot * secondsPerSlot;
    }

    // ----------------------------------------------------------------------------------------------------- starting

    /// @dev Takes the trusted block for the newest final one.
    function _start(bytes32 trustedBlockRoot, SyncCommitteeBootstrap memory bootstrap) private {
        BeaconHeader memory header = bootstrap.header;
        bytes32 root = header.hashTreeRoot();
        if (root != trustedBlockRoot) revert SyncCommitteeLightClient_UntrustedBlock(trustedBlockRoot, root);
        uint256 beginsAt = _timeOf(header.slot);
        if (beginsAt > block.timestamp) revert SyncCommitteeLightClient_SlotInFuture(header.slot, beginsAt);
        _requireRoot(
            header.stateRoot,
            SSZ.rootOf(bootstrap.committee, _forkAt(header.slot).currentCommittee, bootstrap.committeeBranch)
        );
        _verifyExecution(header, bootstrap.execution);

        _trustHead(bootstrap.execution.number, bootstrap.execution.blockHash, beginsAt);
        emit FinalityAdvanced(header.slot, bootstrap.execution.number);
        _learn(_periodOf(header.slot), bootstrap.committee);
    }

    function _requireSound(Configuration memory configuration) private pure {
        Fork[] memory table = configuration.forks;
        bool isSound = configuration.secondsPerSlot != 0 && configuration.slotsPerEpoch != 0
            && configuration.epochsPerPeriod != 0 && configuration.committeeSize != 0
            && configuration.committeeSize & (configuration.committeeSize - 1) == 0 && table.length != 0;
        for (uint256 i = 0; i < table.length; ++i) {
            Fork memory fork = table[i];
            isSound = isSound && (i == 0 || fork.epoch > table[i - 1].epoch) && fork.finalizedRoot != 0
                && fork.currentCommittee != 0 && fork.nextCommittee != 0 && fork.blockNumber != fork.blockHash
                && fork.blockNumber != 0 && fork.blockHash != 0
                && SSZ.log2(fork.blockNumber) == SSZ.log2(fork.blockHash);
        }
        if (!isSound) revert SyncCommitteeLightClient_Misconfigured();
    }
}
