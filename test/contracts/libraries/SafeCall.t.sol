// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {SafeCall} from "xdm/contracts/libraries/SafeCall.sol";

/// @notice The arithmetic of a call's gas; calls themselves are in L2/GasPromise.t.sol and L1/BatchGas.t.sol.
contract SafeCallTest is Test {
    function testFuzz_NothingIsForwardedOfWhatIsReserved(uint256 overhead, uint256 available) public pure {
        overhead = bound(overhead, 0, type(uint64).max);
        available = bound(available, 0, overhead + SafeCall.RESERVED_GAS);
        assertEq(SafeCall.gasToForward(available, overhead), 0);
        assertEq(SafeCall.gasToForward(overhead + SafeCall.RESERVED_GAS + 1, overhead), 1);
    }

    function testFuzz_ACallLeavesWhatIsReservedAndA64th(uint64 available, uint64 overhead) public pure {
        uint256 forwarded = SafeCall.gasToForward(available, overhead);
        if (forwarded == 0) return;
        uint256 remaining = uint256(available) - overhead;
        assertGe(remaining - forwarded, SafeCall.RESERVED_GAS);
        assertGe(remaining - forwarded, remaining / 64);
    }

    /// @dev One gas more than the least, at most: where the limit is a multiple of 63.
    function testFuzz_GasToHaveSufficesAndIsHardlyMore(uint64 gasLimit, uint64 overhead) public pure {
        uint256 enough = SafeCall.gasToHave(gasLimit, overhead);
        assertGe(SafeCall.gasToForward(enough, overhead), gasLimit);
        if (gasLimit != 0) assertLt(SafeCall.gasToForward(enough - 2, overhead), gasLimit);
    }
}
