// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HeaderBuilder} from "../../support/omnichain/HeaderBuilder.sol";
import {LightClientTest} from "../../support/omnichain/LightClientTest.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";

/// @notice Older blocks, by the headers that lead down to them.
contract AncestorsTest is LightClientTest {
    using HeaderBuilder for bytes[];

    function test_ParentOfTheLastHeaderBecomesKnown() public {
        uint256 state = vm.snapshotState();
        for (uint256 count = 1; count <= 32; count += count < 4 ? 1 : 7) {
            bytes[] memory headers = _knownChain(count + 1);
            bytes32 ancestor = keccak256(headers[count]);
            vm.expectEmit(address(client));
            emit ILightClient.BlockRecorded(NUMBER - count, ancestor);
            client.proveAncestorByHeaders(NUMBER, _first(headers, count).pack());
            assertEq(client.finalizedBlockHash(NUMBER - count), ancestor);
            // The blocks between are not paid for.
            for (uint256 i = 1; i < count; ++i) {
                assertEq(client.finalizedBlockHash(NUMBER - i), 0);
            }
            vm.revertToState(state);
        }
    }

    function test_AnAncestorLeadsToItsOwn() public {
        bytes[] memory headers = _knownChain(5);
        client.proveAncestorByHeaders(NUMBER, _first(headers, 2).pack());
        bytes[] memory rest = new bytes[](2);
        (rest[0], rest[1]) = (headers[2], headers[3]);
        client.proveAncestorByHeaders(NUMBER - 2, rest.pack());
        assertEq(client.finalizedBlockHash(NUMBER - 4), keccak256(headers[4]));
    }

    function test_HeadStaysWhenAnAncestorBecomesKnown() public {
        bytes[] memory headers = _knownChain(2);
        client.proveAncestorByHeaders(NUMBER, headers[0]);
        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(number, NUMBER);
        assertEq(blockHash, keccak256(headers[0]));
    }

    function test_TheFirstBlockBecomesKnown() public {
        HeaderBuilder.Template memory template = _template();
        template.number = 2;
        bytes[] memory headers = HeaderBuilder.chain(template, 3);
        client.recordHead(2, keccak256(headers[0]), 1);
        client.proveAncestorByHeaders(2, _first(headers, 2).pack());
        assertEq(client.finalizedBlockHash(0), keccak256(headers[2]));
    }

    function test_AnAncestorThatIsKnownToBeAnotherBlockFreezes() public {
        bytes[] memory headers = _knownChain(2);
        client.record(NUMBER - 1, keccak256("another"));
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(NUMBER - 1, keccak256("another"), keccak256(headers[1]));
        client.proveAncestorByHeaders(NUMBER, headers[0]);
        assertTrue(client.isFrozen());
    }

    function test_RevertWhen_TheHeadersGoBelowTheFirstBlock() public {
        HeaderBuilder.Template memory template = _template();
        template.number = 1;
        bytes[] memory headers = HeaderBuilder.chain(template, 2);
        client.recordHead(1, keccak256(headers[0]), 1);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_NoAncestor.selector, 0, 1));
        client.proveAncestorByHeaders(1, headers.pack());
    }

    function test_RevertWhen_ThereIsNoHeader() public {
        _knownChain(1);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_NoAncestor.selector, NUMBER, NUMBER));
        client.proveAncestorByHeaders(NUMBER, "");
    }

    function test_RevertWhen_TheFirstHeaderIsNotTheKnownBlocks() public {
        bytes[] memory headers = _knownChain(3);
        vm.expectRevert(_mismatch(keccak256(headers[0]), keccak256(headers[1])));
        client.proveAncestorByHeaders(NUMBER, headers[1]);
    }

    function test_RevertWhen_AHeaderIsLeftOut() public {
        bytes[] memory headers = _knownChain(4);
        headers[1] = headers[2];
        vm.expectRevert(_mismatch(keccak256(HeaderBuilder.chain(_template(), 4)[1]), keccak256(headers[2])));
        client.proveAncestorByHeaders(NUMBER, headers.pack());
    }

    function test_RevertWhen_AHeaderIsChanged() public {
        bytes[] memory headers = _knownChain(3);
        bytes32 expected = keccak256(headers[2]);
        headers[2][100] ^= 0x01;
        vm.expectRevert(_mismatch(expected, keccak256(headers[2])));
        client.proveAncestorByHeaders(NUMBER, headers.pack());
    }

    function test_RevertWhen_TheBlockIsNotKnown() public {
        bytes[] memory headers = _knownChain(2);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_UnknownBlock.selector, NUMBER - 1));
        client.proveAncestorByHeaders(NUMBER - 1, headers[1]);
    }

    function test_RevertWhen_TheClientIsFrozen() public {
        bytes[] memory headers = _knownChain(2);
        _freeze();
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.proveAncestorByHeaders(NUMBER, headers[0]);
    }

    function _first(bytes[] memory headers, uint256 count) private pure returns (bytes[] memory first) {
        first = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            first[i] = headers[i];
        }
    }

    function _mismatch(bytes32 expected, bytes32 actual) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILightClient.LightClient_HeaderMismatch.selector, expected, actual);
    }
}
