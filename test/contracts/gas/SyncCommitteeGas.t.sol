// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeTest} from "../support/omnichain/SyncCommitteeTest.sol";
import {SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice What an update costs, the transaction's own gas included, with Electra's trees and 512 keys.
contract SyncCommitteeGasTest is SyncCommitteeTest {
    function _size() internal pure override returns (uint64) {
        return 512;
    }

    function setUp() public override {
        super.setUp();
        _warpToSlot(400);
        client.update(_build(_withNext(_scenario(24))));
        client.update(_build(_withNext(_scenario(FORK_SLOT))));
    }

    function test_FinalityUpdate() public {
        SyncCommitteeUpdate memory update = _build(_withAbsent(_scenario(FORK_SLOT + 8), 3));
        client.update(update);
        vm.snapshotGasLastCall("light clients", "sync committee: finality, 3 of 512 absent");
        _assertGasAtMost(420_000);
    }

    function test_FinalityUpdateOfAWholeCommittee() public {
        SyncCommitteeUpdate memory update = _build(_scenario(FORK_SLOT + 8));
        client.update(update);
        vm.snapshotGasLastCall("light clients", "sync committee: finality, all of 512 present");
    }

    function test_UpdateWithRotation() public {
        SyncCommitteeUpdate memory update = _build(_withAbsent(_withNext(_scenario(2 * SLOTS_PER_PERIOD)), 3));
        client.update(update);
        vm.snapshotGasLastCall("light clients", "sync committee: rotation, 3 of 512 absent");
        _assertGasAtMost(480_000);
    }

    /// @dev More may not be absent.
    function test_FinalityUpdateOfTwoThirds() public {
        SyncCommitteeUpdate memory update = _build(_withAbsent(_scenario(FORK_SLOT + 8), 170));
        client.update(update);
        vm.snapshotGasLastCall("light clients", "sync committee: finality, 170 of 512 absent");
    }

    function _assertGasAtMost(uint256 most) private view {
        assertLe(vm.lastCallGas().gasTotalUsed, most);
    }
}
