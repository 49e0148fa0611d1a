// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorTest} from "../support/omnichain/AttestorTest.sol";

/// @notice What keeping up with a chain by the word of attestors costs: whole transactions.
contract AttestorGasTest is AttestorTest {
    function test_Attestation() public {
        _attest(7, keccak256("block"));
        vm.snapshotGasLastCall("light clients", "attestors: block, 3 of 5 signers");
    }

    function test_Rotation() public {
        address[] memory signers = _addresses(_signers(2, 5));
        client.rotate(signers, 3, _sign(_rotation(2, signers, 3), _first(_signers(1, 5), 3)));
        vm.snapshotGasLastCall("light clients", "attestors: rotation, 3 of 5 signers, 1 of them another");
    }
}
