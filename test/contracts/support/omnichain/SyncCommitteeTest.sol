// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Committee, CommitteeLibrary} from "./Committee.sol";
import {SparseTree} from "./SparseTree.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {
    BeaconHeader,
    ExecutionBlock,
    Fork,
    SyncCommitteeBootstrap,
    SyncCommitteeUpdate
} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice A light client of a beacon chain that the test makes up: one committee a period, whose keys it knows, and blocks
/// that nothing but signatures and branches hold together. Periods are of 64 slots, and a fork changes the trees' form in
/// the middle of the second.
abstract contract SyncCommitteeTest is Test {
    using SparseTree for SparseTree.Tree;

    /// @dev What an update says.
    struct Scenario {
        uint64 finalizedSlot;
        uint64 attestedSlot;
        uint64 signatureSlot;
        uint64 number;
        bytes32 blockHash;
        /// @dev Period of the committee that it names as the next one; zero for none.
        uint256 nextPeriod;
        /// @dev Period of the committee that signs.
        uint256 signingPeriod;
        /// @dev Indices, ascending.
        uint256[] absent;
    }

    uint64 internal constant GENESIS_TIME = 1_600_000_000;
    uint64 internal constant SECONDS_PER_SLOT = 12;
    uint64 internal constant SLOTS_PER_EPOCH = 8;
    uint64 internal constant EPOCHS_PER_PERIOD = 8;
    uint64 internal constant SLOTS_PER_PERIOD = SLOTS_PER_EPOCH * EPOCHS_PER_PERIOD;
    uint64 internal constant TRUSTING_PERIOD = 1 days;
    bytes32 internal constant VALIDATORS = keccak256("validators at genesis");
    uint256 internal constant CHAIN_ID = 7001;

    /// @dev In period 1.
    uint64 internal constant FORK_EPOCH = 12;
    uint64 internal constant FORK_SLOT = FORK_EPOCH * SLOTS_PER_EPOCH;

    uint64 internal constant BOOTSTRAP_SLOT = 16;
    uint64 internal constant BOOTSTRAP_NUMBER = 1016;

    ISyncCommitteeLightClient internal client;

    /// @dev Keys of a committee.
    function _size() internal pure virtual returns (uint64);

    function setUp() public virtual {
        _warpToSlot(BOOTSTRAP_SLOT + 1);
        client = _deploy(_configuration());
    }

    // --------------------------------------------------------------------------------------------------- deploying

    function _deploy(ISyncCommitteeLightClient.Configuration memory configuration)
        internal
        returns (ISyncCommitteeLightClient)
    {
        return ISyncCommitteeLightClient(
            deployCode("SyncCommitteeLightClient.sol:SyncCommitteeLightClient", abi.encode(configuration))
        );
    }

    function _configuration() internal view returns (ISyncCommitteeLightClient.Configuration memory) {
        return _configurationWith(_committee(0).root());
    }

    /// @param committee Root of the first period's committee.
    function _configurationWith(bytes32 committee)
        internal
        pure
        returns (ISyncCommitteeLightClient.Configuration memory configuration)
    {
        configuration.chainId = CHAIN_ID;
        configuration.historyWindow = 8191;
        configuration.genesisTime = GENESIS_TIME;
        configuration.genesisValidatorsRoot = VALIDATORS;
        configuration.secondsPerSlot = SECONDS_PER_SLOT;
        configuration.slotsPerEpoch = SLOTS_PER_EPOCH;
        configuration.epochsPerPeriod = EPOCHS_PER_PERIOD;
        configuration.committeeSize = _size();
        configuration.trustingPeriod = TRUSTING_PERIOD;
        configuration.forks = _forks();
        configuration.bootstrap = _bootstrap(committee);
        configuration.trustedBlockRoot = _rootOf(configuration.bootstrap.header);
    }

    /// @dev As of Capella and of Electra.
    function _forks() internal pure virtual returns (Fork[] memory forks) {
        forks = new Fork[](2);
        forks[0] = Fork(0, 0x03000001, 105, 54, 55, 406, 412);
        forks[1] = Fork(FORK_EPOCH, 0x05000001, 169, 86, 87, 806, 812);
    }

    function _bootstrap(bytes32 committee) private pure returns (SyncCommitteeBootstrap memory bootstrap) {
        Fork memory fork = _forkAt(BOOTSTRAP_SLOT);
        SparseTree.Tree memory state = _tree(fork.currentCommittee, committee, "state");
        (bootstrap.header, bootstrap.execution) = _block(BOOTSTRAP_SLOT, BOOTSTRAP_NUMBER, _hashOf(BOOTSTRAP_NUMBER));
        bootstrap.header.stateRoot = state.root();
        bootstrap.committee = committee;
        bootstrap.committeeBranch = state.branch(fork.currentCommittee);
    }

    // ----------------------------------------------------------------------------------------------------- updating

    /// @dev A final block of a slot, which is signed two epochs later: with the next committee if that is known from
    /// nowhere else yet.
    function _scenario(uint64 finalizedSlot) internal pure returns (Scenario memory scenario) {
        scenario.finalizedSlot = finalizedSlot;
        scenario.attestedSlot = finalizedSlot + 2 * SLOTS_PER_EPOCH;
        scenario.signatureSlot = scenario.attestedSlot + 1;
        scenario.number = finalizedSlot + 1000;
        scenario.blockHash = _hashOf(scenario.number);
        scenario.signingPeriod = scenario.signatureSlot / SLOTS_PER_PERIOD;
    }

    function _withNext(Scenario memory scenario) internal pure returns (Scenario memory) {
        scenario.nextPeriod = scenario.attestedSlot / SLOTS_PER_PERIOD + 1;
        return scenario;
    }

    function _withAbsent(Scenario memory scenario, uint256 count) internal pure returns (Scenario memory) {
        scenario.absent = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            scenario.absent[i] = 2 * i + 1;
        }
        return scenario;
    }

    function _build(Scenario memory scenario) internal view returns (SyncCommitteeUpdate memory update) {
        (update.finalized, update.execution) = _block(scenario.finalizedSlot, scenario.number, scenario.blockHash);
        update.finalized.stateRoot = keccak256("state of the finalized header");
        update.attested =
            BeaconHeader(scenario.attestedSlot, 11, keccak256("parent of the attested header"), 0, keccak256("body"));
        if (scenario.nextPeriod != 0) update.nextCommittee = _committee(scenario.nextPeriod).root();
        update.signatureSlot = scenario.signatureSlot;
        _attest(update);
        _sign(update, scenario.signingPeriod, scenario.absent);
    }

    /// @dev Puts the finalized header and the next committee into the attested header's state.
    function _attest(SyncCommitteeUpdate memory update) internal pure {
        Fork memory fork = _forkAt(update.attested.slot);
        SparseTree.Tree memory state = _tree(fork.finalizedRoot, _rootOf(update.finalized), "attested state");
        if (update.nextCommittee != 0) {
            SparseTree.Node memory finalized = state.nodes[0];
            state.nodes = new SparseTree.Node[](2);
            state.nodes[0] = finalized;
            state.nodes[1] = SparseTree.Node(fork.nextCommittee, update.nextCommittee);
            update.nextCommitteeBranch = state.branch(fork.nextCommittee);
        }
        update.attested.stateRoot = state.root();
        update.finalityBranch = state.branch(fork.finalizedRoot);
    }

    /// @dev By a period's committee, but for those absent, in the fork of the slot before the signature's.
    function _sign(SyncCommitteeUpdate memory update, uint256 period, uint256[] memory absent) internal view {
        Committee memory committee = _committee(period);
        update.participation = committee.participation(absent);
        bytes4 version = _forkAt(update.signatureSlot - 1).version;
        update.signature = committee.sign(absent, _signingRoot(update.attested, version));
    }

    function _signingRoot(BeaconHeader memory header, bytes4 version) internal pure returns (bytes32) {
        bytes32 forkData = sha256(abi.encode(version, VALIDATORS));
        bytes32 domain = bytes32(abi.encodePacked(hex"07000000", bytes28(forkData)));
        return sha256(abi.encode(_rootOf(header), domain));
    }

    /// @dev A header with its payload, whose state root is still to be given.
    function _block(uint64 slot, uint64 number, bytes32 blockHash)
        internal
        pure
        returns (BeaconHeader memory header, ExecutionBlock memory execution)
    {
        Fork memory fork = _forkAt(slot);
        SparseTree.Tree memory body = _tree(fork.blockHash, blockHash, "body");
        SparseTree.Node memory hashNode = body.nodes[0];
        body.nodes = new SparseTree.Node[](2);
        body.nodes[0] = hashNode;
        body.nodes[1] = SparseTree.Node(fork.blockNumber, _littleEndian(number));
        header = BeaconHeader(slot, 7, keccak256("parent"), 0, body.root());
        execution = ExecutionBlock(number, blockHash, body.branchOfTwo(fork.blockNumber, fork.blockHash));
    }

    function _tree(uint256 index, bytes32 value, bytes32 salt) internal pure returns (SparseTree.Tree memory tree) {
        tree.nodes = new SparseTree.Node[](1);
        tree.nodes[0] = SparseTree.Node(index, value);
        tree.salt = salt;
    }

    // -------------------------------------------------------------------------------------------------- the chain

    function _committee(uint256 period) internal view returns (Committee memory) {
        return CommitteeLibrary.make(uint256(keccak256(abi.encode("committee", period))) >> 8, _size());
    }

    function _forkAt(uint64 slot) internal pure returns (Fork memory fork) {
        Fork[] memory forks = _forks();
        for (uint256 i = 0; i < forks.length && forks[i].epoch * SLOTS_PER_EPOCH <= slot; ++i) {
            fork = forks[i];
        }
    }

    function _hashOf(uint64 number) internal pure returns (bytes32) {
        return keccak256(abi.encode("block", number));
    }

    /// @dev Written out, and not as the contracts have it.
    function _rootOf(BeaconHeader memory header) internal pure returns (bytes32) {
        bytes32 numbers = sha256(abi.encode(_littleEndian(header.slot), _littleEndian(header.proposerIndex)));
        bytes32 roots = sha256(abi.encode(header.parentRoot, header.stateRoot));
        bytes32 last = sha256(abi.encode(sha256(abi.encode(header.bodyRoot, 0)), sha256(new bytes(64))));
        return sha256(abi.encode(sha256(abi.encode(numbers, roots)), last));
    }

    function _littleEndian(uint64 value) internal pure returns (bytes32 chunk) {
        for (uint256 i = 0; i < 8; ++i) {
            chunk |= bytes32(uint256(uint8(value >> 8 * i)) << 8 * (31 - i));
        }
    }

    function _timeOf(uint64 slot) internal pure returns (uint256) {
        return GENESIS_TIME + slot * SECONDS_PER_SLOT;
    }

    function _warpToSlot(uint64 slot) internal {
        vm.warp(_timeOf(slot));
    }
}
