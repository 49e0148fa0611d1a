// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ICanonicalTransactionChain} from "../interfaces/ICanonicalTransactionChain.sol";
import {IL1CrossDomainMessenger} from "../interfaces/IL1CrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "../interfaces/IL2CrossDomainMessenger.sol";
import {IL2ToL1MessagePasser} from "../interfaces/IL2ToL1MessagePasser.sol";
import {IStateCommitmentChain} from "../interfaces/IStateCommitmentChain.sol";
import {Lane} from "../types/Lane.sol";
import {Chains} from "./Chains.sol";
import {LaneCreationCode} from "./LaneCreationCode.sol";

/// @title Lane fixture
/// @notice The contracts of a lane's two ends, deployed in one EVM.
abstract contract LaneFixture is Chains {
    /// @notice Chain id of L1.
    uint256 public constant L1_CHAIN_ID = 900;

    /// @notice Chain id of L2.
    uint256 public constant L2_CHAIN_ID = 901;

    /// @dev Wei on L2 from its genesis, put into the vault as at a deployment.
    uint256 private constant GENESIS_SUPPLY = 1e27;

    /// @notice The messenger of L1. Its guardian can pause it.
    /// @return Address.
    IL1CrossDomainMessenger public immutable l1Messenger;

    /// @notice The messenger of L2.
    /// @return Address.
    IL2CrossDomainMessenger public immutable l2Messenger;

    ICanonicalTransactionChain internal immutable QUEUE;
    IL2ToL1MessagePasser internal immutable PASSER;

    constructor() {
        Lane memory lane = _lane();
        l1Messenger = IL1CrossDomainMessenger(lane.l1Messenger);
        l2Messenger = IL2CrossDomainMessenger(lane.l2Messenger);
        QUEUE = ICanonicalTransactionChain(lane.canonicalTransactionChain);
        PASSER = IL2ToL1MessagePasser(lane.messagePasser);

        _enter(L1_CHAIN_ID);
        _deployL1(lane);
        _leave();
        _enter(L2_CHAIN_ID);
        _create(LaneCreationCode.l2ToL1MessagePasser(), abi.encode(lane.l2Messenger), 0);
        _create(LaneCreationCode.l2CrossDomainMessenger(), abi.encode(lane, address(0)), 0);
        _leave();
    }

    /// @dev The contracts' addresses in the order they are created.
    function _lane() private view returns (Lane memory) {
        return Lane({
            l1ChainId: L1_CHAIN_ID,
            l2ChainId: L2_CHAIN_ID,
            batches: vm.computeCreateAddress(address(this), 1),
            stateCommitmentChain: vm.computeCreateAddress(address(this), 2),
            canonicalTransactionChain: vm.computeCreateAddress(address(this), 3),
            l1Messenger: vm.computeCreateAddress(address(this), 4),
            messagePasser: vm.computeCreateAddress(address(this), 5),
            l2Messenger: vm.computeCreateAddress(address(this), 6),
            valueEnabled: true
        });
    }

    function _deployL1(Lane memory lane) private {
        _create(LaneCreationCode.chainStorageContainer(), abi.encode(lane.stateCommitmentChain), 0);
        address owner = vm.addr(uint256(keccak256("owner of the lane")));
        address guardian = vm.addr(uint256(keccak256("guardian of the lane")));
        IStateCommitmentChain.Configuration memory configuration = IStateCommitmentChain.Configuration({
            owner: owner,
            proposer: owner,
            challenger: owner,
            batches: lane.batches,
            fraudProofWindow: 1 weeks,
            startBlock: 0
        });
        _create(LaneCreationCode.stateCommitmentChain(), abi.encode(configuration), 0);
        // A test can send any number of messages in one block.
        bytes memory queue = abi.encode(lane.l1Messenger, lane.l2Messenger, type(uint64).max);
        _create(LaneCreationCode.canonicalTransactionChain(), queue, 0);
        vm.deal(address(this), GENESIS_SUPPLY);
        _create(LaneCreationCode.l1CrossDomainMessenger(), abi.encode(lane, owner, guardian), GENESIS_SUPPLY);
    }
}
