// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeTest} from "../../support/omnichain/SyncCommitteeTest.sol";
import {IExpiringLightClient} from "xdm/contracts/omnichain/interfaces/IExpiringLightClient.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {SSZ} from "xdm/contracts/omnichain/libraries/SSZ.sol";
import {Fork} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice What a light client can be deployed with, and that it starts from nothing but what it is told to trust.
contract SyncCommitteeDeploymentTest is SyncCommitteeTest {
    function _size() internal pure override returns (uint64) {
        return 32;
    }

    // --------------------------------------------------------------------------------------------------- configuration

    function test_TheConfigurationCanBeRead() public view {
        assertEq(client.genesisTime(), GENESIS_TIME);
        assertEq(client.genesisValidatorsRoot(), VALIDATORS);
        assertEq(client.secondsPerSlot(), SECONDS_PER_SLOT);
        assertEq(client.slotsPerEpoch(), SLOTS_PER_EPOCH);
        assertEq(client.epochsPerPeriod(), EPOCHS_PER_PERIOD);
        assertEq(client.committeeSize(), 32);
        assertEq(client.trustingPeriod(), TRUSTING_PERIOD);
        assertEq(client.historyWindow(), 8191);
        assertEq(abi.encode(client.forks()), abi.encode(_forks()));
    }

    function test_RevertWhen_ALengthOfTimeIsZero() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.secondsPerSlot = 0;
        _assertMisconfigured(spoilt);
        spoilt = _configuration();
        spoilt.slotsPerEpoch = 0;
        _assertMisconfigured(spoilt);
        spoilt = _configuration();
        spoilt.epochsPerPeriod = 0;
        _assertMisconfigured(spoilt);
        spoilt = _configuration();
        spoilt.trustingPeriod = 0;
        _assertRefused(
            spoilt, abi.encodeWithSelector(IExpiringLightClient.ExpiringLightClient_PeriodOutOfBounds.selector, 0)
        );
    }

    function test_RevertWhen_TheCommitteesSizeIsNoPowerOfTwo() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.committeeSize = 0;
        _assertMisconfigured(spoilt);
        spoilt.committeeSize = 33;
        _assertMisconfigured(spoilt);
    }

    function test_RevertWhen_ThereIsNoFork() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.forks = new Fork[](0);
        _assertMisconfigured(spoilt);
    }

    function test_RevertWhen_ForksAreNotInOrder() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.forks[1].epoch = 0;
        _assertMisconfigured(spoilt);
    }

    function test_RevertWhen_AForkNamesNoPlace() public {
        for (uint256 i = 0; i < 5; ++i) {
            ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
            if (i == 0) spoilt.forks[1].finalizedRoot = 0;
            if (i == 1) spoilt.forks[1].currentCommittee = 0;
            if (i == 2) spoilt.forks[1].nextCommittee = 0;
            // Where the other one is the root nothing else is wrong with them.
            if (i == 3) (spoilt.forks[1].blockNumber, spoilt.forks[1].blockHash) = (0, 1);
            if (i == 4) (spoilt.forks[1].blockNumber, spoilt.forks[1].blockHash) = (1, 0);
            _assertMisconfigured(spoilt);
        }
    }

    function test_RevertWhen_NumberAndHashAreOneNode() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.forks[1].blockNumber = spoilt.forks[1].blockHash;
        _assertMisconfigured(spoilt);
    }

    function test_RevertWhen_NumberAndHashAreNotOfOneHeight() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.forks[1].blockNumber = spoilt.forks[0].blockNumber;
        _assertMisconfigured(spoilt);
    }

    // -------------------------------------------------------------------------------------------------------- bootstrap

    function test_TheTrustedBlocksAreEmitted() public {
        ISyncCommitteeLightClient.Configuration memory trusted = _configuration();
        vm.expectEmit();
        emit ILightClient.BlockRecorded(BOOTSTRAP_NUMBER, _hashOf(BOOTSTRAP_NUMBER));
        vm.expectEmit();
        emit ISyncCommitteeLightClient.FinalityAdvanced(BOOTSTRAP_SLOT, BOOTSTRAP_NUMBER);
        vm.expectEmit();
        emit ISyncCommitteeLightClient.CommitteeLearned(0, trusted.bootstrap.committee);
        _deploy(trusted);
    }

    function test_RevertWhen_TheHeaderIsNotTheTrustedBlocks() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        bytes32 actual = spoilt.trustedBlockRoot;
        spoilt.trustedBlockRoot = keccak256("another block");
        _assertRefused(
            spoilt,
            abi.encodeWithSelector(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_UntrustedBlock.selector,
                spoilt.trustedBlockRoot,
                actual
            )
        );
    }

    function test_RevertWhen_TheTrustedBlocksSlotHasNotBegun() public {
        ISyncCommitteeLightClient.Configuration memory trusted = _configuration();
        _warpToSlot(BOOTSTRAP_SLOT);
        rewind(1);
        _assertRefused(
            trusted,
            abi.encodeWithSelector(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_SlotInFuture.selector,
                BOOTSTRAP_SLOT,
                _timeOf(BOOTSTRAP_SLOT)
            )
        );
    }

    function test_RevertWhen_TheCommitteeIsNotInTheTrustedState() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.bootstrap.committee = _committee(1).root();
        _assertBranchRefused(spoilt);
    }

    function test_RevertWhen_TheExecutionBlockIsNotTheTrustedBlocksPayload() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.bootstrap.execution.blockHash = keccak256("another block");
        _assertBranchRefused(spoilt);
    }

    function test_RevertWhen_TheCommitteesBranchIsOfAnotherLength() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.bootstrap.committeeBranch = new bytes32[](6);
        _assertRefused(spoilt, abi.encodeWithSelector(SSZ.SSZ_BranchLength.selector, 6, 5));
    }

    function test_RevertWhen_TheTrustedBlockIsOlderThanAllForks() public {
        ISyncCommitteeLightClient.Configuration memory spoilt = _configuration();
        spoilt.forks[0].epoch = 3;
        _assertRefused(
            spoilt,
            abi.encodeWithSelector(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_UnknownFork.selector, BOOTSTRAP_SLOT
            )
        );
    }

    // ---------------------------------------------------------------------------------------------------------- support

    function _assertMisconfigured(ISyncCommitteeLightClient.Configuration memory spoilt) private {
        _assertRefused(
            spoilt, abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_Misconfigured.selector)
        );
    }

    function _assertBranchRefused(ISyncCommitteeLightClient.Configuration memory spoilt) private {
        vm.expectPartialRevert(ISyncCommitteeLightClient.SyncCommitteeLightClient_BranchMismatch.selector);
        this.deploy(spoilt);
    }

    function _assertRefused(ISyncCommitteeLightClient.Configuration memory spoilt, bytes memory reason) private {
        vm.expectRevert(reason);
        this.deploy(spoilt);
    }

    /// @dev Reverts with the constructor's own error.
    function deploy(ISyncCommitteeLightClient.Configuration memory spoilt) external {
        bytes memory code =
            bytes.concat(vm.getCode("SyncCommitteeLightClient.sol:SyncCommitteeLightClient"), abi.encode(spoilt));
        assembly ("memory-safe") {
            if iszero(create(0, add(code, 32), mload(code))) {
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }
}
