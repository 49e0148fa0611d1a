// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

import {L1TokenBridge} from "./L1TokenBridge.sol";
import {L2Token} from "./L2Token.sol";

/// @title L2 token bridge
/// @notice Mints on L2 what is locked on L1, and burns what is to be released there.
/// @dev Needs no guard against re-entrance: its token calls nobody.
contract L2TokenBridge is CrossDomainEnabled {
    /// @notice Gas that a transfer takes on L1, in most tokens. A dearer one fails, and is relayed again with more.
    uint32 public constant TRANSFER_GAS = 200_000;

    /// @notice The token that this bridge mints and burns.
    L2Token public immutable token;

    /// @notice The bridge on L1.
    address public immutable l1Bridge;

    /// @notice The token that is locked on L1.
    address public immutable l1Token;

    /// @notice Tokens were burned, and a message was sent that releases as many on L1.
    event WithdrawalSent(bytes32 indexed messageHash, address indexed from, address indexed to, uint256 amount);

    /// @notice Tokens that were locked on L1 were minted.
    event DepositReceived(address indexed from, address indexed to, uint256 amount);

    /// @notice Thrown when tokens are sent to the zero address, which cannot be given any, or to the bridge or the token on
    /// L1, which cannot give them back.
    /// @param to Who would have got them.
    error L2TokenBridge_RecipientRefused(address to);

    /// @notice Thrown when no tokens are sent.
    error L2TokenBridge_ZeroAmount();

    constructor(ICrossDomainMessenger messenger_, address l1Bridge_, address l1Token_, L2Token.Metadata memory metadata)
        CrossDomainEnabled(messenger_)
    {
        l1Bridge = l1Bridge_;
        l1Token = l1Token_;
        // Nothing is created before it: the bridge on L1 knows its address by that.
        token = new L2Token(address(this), metadata);
    }

    /// @notice Burns tokens of the caller, and sends as many to an account on L1. Needs no approval.
    /// @param to Account on L1.
    /// @param amount Their number.
    /// @return messageHash By which the delivery can be followed, and tried again if it failed.
    function withdraw(address to, uint256 amount) external returns (bytes32 messageHash) {
        if (to == address(0) || to == l1Bridge || to == l1Token) revert L2TokenBridge_RecipientRefused(to);
        if (amount == 0) revert L2TokenBridge_ZeroAmount();

        token.burn(msg.sender, amount);

        bytes memory message = abi.encodeCall(L1TokenBridge.finalizeWithdrawal, (msg.sender, to, amount));
        messageHash = _sendCrossDomainMessage(l1Bridge, 0, TRANSFER_GAS, message);
        emit WithdrawalSent(messageHash, msg.sender, to, amount);
    }

    /// @notice Mints tokens that were locked on L1. Only a message of the bridge there.
    /// @param from Account on L1 that locked them.
    /// @param to Account that gets them.
    /// @param amount Their number.
    function finalizeDeposit(address from, address to, uint256 amount) external onlyFromCrossDomainAccount(l1Bridge) {
        token.mint(to, amount);
        emit DepositReceived(from, to, amount);
    }
}
