// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {HeaderBuilder} from "./HeaderBuilder.sol";
import {LightClientHarness} from "./LightClientHarness.sol";

/// @notice A light client that knows what the test makes known, and headers to prove to it.
abstract contract LightClientTest is Test {
    uint256 internal constant WINDOW = 8191;
    uint256 internal constant NUMBER = 20_000;

    LightClientHarness internal client;

    function setUp() public virtual {
        client = new LightClientHarness(WINDOW);
    }

    function _template() internal pure returns (HeaderBuilder.Template memory template) {
        template.number = NUMBER;
        template.timestamp = 1_700_000_000;
        template.stateRoot = keccak256("state");
        template.receiptsRoot = keccak256("receipts");
        template.extraData = "geth";
        template.rest = 8;
    }

    /// @dev Headers of `count` blocks down from `NUMBER`, the highest of which is made known.
    function _knownChain(uint256 count) internal returns (bytes[] memory headers) {
        headers = HeaderBuilder.chain(_template(), count);
        client.recordHead(NUMBER, keccak256(headers[0]), 1_700_000_000);
    }

    function _freeze() internal {
        client.record(1, keccak256("one"));
        client.record(1, keccak256("another"));
        assertTrue(client.isFrozen());
    }
}
