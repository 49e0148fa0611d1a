// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeUpdateTest} from "../../support/omnichain/SyncCommitteeUpdateTest.sol";
import {IExpiringLightClient} from "xdm/contracts/omnichain/interfaces/IExpiringLightClient.sol";
import {ILightClient, LightClientKind} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice Which updates are taken, and what becomes known by them.
abstract contract SyncCommitteeUpdatesTest is SyncCommitteeUpdateTest {
    // ----------------------------------------------------------------------------------------------- what becomes known

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

    // ------------------------------------------------------------------------------------------------------------ order

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

    // -------------------------------------------------------------------------------------------------- trusting period

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
