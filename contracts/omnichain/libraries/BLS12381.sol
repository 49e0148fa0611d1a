// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice A point of the curve's first group, as the precompiles take it: each coordinate in two words, of which the
/// upper holds 16 bytes. All zero is the point at infinity.
struct G1Point {
    uint256 xHigh;
    uint256 xLow;
    uint256 yHigh;
    uint256 yLow;
}

/// @title BLS12-381
/// @notice Signatures of Ethereum's validators (the scheme of draft-irtf-cfrg-bls-signature with keys in G1, suite
/// BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_), by the precompiles of EIP-2537.
/// @dev The precompiles see that coordinates are below the modulus and points on the curve; the pairing's alone also that
/// they are in the subgroup. One that refuses its input burns the gas it was given.
library BLS12381 {
    address private constant MODEXP = address(0x05);
    address private constant G1_ADD = address(0x0b);
    address private constant G2_ADD = address(0x0d);
    address private constant PAIRING = address(0x0f);
    address private constant MAP_FP2_TO_G2 = address(0x11);

    /// @dev The field's modulus p, in two words.
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// @dev (p - 1) / 2, in two words. Of a point and its negative, one has a y above it.
    uint256 private constant HALF_HIGH = 0xd0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// @dev Flags in the first three bits of a compressed point: that it is one, and that its y is the larger.
    uint256 private constant COMPRESSED = 0x80 << 120;
    uint256 private constant LARGER_Y = 0x20 << 120;

    /// @dev The first group's generator.
    uint256 private constant G1_X_HIGH = 0x17f1d3a73197d7942695638c4fa9ac0f;
    uint256 private constant G1_X_LOW = 0xc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb;
    uint256 private constant G1_Y_HIGH = 0x08b3f481e3aaa0f1a09e30ed741d8ae4;
    uint256 private constant G1_Y_LOW = 0xfcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1;

    /// @dev Domain separation tag of the signature scheme, and its length.
    bytes private constant DST = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_\x2b";

    /// @notice Thrown when a precompile refuses its input: a coordinate is not below the modulus, or a point is not on
    /// the curve, or not in its group. Also where the chain has no such precompile.
    error BLS12381_Refused(address precompile);

    /// @notice Thrown when a key or a signature is the point at infinity, or a key's y is zero, as no key's is.
    error BLS12381_Infinity();

    /// @notice Whether a signature of a message is by a key.
    /// @dev e(key, H(m)) = e(G, signature), as one product: e(-key, H(m)) * e(G, signature) = 1.
    /// @param negatedKey The key's negative. Must be on the curve.
    /// @param message What was signed.
    /// @param signature A point of the second group: two coordinates of two field elements of two words.
    function isSignature(G1Point memory negatedKey, bytes32 message, bytes32[8] calldata signature)
        internal
        view
        returns (bool)
    {
        if (isInfinity(negatedKey) || _isZero(signature)) revert BLS12381_Infinity();
        bytes memory input =
            abi.encode(negatedKey, hashToG2(message), G1Point(G1_X_HIGH, G1_X_LOW, G1_Y_HIGH, G1_Y_LOW), signature);
        return abi.decode(_call(PAIRING, input, 32), (uint256)) == 1;
    }

    /// @notice Sum of two points, which must be on the curve.
    function add(G1Point memory a, G1Point memory b) internal view returns (G1Point memory) {
        return abi.decode(_call(G1_ADD, abi.encode(a, b), 128), (G1Point));
    }

    /// @notice A point's negative: the same x, and p - y.
    function negate(G1Point memory point) internal pure returns (G1Point memory) {
        if (point.yHigh == 0 && point.yLow == 0) revert BLS12381_Infinity();
        if (!_isAbove(P_HIGH, P_LOW, point.yHigh, point.yLow)) revert BLS12381_Refused(G1_ADD);
        unchecked {
            uint256 borrow = point.yLow > P_LOW ? 1 : 0;
            return G1Point(point.xHigh, point.xLow, P_HIGH - point.yHigh - borrow, P_LOW - point.yLow);
        }
    }

    /// @notice The 48 bytes that stand for a point, with the 16 zeros that fill up its SSZ chunks.
    /// @dev Of what is no point the result is of no use: whoever takes it has the precompiles see the point, too.
    function compress(G1Point memory point) internal pure returns (bytes32 first, bytes32 second) {
        if (point.yHigh == 0 && point.yLow == 0) revert BLS12381_Infinity();
        uint256 flags = COMPRESSED;
        if (_isAbove(point.yHigh, point.yLow, HALF_HIGH, HALF_LOW)) flags |= LARGER_Y;
        first = bytes32((point.xHigh | flags) << 128 | point.xLow >> 128);
        second = bytes32(point.xLow << 128);
    }

    /// @notice Whether a point is the one at infinity.
    function isInfinity(G1Point memory point) internal pure returns (bool) {
        return point.xHigh | point.xLow | point.yHigh | point.yLow == 0;
    }

    /// @notice A message's point in the second group: `hash_to_curve` of RFC 9380.
    function hashToG2(bytes32 message) internal view returns (bytes32[8] memory point) {
        bytes32[8] memory uniform = _expand(message);
        bytes memory first = _map(uniform[0], uniform[1], uniform[2], uniform[3]);
        bytes memory second = _map(uniform[4], uniform[5], uniform[6], uniform[7]);
        return abi.decode(_call(G2_ADD, bytes.concat(first, second), 256), (bytes32[8]));
    }

    /// @dev `expand_message_xmd` of RFC 9380, to 256 bytes.
    function _expand(bytes32 message) private pure returns (bytes32[8] memory uniform) {
        // A block of zeros, the message, the length in two bytes, a zero.
        bytes32 seed = sha256(bytes.concat(new bytes(64), message, hex"010000", DST));
        bytes32 previous;
        for (uint8 i = 0; i < 8; ++i) {
            previous = sha256(bytes.concat(seed ^ previous, bytes1(i + 1), DST));
            uniform[i] = previous;
        }
    }

    /// @dev The point of a field element of two parts, of 64 bytes each. The precompile clears the cofactor: the sum of two
    /// such points is the same as if it was cleared of the sum.
    function _map(bytes32 a, bytes32 b, bytes32 c, bytes32 d) private view returns (bytes memory) {
        return _call(MAP_FP2_TO_G2, bytes.concat(_reduce(a, b), _reduce(c, d)), 256);
    }

    /// @dev A number of 64 bytes modulo p.
    function _reduce(bytes32 high, bytes32 low) private view returns (bytes memory) {
        bytes memory input = abi.encodePacked(uint256(64), uint256(1), uint256(64), high, low, uint8(1), P_HIGH, P_LOW);
        return _call(MODEXP, input, 64);
    }

    function _call(address precompile, bytes memory input, uint256 size) private view returns (bytes memory output) {
        bool isAccepted;
        (isAccepted, output) = precompile.staticcall(input);
        if (!isAccepted || output.length != size) revert BLS12381_Refused(precompile);
    }

    function _isZero(bytes32[8] calldata words) private pure returns (bool) {
        bytes32 any;
        for (uint256 i = 0; i < 8; ++i) {
            any |= words[i];
        }
        return any == 0;
    }

    function _isAbove(uint256 high, uint256 low, uint256 otherHigh, uint256 otherLow) private pure returns (bool) {
        return high > otherHigh || (high == otherHigh && low > otherLow);
    }
}
