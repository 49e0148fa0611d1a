// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

contract NoticeBoard is ERC7786Recipient {
    address public immutable gateway;
    bytes public announcer;
    string public notice;

    constructor(address gateway_, uint256 announcerChainId, address announcer_) {
        gateway = gateway_;
        announcer = InteroperableAddress.formatEvmV1(announcerChainId, announcer_);
    }

    /// @dev Whoever is not asked for here can write the notice.
    function _isAuthorizedGateway(address instance, bytes calldata sender) internal view override returns (bool) {
        return instance == gateway && Bytes.equal(sender, announcer);
    }

    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        notice = string(payload);
    }
}
