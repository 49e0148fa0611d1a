// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "forge-std/Test.sol";

/// @notice Base of tests that read the acceptance vectors. The tests are skipped, and say so, where `XDM_VECTORS` is not
/// set: `tools/link-vectors.mjs` makes the link these tests read through.
abstract contract VectorTest is Test {
    string private constant VECTORS = "cache/vectors/";

    /// @dev The vectors of a file, or a skipped test.
    function _readVectors(string memory file) internal returns (string memory) {
        bool isLinked = vm.exists(VECTORS);
        vm.skip(!isLinked, "XDM_VECTORS is not set");
        return vm.readFile(string.concat(VECTORS, file));
    }
}
