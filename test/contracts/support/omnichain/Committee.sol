// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BLS12381, G1Point} from "xdm/contracts/omnichain/libraries/BLS12381.sol";
import {AbsentKey, Participation} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice A sync committee whose secret keys the test knows: member `i` has the key `secret + i`.
struct Committee {
    uint256 secret;
    G1Point[] keys;
    G1Point aggregate;
    /// @dev The tree of the keys, by generalised index.
    bytes32[] nodes;
}

using {CommitteeLibrary.root, CommitteeLibrary.participation, CommitteeLibrary.sign} for Committee global;

library CommitteeLibrary {
    /// @dev Order of the groups.
    uint256 internal constant R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;

    address private constant G1_MSM = address(0x0c);
    address private constant G2_MSM = address(0x0e);

    function make(uint256 secret, uint256 size) internal view returns (Committee memory committee) {
        committee.secret = secret;
        committee.keys = new G1Point[](size);
        committee.nodes = new bytes32[](2 * size);
        G1Point memory one = multiply(1);
        G1Point memory key = multiply(secret);
        for (uint256 i = 0; i < size; ++i) {
            committee.keys[i] = key;
            committee.nodes[size + i] = keyRoot(key);
            key = BLS12381.add(key, one);
        }
        for (uint256 i = size - 1; i > 0; --i) {
            committee.nodes[i] = sha256(abi.encode(committee.nodes[2 * i], committee.nodes[2 * i + 1]));
        }
        committee.aggregate = multiply(sumOf(secret, size));
    }

    function root(Committee memory committee) internal pure returns (bytes32) {
        return sha256(abi.encode(committee.nodes[1], keyRoot(committee.aggregate)));
    }

    /// @param absent Indices, ascending.
    function participation(Committee memory committee, uint256[] memory absent)
        internal
        pure
        returns (Participation memory result)
    {
        result.keysRoot = committee.nodes[1];
        result.aggregateKey = committee.aggregate;
        result.absent = new AbsentKey[](absent.length);
        for (uint256 i = 0; i < absent.length; ++i) {
            result.absent[i] = AbsentKey(absent[i], committee.keys[absent[i]], branch(committee, absent[i]));
        }
    }

    function branch(Committee memory committee, uint256 index) internal pure returns (bytes32[] memory siblings) {
        uint256 height;
        while (1 << height < committee.keys.length) ++height;
        siblings = new bytes32[](height);
        uint256 node = committee.keys.length + index;
        for (uint256 i = 0; i < height; ++i) {
            siblings[i] = committee.nodes[(node >> i) ^ 1];
        }
    }

    /// @notice The signature of all but the absent.
    function sign(Committee memory committee, uint256[] memory absent, bytes32 message)
        internal
        view
        returns (bytes32[8] memory)
    {
        uint256 secret = sumOf(committee.secret, committee.keys.length);
        for (uint256 i = 0; i < absent.length; ++i) {
            secret = addmod(secret, R - addmod(committee.secret, absent[i], R), R);
        }
        return signWith(secret, message);
    }

    function signWith(uint256 secret, bytes32 message) internal view returns (bytes32[8] memory) {
        (bool success, bytes memory output) = G2_MSM.staticcall(abi.encode(BLS12381.hashToG2(message), secret));
        require(success);
        return abi.decode(output, (bytes32[8]));
    }

    /// @notice The generator, so many times.
    function multiply(uint256 scalar) internal view returns (G1Point memory) {
        // forgefmt: disable-next-item
        G1Point memory generator = G1Point(
            0x17f1d3a73197d7942695638c4fa9ac0f, 0xc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb,
            0x08b3f481e3aaa0f1a09e30ed741d8ae4, 0xfcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1
        );
        (bool success, bytes memory output) = G1_MSM.staticcall(abi.encode(generator, scalar));
        require(success);
        return abi.decode(output, (G1Point));
    }

    /// @notice Sum of a committee's secrets.
    function sumOf(uint256 secret, uint256 size) internal pure returns (uint256) {
        return addmod(mulmod(secret, size, R), size * (size - 1) / 2, R);
    }

    function keyRoot(G1Point memory key) internal pure returns (bytes32) {
        (bytes32 first, bytes32 second) = BLS12381.compress(key);
        return sha256(abi.encode(first, second));
    }
}
