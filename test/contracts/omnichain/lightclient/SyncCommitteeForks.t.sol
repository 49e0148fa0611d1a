// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeUpdateTest} from "../../support/omnichain/SyncCommitteeUpdateTest.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {Fork, SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice Forks in one epoch after the other, each with trees of its own: the final header, the attested one and the
/// signature of an update are each of another.
contract SyncCommitteeForksTest is SyncCommitteeUpdateTest {
    Scenario private scenario;

    function setUp() public override {
        super.setUp();
        _warpToSlot(2 * SLOTS_PER_PERIOD);
        client.update(_build(_withNext(_scenario(SLOT))));
        scenario = _scenario(FORK_SLOT - 1);
        scenario.attestedSlot = FORK_SLOT + SLOTS_PER_EPOCH - 1;
        scenario.signatureSlot = FORK_SLOT + SLOTS_PER_EPOCH + 1;
        scenario = _withNext(scenario);
    }

    function test_EachPartOfAnUpdateIsOfItsOwnFork() public {
        client.update(_build(scenario));
        _assertHead(FORK_SLOT - 1);
        assertEq(client.newestPeriod(), 2);
    }

    function test_ForksGoOnAfterIt() public {
        client.update(_build(scenario));
        client.update(_build(_scenario(FORK_SLOT + SLOTS_PER_EPOCH)));
        _assertHead(FORK_SLOT + SLOTS_PER_EPOCH);
    }

    function test_RevertWhen_TheSignatureIsOfTheAttestedHeadersFork() public {
        _assertRefusedWithSignatureOf(_forks()[1].version);
    }

    function test_RevertWhen_TheSignatureIsOfTheFinalHeadersFork() public {
        _assertRefusedWithSignatureOf(_forks()[0].version);
    }

    /// @dev As of Capella, of Electra, and of none that there is.
    function _forks() internal pure override returns (Fork[] memory forks) {
        Fork[] memory known = super._forks();
        forks = new Fork[](3);
        (forks[0], forks[1]) = (known[0], known[1]);
        forks[2] = Fork(FORK_EPOCH + 1, 0x06000001, 311, 150, 151, 1606, 1612);
    }

    function _assertRefusedWithSignatureOf(bytes4 version) private {
        SyncCommitteeUpdate memory update = _build(scenario);
        update.signature = _committee(1).sign(scenario.absent, _signingRoot(update.attested, version));
        _assertRefusedWith(update, ISyncCommitteeLightClient.SyncCommitteeLightClient_InvalidSignature.selector);
    }

    function _size() internal pure override returns (uint64) {
        return 32;
    }
}
