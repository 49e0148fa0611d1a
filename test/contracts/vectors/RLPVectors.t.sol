// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLPHarness} from "../support/RLPHarness.sol";
import {VectorTest} from "../support/VectorTest.sol";

/// @notice Encodings of Ethereum's official tests and of Optimism's reader and writer, decoded and compared item by item
/// with the values that they stand for.
contract RLPVectorsTest is VectorTest {
    RLPHarness private rlp;

    function setUp() public {
        rlp = new RLPHarness();
    }

    function test_EthereumsEncodings() public {
        string memory json = _readVectors("rlp/ethereum-tests/RLPTests_rlptest.json");
        assertEq(_checkAll(json, "$"), 28);
    }

    function test_OptimismsWriter() public {
        string memory json = _readVectors("rlp/Lib_RLPWriter.test.json");
        assertEq(_checkAll(json, "$.tests"), 25);
    }

    function test_EthereumsRandomEncoding() public {
        string memory json = _readVectors("rlp/ethereum-tests/RLPTests_RandomRLPTests_example.json");
        assertEq(vm.parseJsonString(json, ".listsoflists2.in"), "VALID");
        this.walk(vm.parseJsonBytes(json, ".listsoflists2.out"));
    }

    function test_EthereumsInvalidEncodings() public {
        string memory json = _readVectors("rlp/ethereum-tests/RLPTests_invalidRLPTest.json");
        string[] memory names = vm.parseJsonKeys(json, "$");
        for (uint256 i = 0; i < names.length; ++i) {
            string memory text = vm.parseJsonString(json, string.concat(".", names[i], ".out"));
            // Some have no prefix, one has no digits.
            bytes memory encoding = vm.parseBytes(vm.indexOf(text, "0x") == 0 ? text : string.concat("0x", text));
            _assertRejected(abi.encodeCall(this.walk, (encoding)), names[i]);
        }
        assertEq(names.length, 26);
    }

    function test_OptimismsReaderOfStrings() public {
        string memory json = _readVectors("rlp/Lib_RLPReader.test.json");
        assertEq(_checkStrings(json, "$.tests.readBytes"), 6);
        assertEq(_checkStrings(json, "$.tests.readString"), 5);
        assertEq(_checkStrings(json, "$.tests.readUint256"), 8);
    }

    function test_OptimismsReaderOfLists() public {
        string memory json = _readVectors("rlp/Lib_RLPReader.test.json");
        string memory path = "$.tests.readList";
        string[] memory names = vm.parseJsonKeys(json, path);
        for (uint256 i = 0; i < names.length; ++i) {
            string memory test = _member(path, names[i]);
            bytes memory encoding = vm.parseJsonBytes(json, string.concat(test, ".in[0]"));
            if (vm.keyExistsJson(json, string.concat(test, ".revert"))) {
                _assertRejected(abi.encodeCall(this.walkList, (encoding)), names[i]);
            } else {
                this.walkList(encoding);
                bytes[] memory items = vm.parseJsonBytesArray(json, string.concat(test, ".out[0]"));
                bytes[] memory actual = this.split(encoding);
                // Items are given with their prefixes.
                assertEq(abi.encode(actual), abi.encode(items), names[i]);
            }
        }
        assertEq(names.length, 21);
    }

    // ------------------------------------------------------------------------------------------------------- reading

    /// @dev Reads the whole of an encoding: a single item with all that it holds, and nothing after it.
    function walk(bytes calldata encoding) external view {
        assertEq(_walk(encoding, 0), encoding.length);
    }

    function walkList(bytes calldata encoding) external view {
        rlp.list(encoding, 0);
        assertEq(_walk(encoding, 0), encoding.length);
    }

    function split(bytes calldata encoding) external view returns (bytes[] memory items) {
        (uint256 offset, uint256 end) = rlp.list(encoding, 0);
        while (offset < end) {
            (,, uint256 next) = rlp.item(encoding, offset);
            bytes[] memory more = new bytes[](items.length + 1);
            for (uint256 i = 0; i < items.length; ++i) {
                more[i] = items[i];
            }
            more[items.length] = encoding[offset:next];
            (items, offset) = (more, next);
        }
    }

    function content(bytes calldata encoding) external view returns (bytes memory) {
        (uint256 start, uint256 end) = rlp.string_(encoding, 0);
        require(end == encoding.length, "bytes follow the item");
        return encoding[start:end];
    }

    function _walk(bytes calldata encoding, uint256 offset) private view returns (uint256 end) {
        bool isList;
        uint256 start;
        (isList, start, end) = rlp.item(encoding, offset);
        if (!isList) return end;
        while (start < end) {
            start = _walk(encoding, start);
        }
        assertEq(start, end, "items end with their list");
    }

    // ----------------------------------------------------------------------------------------------------- comparing

    /// @dev Returns how many cases were compared.
    function _checkAll(string memory json, string memory path) private view returns (uint256) {
        string[] memory names = vm.parseJsonKeys(json, path);
        for (uint256 i = 0; i < names.length; ++i) {
            string memory test = _member(path, names[i]);
            bytes memory encoding = vm.parseJsonBytes(json, string.concat(test, ".out"));
            _assertValue(encoding, json, string.concat(test, ".in"));
        }
        return names.length;
    }

    function _assertValue(bytes memory encoding, string memory json, string memory path) private view {
        if (uint8(encoding[0]) < 0xc0) {
            string memory text = vm.parseJsonString(json, path);
            assertEq(this.content(encoding), _isNumber(json, path) ? _toBytes(text) : bytes(text), path);
            return;
        }
        bytes[] memory items = this.split(encoding);
        for (uint256 i = 0; i < items.length; ++i) {
            _assertValue(items[i], json, string.concat(path, "[", vm.toString(i), "]"));
        }
        assertFalse(vm.keyExistsJson(json, string.concat(path, "[", vm.toString(items.length), "]")), path);
        if (items.length == 0) assertEq(vm.parseJsonStringArray(json, path).length, 0);
    }

    function _checkStrings(string memory json, string memory path) private view returns (uint256) {
        string[] memory names = vm.parseJsonKeys(json, path);
        for (uint256 i = 0; i < names.length; ++i) {
            string memory test = _member(path, names[i]);
            bytes memory encoding = vm.parseJsonBytes(json, string.concat(test, ".in[0]"));
            if (vm.keyExistsJson(json, string.concat(test, ".revert"))) {
                _assertRejected(abi.encodeCall(this.content, (encoding)), names[i]);
                continue;
            }
            string memory text = vm.parseJsonString(json, string.concat(test, ".out[0]"));
            bytes memory value = _isNumber(json, string.concat(test, ".out[0]"))
                ? _toBytes(text)
                : vm.indexOf(text, "0x") == 0 ? vm.parseBytes(text) : bytes(text);
            assertEq(this.content(encoding), value, names[i]);
        }
        return names.length;
    }

    function _assertRejected(bytes memory call, string memory name) private view {
        (bool accepted,) = address(this).staticcall(call);
        assertFalse(accepted, name);
    }

    // -------------------------------------------------------------------------------------------------------- values

    /// @dev Numbers are JSON's, or decimal text after a number sign where JSON's are too small.
    function _isNumber(string memory json, string memory path) private pure returns (bool) {
        bytes memory text = bytes(vm.parseJsonString(json, path));
        if (text.length == 0) return false;
        if (text[0] == "#") return true;
        for (uint256 i = 0; i < text.length; ++i) {
            if (text[i] < "0" || text[i] > "9") return false;
        }
        return true;
    }

    /// @dev The shortest big-endian bytes of a decimal number of any size: none for zero.
    function _toBytes(string memory decimal) private pure returns (bytes memory result) {
        bytes memory digits = bytes(decimal);
        for (uint256 i = digits[0] == "#" ? 1 : 0; i < digits.length; ++i) {
            uint256 carry = uint8(digits[i]) - 48;
            for (uint256 j = result.length; j > 0; --j) {
                carry += 10 * uint256(uint8(result[j - 1]));
                result[j - 1] = bytes1(uint8(carry));
                carry >>= 8;
            }
            if (carry != 0) result = bytes.concat(bytes1(uint8(carry)), result);
        }
    }

    function _member(string memory path, string memory name) private pure returns (string memory) {
        return string.concat(path, "['", name, "']");
    }
}
