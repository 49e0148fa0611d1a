// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {BLS12381Harness} from "../../support/omnichain/BLS12381Harness.sol";
import {CommitteeLibrary} from "../../support/omnichain/Committee.sol";
import {BLS12381, G1Point} from "xdm/contracts/omnichain/libraries/BLS12381.sol";

contract BLS12381Test is Test {
    address private constant G1_ADD = address(0x0b);

    /// @dev The field's modulus, in two words.
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    BLS12381Harness private bls;

    function setUp() public {
        bls = new BLS12381Harness();
    }

    // forgefmt: disable-start
    /// @dev What another implementation makes of 32 zeros.
    function test_AMessagesPointIsThatOfTheStandard() public view {
        bytes32[8] memory expected = [
            bytes32(0x00000000000000000000000000000000076e5cd6cfb3c361fc767e5f40ce0548),
            0x6e1668825ffeecab89d7daa455a179736a387ae93b9b15d283d45ffa14cd4af7,
            0x0000000000000000000000000000000017502412bcfc3f1d88b71f1ad9b60fa3,
            0x7c332d19466fba1dc991d42bcd09bcd9f1c22a562646ffce0922793b6c69938b,
            0x0000000000000000000000000000000006740fd1dd8669dd6938f89bb6f45fe8,
            0x8d98e2ddb5a3938af14b6384ca8f09ef57c612076236638f9ff93fc2f77824a0,
            0x000000000000000000000000000000000b5870882f02ad57dac847d25b00412a,
            0x74c4d16c004e9ae3801e85c3785d497dda79e2c68c6aaf77a165640cb4399237
        ];
        assertEq(abi.encode(BLS12381.hashToG2(0)), abi.encode(expected));
    }

    /// @dev Of 32 zeros, with one of the keys of the consensus layer's tests.
    function _knownSignature() private pure returns (bytes32[8] memory) {
        return [
            bytes32(0x000000000000000000000000000000000352ea1c5b0c9274504f4f0e7053af24),
            0x802e51e4568d164fe986834f41e55c8e850ce1f98458c0cfc9ab380b55285a55,
            0x0000000000000000000000000000000016ed936746e01f8ecf281f020953fbf1,
            0xf01debd5657c4a383940b020b26507f6076334f91e2366c96e9ab279fb515809,
            0x0000000000000000000000000000000000b38d4a887b0c5caf93d6117e24b634,
            0xb88526619d9be852058cd13aff5fdc1066646398aaafc081f1b9abca8a96932b,
            0x00000000000000000000000000000000154c3a476f62b2604b66c348869691c6,
            0x26663aeb781f4fad5195efd509f5008b9ebed4c55fb1a138554d8e0ecb42628e
        ];
    }

    function _knownKey() private pure returns (G1Point memory) {
        return G1Point(
            0x000000000000000000000000000000000491d1b0ecd9bb917989f0e74f0dea04,
            0x22eac4a873e5e2644f368dffb9a6e20fd6e10c1b77654d067c0618f6e5a7f79a,
            0x0000000000000000000000000000000017cd7061575d3e8034fcea62adaa1a3b,
            0xc38dca4b50e4c5c01d04dd78037c9cee914e17944ea99e7ad84278e5d49f36c4
        );
    }
    // forgefmt: disable-end

    function test_AKnownSignatureIsOne() public view {
        assertTrue(bls.isSignature(BLS12381.negate(_knownKey()), 0, _knownSignature()));
    }

    function test_ASignatureIsOfOneMessageAndOneKey() public view {
        assertFalse(bls.isSignature(BLS12381.negate(_knownKey()), bytes32(uint256(1)), _knownSignature()));
        assertFalse(bls.isSignature(_knownKey(), 0, _knownSignature()));
        assertFalse(bls.isSignature(CommitteeLibrary.multiply(2), 0, _knownSignature()));
    }

    function test_AKeyIsCompressedAsItIsWritten() public view {
        (bytes32 first, bytes32 second) = bls.compress(_knownKey());
        assertEq(first, 0xa491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20f);
        assertEq(second, bytes32(bytes16(0xd6e10c1b77654d067c0618f6e5a7f79a)));
        (first,) = bls.compress(BLS12381.negate(_knownKey()));
        assertEq(first, 0x8491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20f);
    }

    function testFuzz_APointAndItsNegativeAreNothing(uint256 scalar) public view {
        vm.assume(scalar % CommitteeLibrary.R != 0);
        G1Point memory point = CommitteeLibrary.multiply(scalar);
        assertTrue(BLS12381.isInfinity(BLS12381.add(point, bls.negate(point))));
        (bytes32 first,) = bls.compress(point);
        (bytes32 other,) = bls.compress(bls.negate(point));
        assertEq(first ^ other, bytes32(uint256(0x20) << 248), "one of the two has the larger y");
    }

    function test_RevertWhen_AKeyIsInfinity() public {
        bytes32[8] memory signature = _knownSignature();
        vm.expectRevert(BLS12381.BLS12381_Infinity.selector);
        bls.isSignature(G1Point(0, 0, 0, 0), 0, signature);
        vm.expectRevert(BLS12381.BLS12381_Infinity.selector);
        bls.negate(G1Point(1, 2, 0, 0));
        vm.expectRevert(BLS12381.BLS12381_Infinity.selector);
        bls.compress(G1Point(1, 2, 0, 0));
    }

    function test_RevertWhen_ASignatureIsInfinity() public {
        bytes32[8] memory nothing;
        G1Point memory key = _knownKey();
        vm.expectRevert(BLS12381.BLS12381_Infinity.selector);
        bls.isSignature(key, 0, nothing);
    }

    /// @dev The modulus is no y, and no more is what is above it.
    function test_RevertWhen_AYIsNotBelowTheModulus() public {
        _assertNegative(P_HIGH, P_LOW - 1, 0, 1);
        _assertNoPoint(P_HIGH, P_LOW);
        _assertNoPoint(P_HIGH, P_LOW + 1);
        _assertNoPoint(P_HIGH + 1, 0);
    }

    function test_OneWordOfAYMayBeZero() public view {
        _assertNegative(0, 1, P_HIGH, P_LOW - 1);
        _assertNegative(1, 0, P_HIGH - 1, P_LOW);
        _assertNegative(P_HIGH - 1, P_LOW, 1, 0);
        bls.compress(G1Point(1, 2, 0, 1));
        bls.compress(G1Point(1, 2, 1, 0));
    }

    function test_InfinityIsAllZeros() public pure {
        assertTrue(BLS12381.isInfinity(G1Point(0, 0, 0, 0)));
        assertFalse(BLS12381.isInfinity(G1Point(1, 0, 0, 0)));
        assertFalse(BLS12381.isInfinity(G1Point(0, 1, 0, 0)));
        assertFalse(BLS12381.isInfinity(G1Point(0, 0, 1, 0)));
        assertFalse(BLS12381.isInfinity(G1Point(0, 0, 0, 1)));
    }

    function test_RevertWhen_TheChainHasNoPrecompile() public {
        bytes32[8] memory signature = _knownSignature();
        G1Point memory key = _knownKey();
        // An address without code takes everything, and answers with nothing.
        vm.mockCall(address(0x11), bytes(""), bytes(""));
        vm.expectRevert(abi.encodeWithSelector(BLS12381.BLS12381_Refused.selector, address(0x11)));
        bls.isSignature(key, 0, signature);
    }

    /// @dev What it says is as long as an answer.
    function test_RevertWhen_AnotherContractInAPrecompilesPlaceRefuses() public {
        bytes32[8] memory signature = _knownSignature();
        G1Point memory key = _knownKey();
        vm.mockCallRevert(address(0x11), bytes(""), new bytes(256));
        vm.expectRevert(abi.encodeWithSelector(BLS12381.BLS12381_Refused.selector, address(0x11)));
        bls.isSignature(key, 0, signature);
    }

    function _assertNegative(uint256 yHigh, uint256 yLow, uint256 high, uint256 low) private view {
        G1Point memory negative = bls.negate(G1Point(1, 2, yHigh, yLow));
        assertEq(abi.encode(negative), abi.encode(1, 2, high, low));
    }

    function _assertNoPoint(uint256 yHigh, uint256 yLow) private {
        vm.expectRevert(abi.encodeWithSelector(BLS12381.BLS12381_Refused.selector, G1_ADD));
        bls.negate(G1Point(1, 1, yHigh, yLow));
    }
}
