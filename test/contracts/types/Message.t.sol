// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Message, RELAY_MESSAGE_SELECTOR} from "xdm/contracts/types/Message.sol";

contract MessageTest is Test {
    function test_SelectorIsThatOfRelayMessage() public pure {
        assertEq(
            RELAY_MESSAGE_SELECTOR, bytes4(keccak256("relayMessage(uint256,address,address,uint256,uint256,bytes)"))
        );
    }

    function testFuzz_EncodingHoldsEveryField(Message memory message) public view {
        bytes memory encoded = message.encode();
        assertEq(bytes4(encoded), RELAY_MESSAGE_SELECTOR);
        Message memory decoded;
        (decoded.nonce, decoded.sender, decoded.target, decoded.value, decoded.gasLimit, decoded.data) =
            this.decode(encoded);
        assertEq(abi.encode(decoded), abi.encode(message));
    }

    function testFuzz_HashIsThatOfTheEncoding(Message memory message) public pure {
        assertEq(message.hash(), keccak256(message.encode()));
    }

    /// @dev The hash of a message in calldata is computed in assembly; this is its plain twin.
    function testFuzz_HashInCalldataIsTheSame(Message memory message) public view {
        assertEq(this.hashCalldata(message), message.hash());
    }

    function test_HashInCalldataIsTheSameForEveryLength() public view {
        for (uint256 length = 0; length < 100; ++length) {
            bytes memory data = new bytes(length);
            for (uint256 i = 0; i < length; ++i) {
                data[i] = 0xff;
            }
            Message memory message = Message(length, address(1), address(2), 3, 4, data);
            assertEq(this.hashCalldata(message), message.hash());
        }
    }

    /// @dev Another layout of the same message has another hash: bytes behind the data that are not zero, or data elsewhere.
    function test_HashInCalldataBindsTheLayout() public view {
        Message memory message = Message(1, address(2), address(3), 4, 5, "data");
        bytes memory call = abi.encodeCall(this.hashCalldata, (message));
        assertEq(_hashOf(call), message.hash());

        bytes memory dirty = bytes.concat(call);
        dirty[dirty.length - 1] = 0x01;
        assertNotEq(_hashOf(dirty), message.hash());
        // selector, offset of the message, five fields, the offset of the data
        uint256 last = 4 + 7 * 32 - 1;
        assertEq(uint8(call[last]), 0xc0);
        bytes memory moved = bytes.concat(call, abi.encode(uint256(4), bytes32("data")));
        moved[last - 1] = 0x01;
        moved[last] = 0x00;
        assertNotEq(_hashOf(moved), message.hash());
    }

    function testFuzz_CounterIsTheNonceWithoutItsVersion(uint16 version, uint240 number) public view {
        Message memory message;
        message.nonce = (uint256(version) << 240) | number;
        assertEq(this.counter(message), number);
    }

    function hashCalldata(Message calldata message) external pure returns (bytes32) {
        return message.hashCalldata();
    }

    function counter(Message calldata message) external pure returns (uint256) {
        return message.counter();
    }

    function _hashOf(bytes memory call) private view returns (bytes32) {
        (bool success, bytes memory result) = address(this).staticcall(call);
        assertTrue(success);
        return abi.decode(result, (bytes32));
    }

    function testFuzz_NonceChangesTheHash(Message memory message, uint256 nonce) public pure {
        vm.assume(nonce != message.nonce);
        bytes32 before = message.hash();
        message.nonce = nonce;
        assertNotEq(message.hash(), before);
    }

    function testFuzz_SenderChangesTheHash(Message memory message, address sender) public pure {
        vm.assume(sender != message.sender);
        bytes32 before = message.hash();
        message.sender = sender;
        assertNotEq(message.hash(), before);
    }

    function testFuzz_TargetChangesTheHash(Message memory message, address target) public pure {
        vm.assume(target != message.target);
        bytes32 before = message.hash();
        message.target = target;
        assertNotEq(message.hash(), before);
    }

    function testFuzz_ValueChangesTheHash(Message memory message, uint256 value) public pure {
        vm.assume(value != message.value);
        bytes32 before = message.hash();
        message.value = value;
        assertNotEq(message.hash(), before);
    }

    function testFuzz_GasLimitChangesTheHash(Message memory message, uint256 gasLimit) public pure {
        vm.assume(gasLimit != message.gasLimit);
        bytes32 before = message.hash();
        message.gasLimit = gasLimit;
        assertNotEq(message.hash(), before);
    }

    function testFuzz_DataChangesTheHash(Message memory message, bytes memory data) public pure {
        vm.assume(keccak256(data) != keccak256(message.data));
        bytes32 before = message.hash();
        message.data = data;
        assertNotEq(message.hash(), before);
    }

    /// @dev The encoding pads the data to words; its length tells the padding from data.
    function testFuzz_TrailingZeroChangesTheHash(Message memory message) public pure {
        bytes32 before = message.hash();
        message.data = bytes.concat(message.data, hex"00");
        assertNotEq(message.hash(), before);
    }

    function testFuzz_SenderAndTargetAreNotInterchangeable(Message memory message) public pure {
        vm.assume(message.sender != message.target);
        bytes32 before = message.hash();
        (message.sender, message.target) = (message.target, message.sender);
        assertNotEq(message.hash(), before);
    }

    function decode(bytes calldata encoded)
        external
        pure
        returns (uint256, address, address, uint256, uint256, bytes memory)
    {
        return abi.decode(encoded[4:], (uint256, address, address, uint256, uint256, bytes));
    }
}
