// SPDX-License-Identifier: MIT
pragma solidity ^0.8.15;

/// @notice What applications know of Optimism's messengers. Sending returns nothing there.
interface IOptimismMessenger {
    event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit);
    event SentMessageExtension1(address indexed sender, uint256 value);
    event RelayedMessage(bytes32 indexed msgHash);
    event FailedRelayedMessage(bytes32 indexed msgHash);

    function sendMessage(address target, bytes calldata message, uint32 minGasLimit) external payable;
    function xDomainMessageSender() external view returns (address);
}

/// @notice An application as it is written for Optimism, one on each chain: a till that pays into the other one. It imports
/// nothing of this repository.
contract OptimismApplication {
    IOptimismMessenger public immutable messenger;
    address public immutable counterpart;

    bool public isOpen = true;
    mapping(address account => uint256 wei_) public credit;

    error NotCounterpart();
    error Closed();

    modifier onlyCounterpart() {
        if (msg.sender != address(messenger) || messenger.xDomainMessageSender() != counterpart) {
            revert NotCounterpart();
        }
        _;
    }

    constructor(IOptimismMessenger messenger_, address counterpart_) {
        (messenger, counterpart) = (messenger_, counterpart_);
    }

    function setOpen(bool isOpen_) external {
        isOpen = isOpen_;
    }

    function pay(address account, uint32 minGasLimit) external payable {
        bytes memory message = abi.encodeCall(this.receivePayment, (account));
        messenger.sendMessage{value: msg.value}(counterpart, message, minGasLimit);
    }

    function receivePayment(address account) external payable onlyCounterpart {
        if (!isOpen) revert Closed();
        credit[account] += msg.value;
    }
}
