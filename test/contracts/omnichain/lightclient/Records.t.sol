// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LightClientTest} from "../../support/omnichain/LightClientTest.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";

/// @notice What a light client remembers, and how it freezes.
contract RecordsTest is LightClientTest {
    bytes32 private constant HASH = keccak256("block");
    bytes32 private constant OTHER = keccak256("other block");

    function test_RecordedBlockIsKnown() public {
        vm.expectEmit(address(client));
        emit ILightClient.BlockRecorded(7, HASH);
        client.record(7, HASH);
        assertEq(client.finalizedBlockHash(7), HASH);
        assertEq(client.finalizedBlockHash(8), 0);
    }

    function test_RecordingABlockAgainChangesNothing() public {
        client.record(7, HASH);
        vm.recordLogs();
        client.record(7, HASH);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(client.finalizedBlockHash(7), HASH);
    }

    function test_HeadIsTheHighestBlock() public {
        client.recordHead(7, HASH, 1000);
        client.record(6, OTHER);
        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(number, 7);
        assertEq(blockHash, HASH);
        assertEq(client.headTimestamp(), 1000);
    }

    function test_AnotherBlockOfTheSameHeightFreezes() public {
        client.recordHead(7, HASH, 1000);
        assertFalse(client.isFrozen());
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(7, HASH, OTHER);
        client.record(7, OTHER);
        assertTrue(client.isFrozen());

        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(number, 7);
        assertEq(blockHash, HASH);
    }

    function test_ANewHeadDoesNotUnfreeze() public {
        _freeze();
        client.recordHead(7, HASH, 1000);
        assertTrue(client.isFrozen());
    }

    function test_RevertWhen_AFrozenClientIsRead() public {
        _freeze();
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.finalizedBlockHash(1);
    }
}
