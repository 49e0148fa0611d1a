// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeUpdateTest} from "../../support/omnichain/SyncCommitteeUpdateTest.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {SSZ} from "xdm/contracts/omnichain/libraries/SSZ.sol";
import {SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice What an update must prove: who signs, what the attested state holds, and in which fork.
abstract contract SyncCommitteeProofsTest is SyncCommitteeUpdateTest {
    // ------------------------------------------------------------------------------------------------------- committees

    function test_RevertWhen_TheNextCommitteeSignsBeforeItIsKnown() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        _assertRefused(_build(_scenario(SLOTS_PER_PERIOD - 8)), _unknownCommittee(1));
    }

    function test_RevertWhen_ACommitteeIsSkipped() public {
        _warpToSlot(3 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        _assertRefused(_build(_scenario(2 * SLOTS_PER_PERIOD)), _unknownCommittee(2));
    }

    function test_RevertWhen_AnotherPeriodsCommitteeSigns() public {
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _scenario(SLOT + 8);
        scenario.signingPeriod = 1;
        _assertRefused(
            _build(scenario),
            _error(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_CommitteeMismatch.selector,
                uint256(_committee(0).root()),
                uint256(_committee(1).root())
            )
        );
    }

    /// @dev Also where the root of its successor has taken the place that its own had.
    function test_RevertWhen_AStaleCommitteeSigns() public {
        _warpToSlot(4 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        client.update(_build(_withNext(_scenario(SLOTS_PER_PERIOD + 8))));
        for (uint64 period = 1; period <= 2; ++period) {
            Scenario memory scenario = _scenario(period * SLOTS_PER_PERIOD + 16);
            scenario.signingPeriod = 0;
            _assertRefused(
                _build(scenario),
                _error(
                    ISyncCommitteeLightClient.SyncCommitteeLightClient_CommitteeMismatch.selector,
                    uint256(_committee(period).root()),
                    uint256(_committee(0).root())
                )
            );
        }
    }

    function test_RevertWhen_TheNextCommitteeComesWithABlockOfThePeriodBefore() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _withNext(_scenario(SLOTS_PER_PERIOD - 8));
        assertEq(scenario.nextPeriod, 2);
        _assertRefused(
            _build(scenario),
            _error(ISyncCommitteeLightClient.SyncCommitteeLightClient_CommitteeNotFinal.selector, 1, 0)
        );
    }

    function test_RevertWhen_AnotherNextCommitteeIsNamedThanTheKnownOne() public {
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _withNext(_scenario(SLOT + 8));
        scenario.nextPeriod = 7;
        _assertRefused(
            _build(scenario),
            _error(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_ConflictingCommittee.selector,
                uint256(_committee(1).root()),
                uint256(_committee(7).root())
            )
        );
    }

    function test_RevertWhen_TheAttestedStateNamesAnotherNextCommittee() public {
        SyncCommitteeUpdate memory update = _build(_withNext(_scenario(SLOT)));
        update.nextCommittee = _committee(2).root();
        _assertRefusedWith(update, ISyncCommitteeLightClient.SyncCommitteeLightClient_BranchMismatch.selector);
    }

    function test_RevertWhen_ANextCommitteeComesWithoutABranch() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        update.nextCommittee = _committee(1).root();
        _assertRefused(update, _error(SSZ.SSZ_BranchLength.selector, 0, 5));
    }

    function test_RevertWhen_ABranchComesWithoutANextCommittee() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        update.nextCommitteeBranch = new bytes32[](5);
        _assertRefused(update, _error(SSZ.SSZ_BranchLength.selector, 5, 0));
    }

    // --------------------------------------------------------------------------------------------------------- branches

    function test_RevertWhen_TheFinalHeaderIsNotInTheAttestedState() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        update.finalized.proposerIndex ^= 1;
        _assertRefusedWith(update, ISyncCommitteeLightClient.SyncCommitteeLightClient_BranchMismatch.selector);
    }

    function test_RevertWhen_TheExecutionBlockIsNotTheFinalHeadersPayload() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        update.execution.blockHash = keccak256("another block");
        _assertRefusedWith(update, ISyncCommitteeLightClient.SyncCommitteeLightClient_BranchMismatch.selector);
    }

    function test_RevertWhen_TheExecutionBlocksNumberIsAnother() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        update.execution.number += 1;
        _assertRefusedWith(update, ISyncCommitteeLightClient.SyncCommitteeLightClient_BranchMismatch.selector);
    }

    function test_RevertWhen_ABranchIsOfAnotherForksLength() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        update.finalityBranch = new bytes32[](7);
        _assertRefused(update, _error(SSZ.SSZ_BranchLength.selector, 7, 6));
        update = _build(_scenario(SLOT));
        update.execution.branch = new bytes32[](12);
        _assertRefused(update, _error(SSZ.SSZ_BranchLength.selector, 12, 10));
    }

    // ------------------------------------------------------------------------------------------------------------ forks

    function test_ABlockFromBeforeAForkIsFinalAfterIt() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        client.update(_build(_withNext(_scenario(FORK_SLOT - 1))));
        _assertHead(FORK_SLOT - 1);
        client.update(_build(_withNext(_scenario(FORK_SLOT))));
        _assertHead(FORK_SLOT);
        assertEq(client.newestPeriod(), 2);
    }

    function test_TheSignaturesDomainIsThatOfTheSlotBefore() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _scenario(FORK_SLOT - 16);
        (scenario.attestedSlot, scenario.signatureSlot) = (FORK_SLOT - 1, FORK_SLOT);
        SyncCommitteeUpdate memory update = _build(scenario);
        bytes32 root = _signingRoot(update.attested, _forks()[0].version);
        assertEq(
            abi.encode(update.signature),
            abi.encode(_committee(1).sign(scenario.absent, root)),
            "signed in the old fork"
        );
        client.update(update);
        _assertHead(FORK_SLOT - 16);
    }

    function test_TheSignaturesForkIsNotThatOfTheAttestedHeader() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _scenario(FORK_SLOT - 16);
        // The slots between are empty.
        (scenario.attestedSlot, scenario.signatureSlot) = (FORK_SLOT - 1, FORK_SLOT + 1);
        client.update(_build(scenario));
        _assertHead(FORK_SLOT - 16);
    }

    function test_RevertWhen_TheSignaturesDomainIsThatOfItsOwnSlot() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _scenario(FORK_SLOT - 16);
        (scenario.attestedSlot, scenario.signatureSlot) = (FORK_SLOT - 1, FORK_SLOT);
        SyncCommitteeUpdate memory update = _build(scenario);
        bytes32 root = _signingRoot(update.attested, _forks()[1].version);
        update.signature = _committee(1).sign(scenario.absent, root);
        _assertRefusedWith(update, ISyncCommitteeLightClient.SyncCommitteeLightClient_InvalidSignature.selector);
    }
}

contract ProofsOfA32KeyCommitteeTest is SyncCommitteeProofsTest {
    function _size() internal pure override returns (uint64) {
        return 32;
    }
}

contract ProofsOfA512KeyCommitteeTest is SyncCommitteeProofsTest {
    function _size() internal pure override returns (uint64) {
        return 512;
    }
}
