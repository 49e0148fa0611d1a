// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Committee, CommitteeLibrary} from "../../support/omnichain/Committee.sol";
import {SyncCommitteeTest} from "../../support/omnichain/SyncCommitteeTest.sol";
import {ISyncCommitteeLightClient} from "xdm/contracts/omnichain/interfaces/ISyncCommitteeLightClient.sol";
import {BLS12381, G1Point} from "xdm/contracts/omnichain/libraries/BLS12381.sol";
import {SSZ} from "xdm/contracts/omnichain/libraries/SSZ.sol";
import {AbsentKey, SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice Who must have signed an update, and how that is shown.
abstract contract SyncCommitteeSignaturesTest is SyncCommitteeTest {
    uint64 private constant SLOT = 24;
    address private constant G1_ADD = address(0x0b);
    address private constant PAIRING = address(0x0f);

    /// @dev Bits above a coordinate's.
    uint256 private constant PADDING = 1 << 128;

    /// @dev The field's modulus, in two words.
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    function setUp() public override {
        super.setUp();
        _warpToSlot(60);
    }

    // --------------------------------------------------------------------------------------------------- participation

    function test_AllHaveSigned() public {
        client.update(_update(0));
        assertEq(client.finalizedSlot(), SLOT);
    }

    function test_OneIsAbsent() public {
        client.update(_update(1));
        assertEq(client.finalizedSlot(), SLOT);
    }

    function test_FirstAndLastAreAbsent() public {
        Scenario memory scenario = _scenario(SLOT);
        scenario.absent = new uint256[](2);
        scenario.absent[1] = _size() - 1;
        client.update(_build(scenario));
        assertEq(client.finalizedSlot(), SLOT);
    }

    function test_OneMoreThanTwoThirdsIsEnough() public {
        client.update(_update((_size() - 1) / 3));
        assertEq(client.finalizedSlot(), SLOT);
    }

    function test_RevertWhen_OneLessHasSigned() public {
        uint256 absent = (_size() - 1) / 3 + 1;
        _assertRefused(
            _update(absent),
            abi.encodeWithSelector(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_TooManyAbsent.selector, absent, _size()
            )
        );
    }

    function test_RevertWhen_OneIsSaidToHaveSignedWhoHasNot() public {
        SyncCommitteeUpdate memory update = _update(3);
        AbsentKey[] memory fewer = new AbsentKey[](2);
        (fewer[0], fewer[1]) = (update.participation.absent[0], update.participation.absent[1]);
        update.participation.absent = fewer;
        _assertRefused(update, _invalidSignature());
    }

    function test_RevertWhen_OneIsSaidToBeAbsentWhoHasSigned() public {
        SyncCommitteeUpdate memory update = _update(3);
        Scenario memory scenario = _withAbsent(_scenario(SLOT), 2);
        update.signature = _build(scenario).signature;
        _assertRefused(update, _invalidSignature());
    }

    // -------------------------------------------------------------------------------------------------------- absent keys

    function test_RevertWhen_AnAbsentKeyIsGivenTwice() public {
        SyncCommitteeUpdate memory update = _update(2);
        update.participation.absent[1] = update.participation.absent[0];
        _assertRefused(update, _outOfOrder(1));
    }

    function test_RevertWhen_AbsentKeysAreNotInOrder() public {
        SyncCommitteeUpdate memory update = _update(2);
        AbsentKey[] memory absent = update.participation.absent;
        (absent[0], absent[1]) = (absent[1], absent[0]);
        _assertRefused(update, _outOfOrder(1));
    }

    function test_RevertWhen_AnAbsentKeyIsBeyondTheCommittee() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].index = _size();
        _assertRefused(update, _outOfOrder(_size()));
    }

    function test_RevertWhen_AnIndexIsTheLargestNumber() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].index = type(uint256).max;
        _assertRefused(update, _outOfOrder(type(uint256).max));
    }

    function test_RevertWhen_AnAbsentKeyIsThatOfAnotherIndex() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].index = 2;
        _assertRefused(update, _keyMismatch(2));
    }

    function test_RevertWhen_AnAbsentKeyIsOfNoMember() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].key = CommitteeLibrary.multiply(12_345);
        _assertRefused(update, _keyMismatch(1));
    }

    function test_RevertWhen_AnAbsentKeysBranchIsTooShort() public {
        SyncCommitteeUpdate memory update = _update(1);
        uint256 height = update.participation.absent[0].branch.length;
        update.participation.absent[0].branch = new bytes32[](height - 1);
        _assertRefused(update, abi.encodeWithSelector(SSZ.SSZ_BranchLength.selector, height - 1, height));
    }

    // ---------------------------------------------------------------------------------------------------------- coordinates

    function test_RevertWhen_AnAbsentKeysYIsThatOfItsNegative() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].key = BLS12381.negate(update.participation.absent[0].key);
        _assertRefused(update, _keyMismatch(1));
    }

    function test_RevertWhen_TheAggregatesYIsThatOfItsNegative() public {
        SyncCommitteeUpdate memory update = _update(0);
        update.participation.aggregateKey = BLS12381.negate(update.participation.aggregateKey);
        vm.expectPartialRevert(ISyncCommitteeLightClient.SyncCommitteeLightClient_CommitteeMismatch.selector);
        client.update(update);
    }

    function test_RevertWhen_AnAbsentKeyIsNotOnTheCurve() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].key.yLow ^= 1;
        _assertRefused(update, _refused(G1_ADD));
    }

    function test_RevertWhen_TheAggregateIsNotOnTheCurve() public {
        SyncCommitteeUpdate memory update = _update(0);
        update.participation.aggregateKey.yLow ^= 1;
        _assertRefused(update, _refused(PAIRING));
        update = _update(1);
        update.participation.aggregateKey.yLow ^= 1;
        _assertRefused(update, _refused(G1_ADD));
    }

    function test_RevertWhen_TheSignatureIsNotOnTheCurve() public {
        SyncCommitteeUpdate memory update = _update(0);
        update.signature[7] ^= bytes32(uint256(1));
        _assertRefused(update, _refused(PAIRING));
    }

    /// @dev The curve's cofactor is not one: most of its points are in no group that keys are of.
    function test_RevertWhen_TheSignatureIsOutsideTheSubgroup() public {
        SyncCommitteeUpdate memory update = _update(0);
        bytes32[8] memory point;
        point[1] = bytes32(uint256(2));
        point[4] = 0x0000000000000000000000000000000018c6b864ae17dc9da64203ffefb96630;
        point[5] = 0x6425a7bc6aeb7c75247438372716284a4173830420cd476ba1a365b95bfcec38;
        point[6] = 0x00000000000000000000000000000000172e93db764a8400a7d5071b6b6f5de0;
        point[7] = 0xda2f0f4a063119abca014006b7c40a2cfe291a1924e65db0d6d0fcfbf3bf3d5c;
        assertTrue(_isOnTheCurve(point));
        update.signature = point;
        _assertRefused(update, _refused(PAIRING));
    }

    function test_RevertWhen_AnAbsentKeyHasBitsAboveItsCoordinates() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].key.xHigh |= PADDING;
        _assertRefused(update, _refused(G1_ADD));
        update = _update(1);
        // With it y counts as the larger one.
        bool wasLarger = _hasLargerY(update.participation.absent[0].key);
        update.participation.absent[0].key.yHigh |= PADDING;
        _assertRefused(update, wasLarger ? _refused(G1_ADD) : _keyMismatch(1));
    }

    function test_RevertWhen_TheAggregateHasBitsAboveItsCoordinates() public {
        SyncCommitteeUpdate memory update = _update(0);
        update.participation.aggregateKey.xHigh |= PADDING;
        _assertRefused(update, _refused(PAIRING));
    }

    function test_RevertWhen_TheSignatureHasBitsAboveItsCoordinates() public {
        SyncCommitteeUpdate memory update = _update(0);
        for (uint256 i = 0; i < 8; i += 2) {
            update.signature[i] |= bytes32(PADDING);
            _assertRefused(update, _refused(PAIRING));
            update.signature[i] ^= bytes32(PADDING);
        }
    }

    /// @dev The same point, with p added to y.
    function test_RevertWhen_AKeysYIsNotBelowTheModulus() public {
        // One of two neighbours has the larger y, whose flag the sum keeps.
        for (uint256 secret = 1;; ++secret) {
            G1Point memory key = CommitteeLibrary.multiply(secret);
            if (!_hasLargerY(key)) continue;
            (bytes32 first,) = BLS12381.compress(key);
            unchecked {
                uint256 low = key.yLow + P_LOW;
                key = G1Point(key.xHigh, key.xLow, key.yHigh + P_HIGH + (low < P_LOW ? 1 : 0), low);
            }
            (bytes32 same,) = BLS12381.compress(key);
            assertEq(same, first);
            vm.expectRevert(_refused(G1_ADD));
            this.negate(key);
            return;
        }
    }

    function negate(G1Point memory key) external pure returns (G1Point memory) {
        return BLS12381.negate(key);
    }

    // ------------------------------------------------------------------------------------------------------------- infinity

    function test_RevertWhen_TheAggregateIsInfinity() public {
        SyncCommitteeUpdate memory update = _update(0);
        update.participation.aggregateKey = G1Point(0, 0, 0, 0);
        _assertRefused(update, _infinity());
    }

    function test_RevertWhen_AnAbsentKeyIsInfinity() public {
        SyncCommitteeUpdate memory update = _update(1);
        update.participation.absent[0].key = G1Point(0, 0, 0, 0);
        _assertRefused(update, _infinity());
    }

    function test_RevertWhen_TheSignatureIsInfinity() public {
        SyncCommitteeUpdate memory update = _update(0);
        bytes32[8] memory nothing;
        update.signature = nothing;
        _assertRefused(update, _infinity());
    }

    /// @dev A committee whose second member's key is the sum of all: without it nothing remains that could have signed.
    function test_RevertWhen_TheParticipantsKeysSumUpToInfinity() public {
        uint256 size = _size();
        // (size - 1) * secret + size * (size - 1) / 2 = 1, where the left side is the sum without the smallest secret.
        uint256 secret = CommitteeLibrary.R - size / 2 + Math.invModPrime(size - 1, CommitteeLibrary.R);
        Committee memory committee = CommitteeLibrary.make(secret % CommitteeLibrary.R, size);
        client = _deploy(_configurationWith(committee.root()));

        SyncCommitteeUpdate memory update = _update(1);
        update.participation = committee.participation(_withAbsent(_scenario(SLOT), 1).absent);
        _assertRefused(update, _infinity());
    }

    // ---------------------------------------------------------------------------------------------------------------- support

    function _update(uint256 absent) private view returns (SyncCommitteeUpdate memory) {
        return _build(_withAbsent(_scenario(SLOT), absent));
    }

    function _assertRefused(SyncCommitteeUpdate memory update, bytes memory reason) private {
        vm.expectRevert(reason);
        // What a precompile refuses burns all that it is given.
        client.update{gas: 4_000_000}(update);
    }

    function _hasLargerY(G1Point memory key) private pure returns (bool) {
        (bytes32 first,) = BLS12381.compress(key);
        return uint8(first[0]) & 0x20 != 0;
    }

    /// @dev The precompile that adds points asks for nothing else.
    function _isOnTheCurve(bytes32[8] memory point) private view returns (bool success) {
        (success,) = address(0x0d).staticcall(abi.encode(point, point));
    }

    function _invalidSignature() private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_InvalidSignature.selector);
    }

    function _outOfOrder(uint256 index) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ISyncCommitteeLightClient.SyncCommitteeLightClient_AbsentKeyOutOfOrder.selector, index
            );
    }

    function _keyMismatch(uint256 index) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ISyncCommitteeLightClient.SyncCommitteeLightClient_AbsentKeyMismatch.selector, index);
    }

    function _refused(address precompile) private pure returns (bytes memory) {
        return abi.encodeWithSelector(BLS12381.BLS12381_Refused.selector, precompile);
    }

    function _infinity() private pure returns (bytes memory) {
        return abi.encodeWithSelector(BLS12381.BLS12381_Infinity.selector);
    }
}

contract SignaturesOfA32KeyCommitteeTest is SyncCommitteeSignaturesTest {
    function _size() internal pure override returns (uint64) {
        return 32;
    }
}

contract SignaturesOfA512KeyCommitteeTest is SyncCommitteeSignaturesTest {
    function _size() internal pure override returns (uint64) {
        return 512;
    }
}
