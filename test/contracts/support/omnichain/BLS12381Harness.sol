// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BLS12381, G1Point} from "xdm/contracts/omnichain/libraries/BLS12381.sol";

/// @notice Gives tests the library's functions.
contract BLS12381Harness {
    function isSignature(G1Point memory negatedKey, bytes32 message, bytes32[8] calldata signature)
        external
        view
        returns (bool)
    {
        return BLS12381.isSignature(negatedKey, message, signature);
    }

    function negate(G1Point memory point) external pure returns (G1Point memory) {
        return BLS12381.negate(point);
    }

    function compress(G1Point memory point) external pure returns (bytes32 first, bytes32 second) {
        return BLS12381.compress(point);
    }
}
