// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

import {L2TokenBridge} from "./L2TokenBridge.sol";

/// @title L1 token bridge
/// @notice Locks a token on L1 while it is on L2. What it holds covers the supply there.
contract L1TokenBridge is CrossDomainEnabled, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Gas that minting takes on L2: two slots written for the first time, and a margin.
    uint32 public constant MINT_GAS = 150_000;

    /// @notice The token that is locked here.
    IERC20 public immutable token;

    /// @notice The bridge on L2.
    address public immutable l2Bridge;

    /// @notice The token that stands on L2 for the one that is locked here.
    address public immutable l2Token;

    /// @notice Tokens were locked, and a message was sent that mints as many on L2.
    event DepositSent(bytes32 indexed messageHash, address indexed from, address indexed to, uint256 amount);

    /// @notice Tokens that were burned on L2 were released.
    event WithdrawalReceived(address indexed from, address indexed to, uint256 amount);

    /// @notice Thrown when tokens are sent to the zero address, which cannot be given any, or to the bridge or the token on
    /// L2, which cannot give them back.
    /// @param to Who would have got them.
    error L1TokenBridge_RecipientRefused(address to);

    /// @notice Thrown when nothing would be sent.
    error L1TokenBridge_NothingReceived();

    constructor(ICrossDomainMessenger messenger_, IERC20 token_, address l2Bridge_) CrossDomainEnabled(messenger_) {
        token = token_;
        l2Bridge = l2Bridge_;
        // It is the first contract that the bridge there creates: keccak256(rlp([bridge, 1])), its last 20 bytes.
        l2Token = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", l2Bridge_, hex"01")))));
    }

    /// @notice Locks tokens of the caller, who has approved them, and sends them to an account on L2.
    /// @param to Account on L2.
    /// @param amount What the caller gives. What arrives here is minted there: a token may take a fee on the way.
    /// @return messageHash By which the delivery can be followed, and tried again if it failed.
    /// @dev The guard: a token may call its sender, who could deposit again in between, and what both brought would be
    /// counted twice.
    function deposit(address to, uint256 amount) external nonReentrant returns (bytes32 messageHash) {
        if (to == address(0) || to == l2Bridge || to == l2Token) revert L1TokenBridge_RecipientRefused(to);

        uint256 balance = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - balance;
        if (received == 0) revert L1TokenBridge_NothingReceived();

        bytes memory message = abi.encodeCall(L2TokenBridge.finalizeDeposit, (msg.sender, to, received));
        messageHash = _sendCrossDomainMessage(l2Bridge, 0, MINT_GAS, message);
        emit DepositSent(messageHash, msg.sender, to, received);
    }

    /// @notice Releases tokens that were burned on L2. Only a message of the bridge there.
    ///
    /// If the token refuses, the message fails and the tokens stay here for it: it can be relayed again, by anybody, as
    /// often as it takes.
    /// @param from Account on L2 that burned them.
    /// @param to Account that gets them.
    /// @param amount Their number.
    /// @dev The guard: within a deposit, a release would be taken for less that was deposited.
    function finalizeWithdrawal(address from, address to, uint256 amount)
        external
        nonReentrant
        onlyFromCrossDomainAccount(l2Bridge)
    {
        token.safeTransfer(to, amount);
        emit WithdrawalReceived(from, to, amount);
    }
}
