// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeTest} from "./SyncCommitteeTest.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice Builds updates of the made-up chain, and holds what becomes of them against what should.
abstract contract SyncCommitteeUpdateTest is SyncCommitteeTest {
    uint64 internal constant SLOT = 24;

    function setUp() public virtual override {
        super.setUp();
        _warpToSlot(60);
    }

    function _conflict(uint64 slot, uint64 number) internal pure returns (Scenario memory scenario) {
        scenario = _scenario(slot);
        (scenario.number, scenario.blockHash) = (number, keccak256("another block"));
    }

    function _assertHead(uint64 slot) internal view {
        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(client.finalizedSlot(), slot);
        assertEq(number, slot + 1000);
        assertEq(blockHash, _hashOf(slot + 1000));
        assertEq(client.finalizedBlockHash(number), blockHash);
    }

    function _assertRefused(SyncCommitteeUpdate memory update, bytes memory reason) internal {
        vm.expectRevert(reason);
        client.update(update);
    }

    function _assertRefusedWith(SyncCommitteeUpdate memory update, bytes4 selector) internal {
        vm.expectPartialRevert(selector);
        client.update(update);
    }

    function _error(bytes4 selector, uint256 first, uint256 second) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, first, second);
    }

    function _slotsNotInOrder(uint64 finalized, uint64 attested, uint64 signed) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(
            ISyncCommitteeLightClient.SyncCommitteeLightClient_SlotsNotInOrder.selector, finalized, attested, signed
        );
    }

    function _unknownCommittee(uint256 period) internal pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_UnknownCommittee.selector, period);
    }

    function _noConflict(uint256 number) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_NoConflict.selector, number);
    }
}
