// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeUpdateTest} from "../../support/omnichain/SyncCommitteeUpdateTest.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice Which updates freeze the light client.
abstract contract SyncCommitteeConflictsTest is SyncCommitteeUpdateTest {
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
}

contract ConflictsOfA32KeyCommitteeTest is SyncCommitteeConflictsTest {
    function _size() internal pure override returns (uint64) {
        return 32;
    }
}

contract ConflictsOfA512KeyCommitteeTest is SyncCommitteeConflictsTest {
    function _size() internal pure override returns (uint64) {
        return 512;
    }
}
