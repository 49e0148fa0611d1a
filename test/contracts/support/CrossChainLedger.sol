// SPDX-License-Identifier: MIT
pragma solidity ^0.8.15;

import {IOptimismMessenger} from "./OptimismApplication.sol";

/// @notice An application that asks where each call comes from, as OpenZeppelin's `CrossChainEnabled` over Optimism's messengers
/// had it until version 4.9: a call is from the other chain if the messenger makes it, and has a sender then; roles of
/// accounts there are other roles than those of accounts here, though their addresses may be the same.
contract CrossChainLedger {
    IOptimismMessenger public immutable messenger;

    mapping(address account => uint256 entries) public entries;
    mapping(bytes32 role => mapping(address account => bool isMember)) public hasRole;
    bool public isClosed;

    bytes32 private constant CLOSER = keccak256("closer");

    /// @dev Makes another role of each for accounts of the other chain.
    bytes32 private constant ELSEWHERE = keccak256("elsewhere");

    error NotCrossChainCall();
    error InvalidCrossChainSender(address actual, address expected);
    error MissingRole(address account, bytes32 role);

    modifier onlyCrossChainSender(address expected) {
        address actual = _crossChainSender();
        if (actual != expected) revert InvalidCrossChainSender(actual, expected);
        _;
    }

    modifier onlyRole(bytes32 role) {
        (address account, bytes32 asked) =
            _isCrossChain() ? (_crossChainSender(), role ^ ELSEWHERE) : (msg.sender, role);
        if (!hasRole[asked][account]) revert MissingRole(account, asked);
        _;
    }

    constructor(IOptimismMessenger messenger_, address closerHere, address closerElsewhere) {
        messenger = messenger_;
        hasRole[CLOSER][closerHere] = true;
        hasRole[CLOSER ^ ELSEWHERE][closerElsewhere] = true;
    }

    /// @notice Notes an entry for whoever calls from the other chain.
    function note() external {
        ++entries[_crossChainSender()];
    }

    /// @notice Notes an entry if one account of the other chain calls.
    function noteFor(address expected) external onlyCrossChainSender(expected) {
        ++entries[expected];
    }

    function close() external onlyRole(CLOSER) {
        isClosed = true;
    }

    function _isCrossChain() private view returns (bool) {
        return msg.sender == address(messenger);
    }

    function _crossChainSender() private view returns (address) {
        if (!_isCrossChain()) revert NotCrossChainCall();
        return messenger.xDomainMessageSender();
    }
}
