// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeTest} from "../../support/omnichain/SyncCommitteeTest.sol";
import {IExpiringLightClient} from "xdm/contracts/omnichain/interfaces/IExpiringLightClient.sol";
import {ILightClient, LightClientKind} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {SSZ} from "xdm/contracts/omnichain/libraries/SSZ.sol";
import {Fork, SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice Which updates are taken, what becomes known by them, and which freeze the light client.
abstract contract SyncCommitteeUpdatesTest is SyncCommitteeTest {
    uint64 private constant SLOT = 24;

    function setUp() public override {
        super.setUp();
        _warpToSlot(60);
    }

    // ------------------------------------------------------------------------------------------- what becomes known

    function test_TheTrustedBlockIsKnown() public view {
        _assertHead(BOOTSTRAP_SLOT);
        assertEq(client.newestPeriod(), 0);
        assertEq(client.committeeRoot(0), _committee(0).root());
        assertEq(client.committeeRoot(1), 0);
        assertEq(client.chainId(), CHAIN_ID);
        assertEq(uint256(client.kind()), uint256(LightClientKind.SyncCommittee));
        assertEq(client.trustedUntil(), _timeOf(BOOTSTRAP_SLOT) + TRUSTING_PERIOD);
    }

    function test_AFinalBlockIsKnownFromThenOn() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        vm.expectEmit(address(client));
        emit ILightClient.BlockRecorded(SLOT + 1000, _hashOf(SLOT + 1000));
        vm.expectEmit(address(client));
        emit ISyncCommitteeLightClient.FinalityAdvanced(SLOT, SLOT + 1000);
        client.update(update);

        _assertHead(SLOT);
        assertEq(client.finalizedBlockHash(BOOTSTRAP_NUMBER), _hashOf(BOOTSTRAP_NUMBER));
        assertEq(client.newestPeriod(), 0);
        assertEq(client.trustedUntil(), _timeOf(SLOT) + TRUSTING_PERIOD);
    }

    function test_TheNextCommitteeIsKnownFromThenOn() public {
        SyncCommitteeUpdate memory update = _build(_withNext(_scenario(SLOT)));
        vm.expectEmit(address(client));
        emit ISyncCommitteeLightClient.CommitteeLearned(1, _committee(1).root());
        client.update(update);

        assertEq(client.newestPeriod(), 1);
        assertEq(client.committeeRoot(0), _committee(0).root());
        assertEq(client.committeeRoot(1), _committee(1).root());
    }

    function test_TheNextCommitteeCanComeLaterForTheSameBlock() public {
        client.update(_build(_scenario(SLOT)));
        client.update(_build(_withNext(_scenario(SLOT))));
        _assertHead(SLOT);
        assertEq(client.newestPeriod(), 1);
    }

    function test_TheNextCommitteeCanComeWithAnOlderBlockWhichIsKnownThen() public {
        client.update(_build(_scenario(SLOT + 8)));
        client.update(_build(_withNext(_scenario(SLOT))));
        _assertHead(SLOT + 8);
        assertEq(client.finalizedBlockHash(SLOT + 1000), _hashOf(SLOT + 1000));
        assertEq(client.newestPeriod(), 1);
    }

    function test_AKnownCommitteeMayComeAgainAndIsNotLearnedAgain() public {
        client.update(_build(_withNext(_scenario(SLOT))));
        SyncCommitteeUpdate memory update = _build(_withNext(_scenario(SLOT + 8)));
        vm.recordLogs();
        client.update(update);
        assertEq(vm.getRecordedLogs().length, 2, "a block and its finality, and no committee");
        _assertHead(SLOT + 8);
        assertEq(client.newestPeriod(), 1);
    }

    function test_CommitteesRotate() public {
        _warpToSlot(4 * SLOTS_PER_PERIOD);
        for (uint64 period = 0; period < 3; ++period) {
            client.update(_build(_withNext(_scenario(period * SLOTS_PER_PERIOD + 32))));
            assertEq(client.newestPeriod(), period + 1);
            assertEq(client.committeeRoot(period), _committee(period).root());
            assertEq(client.committeeRoot(period + 1), _committee(period + 1).root());
            if (period != 0) assertEq(client.committeeRoot(period - 1), 0);
        }
        _assertHead(2 * SLOTS_PER_PERIOD + 32);
    }

    function test_FinalityCanRotateBeforeTheNextCommitteeIsKnown() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        client.update(_build(_scenario(SLOTS_PER_PERIOD + 8)));
        _assertHead(SLOTS_PER_PERIOD + 8);
        assertEq(client.newestPeriod(), 1);
        client.update(_build(_withNext(_scenario(SLOTS_PER_PERIOD + 8))));
        assertEq(client.newestPeriod(), 2);
    }

    function test_TheNextCommitteeSignsForABlockOfThePeriodBefore() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _scenario(SLOTS_PER_PERIOD - 8);
        assertEq(scenario.signingPeriod, 1);
        client.update(_build(scenario));
        _assertHead(SLOTS_PER_PERIOD - 8);
    }

    function test_ACommitteeSignsAHeaderOfThePeriodBefore() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        Scenario memory scenario = _scenario(SLOT + 8);
        (scenario.attestedSlot, scenario.signatureSlot) = (SLOTS_PER_PERIOD - 1, SLOTS_PER_PERIOD);
        scenario.signingPeriod = 1;
        client.update(_build(scenario));
        _assertHead(SLOT + 8);
    }

    // -------------------------------------------------------------------------------------------------------- order

    function test_RevertWhen_TheFinalBlockIsTheKnownOne() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        client.update(update);
        _assertRefused(
            update, _error(ISyncCommitteeLightClient.SyncCommitteeLightClient_NothingNew.selector, SLOT, SLOT)
        );
    }

    function test_RevertWhen_TheFinalBlockIsOlderThanTheKnownOne() public {
        client.update(_build(_withNext(_scenario(SLOT + 8))));
        _assertRefused(
            _build(_withNext(_scenario(SLOT))),
            _error(ISyncCommitteeLightClient.SyncCommitteeLightClient_NothingNew.selector, SLOT, SLOT + 8)
        );
    }

    function test_RevertWhen_TheFinalHeaderIsAboveTheAttestedOne() public {
        Scenario memory scenario = _scenario(SLOT);
        (scenario.attestedSlot, scenario.signatureSlot) = (SLOT - 1, SLOT + 1);
        _assertRefused(_build(scenario), _slotsNotInOrder(SLOT, SLOT - 1, SLOT + 1));
    }

    function test_RevertWhen_TheSignatureIsOfTheAttestedSlot() public {
        Scenario memory scenario = _scenario(SLOT);
        scenario.signatureSlot = scenario.attestedSlot;
        _assertRefused(_build(scenario), _slotsNotInOrder(SLOT, SLOT + 16, SLOT + 16));
    }

    function test_ASignatureOfTheSlotThatBeginsNowIsTaken() public {
        _warpToSlot(SLOT + 17);
        client.update(_build(_scenario(SLOT)));
        _assertHead(SLOT);
    }

    function test_RevertWhen_TheSignaturesSlotBeginsInASecond() public {
        _warpToSlot(SLOT + 17);
        rewind(1);
        _assertRefused(
            _build(_scenario(SLOT)),
            _error(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_SlotInFuture.selector, SLOT + 17, _timeOf(SLOT + 17)
            )
        );
    }

    function test_TheSignaturesSlotMayBeAnyOfItsCommitteeAndFork() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        update.signatureSlot += 3;
        client.update(update);
        _assertHead(SLOT);
    }

    // ----------------------------------------------------------------------------------------------------- committees

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

    // ----------------------------------------------------------------------------------------------------- branches

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

    // --------------------------------------------------------------------------------------------------------- forks

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

    // ------------------------------------------------------------------------------------------------ trusting period

    function test_AnUpdateIsTakenInTheTrustingPeriodsLastSecond() public {
        vm.warp(_timeOf(BOOTSTRAP_SLOT) + TRUSTING_PERIOD);
        client.update(_build(_scenario(SLOT)));
        _assertHead(SLOT);
    }

    function test_RevertWhen_TheTrustingPeriodIsOver() public {
        uint256 endsAt = _timeOf(BOOTSTRAP_SLOT) + TRUSTING_PERIOD;
        vm.warp(endsAt + 1);
        _assertRefused(
            _build(_scenario(SLOT)),
            abi.encodeWithSelector(IExpiringLightClient.ExpiringLightClient_Expired.selector, endsAt)
        );
        assertEq(client.finalizedBlockHash(BOOTSTRAP_NUMBER), _hashOf(BOOTSTRAP_NUMBER));
    }

    // ------------------------------------------------------------------------------------------------------- conflicts

    function test_AnUpdateWithAnotherHashForAKnownNumberFreezes() public {
        SyncCommitteeUpdate memory update = _build(_withNext(_conflict(SLOT, BOOTSTRAP_NUMBER)));
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(BOOTSTRAP_NUMBER, _hashOf(BOOTSTRAP_NUMBER), keccak256("another block"));
        client.update(update);
        assertTrue(client.isFrozen());
        assertEq(client.finalizedSlot(), BOOTSTRAP_SLOT);
        assertEq(client.newestPeriod(), 0);
    }

    function test_AReportedConflictFreezes() public {
        client.update(_build(_withNext(_scenario(SLOT))));
        client.reportConflict(_build(_conflict(SLOT, SLOT + 1000)));
        assertTrue(client.isFrozen());
    }

    function test_AConflictCanBeReportedOfABlockOlderThanTheHead() public {
        client.update(_build(_scenario(SLOT + 8)));
        client.reportConflict(_build(_conflict(8, BOOTSTRAP_NUMBER)));
        assertTrue(client.isFrozen());
    }

    function test_AConflictCanBeReportedAfterTheTrustingPeriod() public {
        vm.warp(_timeOf(BOOTSTRAP_SLOT) + TRUSTING_PERIOD + 1);
        client.reportConflict(_build(_conflict(SLOT, BOOTSTRAP_NUMBER)));
        assertTrue(client.isFrozen());
    }

    function test_AConflictCanBeReportedWithTheCommitteeBeforeTheNewest() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        client.update(_build(_scenario(SLOTS_PER_PERIOD + 8)));
        client.reportConflict(_build(_conflict(SLOT, SLOT + 1000)));
        assertTrue(client.isFrozen());
    }

    function test_RevertWhen_TheConflictsCommitteeIsNotKnownAnyMore() public {
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        client.update(_build(_withNext(_scenario(SLOTS_PER_PERIOD + 8))));
        SyncCommitteeUpdate memory update = _build(_conflict(SLOT, SLOT + 1000));
        vm.expectRevert(_unknownCommittee(0));
        client.reportConflict(update);
    }

    function test_RevertWhen_TheReportedBlockIsTheKnownOne() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        client.update(update);
        vm.expectRevert(_noConflict(SLOT + 1000));
        client.reportConflict(update);
    }

    function test_RevertWhen_NoBlockOfTheReportedNumberIsKnown() public {
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));
        vm.expectRevert(_noConflict(SLOT + 1000));
        client.reportConflict(update);
    }

    function test_RevertWhen_TheReportedConflictIsNotSigned() public {
        SyncCommitteeUpdate memory update = _build(_conflict(SLOT, BOOTSTRAP_NUMBER));
        update.signature = _committee(1).sign(new uint256[](0), keccak256("something else"));
        vm.expectRevert(ISyncCommitteeLightClient.SyncCommitteeLightClient_InvalidSignature.selector);
        client.reportConflict(update);
        assertFalse(client.isFrozen());
    }

    function test_RevertWhen_AFrozenLightClientIsAskedForAnything() public {
        SyncCommitteeUpdate memory conflict = _build(_conflict(SLOT, BOOTSTRAP_NUMBER));
        client.reportConflict(conflict);
        SyncCommitteeUpdate memory update = _build(_scenario(SLOT));

        _assertRefusedWith(update, ILightClient.LightClient_Frozen.selector);
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.reportConflict(conflict);
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.finalizedBlockHash(BOOTSTRAP_NUMBER);
    }

    function test_RevertWhen_ABlockIsOlderThanAllForks() public {
        ISyncCommitteeLightClient.Configuration memory configuration = _configuration();
        configuration.forks[0].epoch = 2;
        client = _deploy(configuration);
        SyncCommitteeUpdate memory update = _build(_conflict(15, BOOTSTRAP_NUMBER));
        vm.expectRevert(
            abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_UnknownFork.selector, 15)
        );
        client.reportConflict(update);
    }

    // --------------------------------------------------------------------------------------------------------- support

    function _conflict(uint64 slot, uint64 number) private pure returns (Scenario memory scenario) {
        scenario = _scenario(slot);
        (scenario.number, scenario.blockHash) = (number, keccak256("another block"));
    }

    function _assertHead(uint64 slot) private view {
        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(client.finalizedSlot(), slot);
        assertEq(number, slot + 1000);
        assertEq(blockHash, _hashOf(slot + 1000));
        assertEq(client.finalizedBlockHash(number), blockHash);
    }

    function _assertRefused(SyncCommitteeUpdate memory update, bytes memory reason) private {
        vm.expectRevert(reason);
        client.update(update);
    }

    function _assertRefusedWith(SyncCommitteeUpdate memory update, bytes4 selector) private {
        vm.expectPartialRevert(selector);
        client.update(update);
    }

    function _error(bytes4 selector, uint256 first, uint256 second) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, first, second);
    }

    function _slotsNotInOrder(uint64 finalized, uint64 attested, uint64 signed) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            ISyncCommitteeLightClient.SyncCommitteeLightClient_SlotsNotInOrder.selector, finalized, attested, signed
        );
    }

    function _unknownCommittee(uint256 period) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_UnknownCommittee.selector, period);
    }

    function _noConflict(uint256 number) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_NoConflict.selector, number);
    }
}

contract UpdatesOfA32KeyCommitteeTest is SyncCommitteeUpdatesTest {
    function _size() internal pure override returns (uint64) {
        return 32;
    }
}

contract UpdatesOfA512KeyCommitteeTest is SyncCommitteeUpdatesTest {
    function _size() internal pure override returns (uint64) {
        return 512;
    }
}
