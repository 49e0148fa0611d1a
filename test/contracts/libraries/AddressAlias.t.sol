// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {AddressAlias} from "xdm/contracts/libraries/AddressAlias.sol";

contract Callee {
    function isCallerAccount() external view returns (bool) {
        return AddressAlias.isCallerAccount();
    }
}

contract CallerInConstruction {
    bool public wasAccount;

    constructor(Callee callee) {
        wasAccount = callee.isCallerAccount();
    }
}

contract AddressAliasTest is Test {
    Callee private callee;
    address private immutable origin = makeAddr("origin");
    address private immutable caller = makeAddr("caller");

    function setUp() public {
        callee = new Callee();
    }

    function test_AliasIsShifted() public pure {
        assertEq(
            AddressAlias.applyL1ToL2Alias(0x0000000000000000000000000000000000000001),
            0x1111000000000000000000000000000000001112
        );
        assertEq(
            AddressAlias.undoL1ToL2Alias(0x1111000000000000000000000000000000001112),
            0x0000000000000000000000000000000000000001
        );
    }

    function test_AliasWrapsAround() public pure {
        address last = address(type(uint160).max);
        assertEq(AddressAlias.applyL1ToL2Alias(last), address(AddressAlias.OFFSET - 1));
        assertEq(AddressAlias.undoL1ToL2Alias(address(AddressAlias.OFFSET - 1)), last);
        assertEq(AddressAlias.applyL1ToL2Alias(address(type(uint160).max - AddressAlias.OFFSET + 1)), address(0));
        assertEq(AddressAlias.applyL1ToL2Alias(address(type(uint160).max - AddressAlias.OFFSET)), last);
    }

    function testFuzz_UndoRevertsTheAlias(address account) public pure {
        address aliased = AddressAlias.applyL1ToL2Alias(account);
        assertNotEq(aliased, account);
        assertEq(AddressAlias.undoL1ToL2Alias(aliased), account);
        assertEq(AddressAlias.applyL1ToL2Alias(AddressAlias.undoL1ToL2Alias(account)), account);
    }

    function test_OriginIsAnAccount() public {
        vm.prank(origin, origin);
        assertTrue(callee.isCallerAccount());
    }

    function test_ContractIsNoAccount() public {
        assertFalse(callee.isCallerAccount());
        vm.etch(caller, hex"00");
        vm.prank(caller, origin);
        assertFalse(callee.isCallerAccount());
    }

    function test_ContractInConstructionIsNoAccount() public {
        assertFalse(new CallerInConstruction(callee).wasAccount());
    }

    function test_CallerWithoutCodeIsNoAccountUnlessTheOrigin() public {
        vm.prank(caller, origin);
        assertFalse(callee.isCallerAccount());
    }

    function test_DelegatedAccountIsAnAccount() public {
        vm.etch(caller, abi.encodePacked(hex"ef0100", address(callee)));
        vm.prank(caller, origin);
        assertTrue(callee.isCallerAccount());
    }

    function test_DelegatedOriginIsAnAccount() public {
        vm.etch(origin, abi.encodePacked(hex"ef0100", address(callee)));
        vm.prank(origin, origin);
        assertTrue(callee.isCallerAccount());
    }

    /// @dev Of the delegation's length, and differing from it in one of the three bytes.
    function test_ContractOfTheDelegationsLengthIsNoAccount() public {
        bytes3[4] memory starts = [bytes3(0x600100), 0xee0100, 0xe00100, 0x000000];
        for (uint256 i = 0; i < starts.length; ++i) {
            vm.etch(caller, abi.encodePacked(starts[i], address(callee)));
            assertEq(caller.code.length, 23);
            vm.prank(caller, origin);
            assertFalse(callee.isCallerAccount());
        }
    }

    /// @dev Such code cannot be deployed; the mock stands for a contract whose code only begins like a delegation.
    function test_CodeOfAnyOtherLengthIsNoDelegation() public {
        for (uint256 length = 0; length < 64; ++length) {
            if (length == 23) continue;
            bytes memory code = new bytes(length);
            if (length != 0) code[0] = 0x5b;
            vm.etch(caller, code);
            vm.prank(caller, origin);
            assertFalse(callee.isCallerAccount());
        }
    }
}
