// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Writes down the gas it is called with in slot 0, and counts its calls in slot 1. Its first instruction reads
/// the gas, so that what slot 0 holds is the gas of the call less the 2 of that instruction.
contract GasProbe {
    constructor() {
        // GAS, PUSH0, SSTORE; slot 1 := slot 1 + 1; STOP
        bytes memory code = hex"5a5f5560015460010160015500";
        assembly ("memory-safe") {
            return(add(code, 0x20), mload(code))
        }
    }
}
