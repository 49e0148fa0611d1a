// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {IGatewayAttributes} from "xdm/contracts/interfaces/IGatewayAttributes.sol";

contract Announcer {
    IERC7786GatewaySource public immutable gateway;

    constructor(IERC7786GatewaySource gateway_) {
        gateway = gateway_;
    }

    function announce(uint256 chainId, address board, string calldata words) external returns (bytes32 sendId) {
        bytes[] memory attributes = new bytes[](1);
        // What the board needs at most. It gets that or more, or the delivery fails.
        attributes[0] = abi.encodeCall(IGatewayAttributes.minGasLimit, (200_000));
        return gateway.sendMessage(InteroperableAddress.formatEvmV1(chainId, board), bytes(words), attributes);
    }
}
