// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource, IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {CrossDomainEnabled} from "../dapp/CrossDomainEnabled.sol";
import {ICrossDomainGateway} from "../interfaces/ICrossDomainGateway.sol";
import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {IGatewayAttributes} from "../interfaces/IGatewayAttributes.sol";
import {IL2CrossDomainMessenger} from "../interfaces/IL2CrossDomainMessenger.sol";
import {ISenderAllowlist} from "../interfaces/ISenderAllowlist.sol";

/// @title Cross-domain gateway
/// @dev See {ICrossDomainGateway}. Has no storage, holds nothing and calls nothing of others but `receiveMessage`: what
/// everybody can have it call has no other meaning anywhere.
contract CrossDomainGateway is ICrossDomainGateway, IERC7786GatewaySource, CrossDomainEnabled {
    using Bytes for bytes;

    /// @inheritdoc ICrossDomainGateway
    /// @dev OpenZeppelin's bridges and governor give no attribute, so this is what their messages get. Receiving an
    /// ERC-20 token takes them up to 64,000, and ten kinds of ERC-1155 tokens 262,000. Where it is too little the
    /// message fails, and is delivered with more: the messengers give one that is relayed alone all the gas there is.
    uint32 public constant DEFAULT_MIN_GAS_LIMIT = 300_000;

    /// @dev Gas of `deliver` up to the call of the recipient, and from its answer on, apart from the payload's bytes:
    /// checks, the sender's encoding, the recipient's account (2,600), a cold EIP-7702 delegate of it (2,600), and the
    /// value (9,000), measured at under 18,000 together; and a margin.
    uint256 private constant DELIVERY_GAS = 22_000;

    /// @inheritdoc ICrossDomainGateway
    address public immutable remoteGateway;

    uint256 private immutable LOCAL_CHAIN_ID;
    uint256 private immutable REMOTE_CHAIN_ID;
    bool private immutable IS_ON_L2;
    address private immutable REMOTE_MESSENGER;

    /// @dev The lane's, which says who may send from L2; zero where everyone may, and on L1.
    address private immutable SENDER_ALLOWLIST;

    /// @param messenger_ The messenger of the chain that this contract is deployed on.
    /// @param remoteGateway_ The other gateway, which may be deployed later: its address must be known before.
    constructor(ICrossDomainMessenger messenger_, address remoteGateway_) CrossDomainEnabled(messenger_) {
        (uint256 l1ChainId, uint256 l2ChainId) = (messenger_.l1ChainId(), messenger_.l2ChainId());
        bool isOfLane = block.chainid == l1ChainId || block.chainid == l2ChainId;
        if (!isOfLane || remoteGateway_ == address(0)) {
            revert CrossDomainGateway_Miswired(address(messenger_), remoteGateway_);
        }
        remoteGateway = remoteGateway_;
        LOCAL_CHAIN_ID = block.chainid;
        IS_ON_L2 = block.chainid == l2ChainId;
        REMOTE_CHAIN_ID = IS_ON_L2 ? l1ChainId : l2ChainId;
        REMOTE_MESSENGER = messenger_.otherMessenger();
        SENDER_ALLOWLIST = IS_ON_L2 ? IL2CrossDomainMessenger(address(messenger_)).senderAllowlist() : address(0);
    }

    // ---------------------------------------------------------------------------------------------------- sending

    /// @inheritdoc IERC7786GatewaySource
    function sendMessage(bytes calldata recipient, bytes calldata payload, bytes[] calldata attributes)
        external
        payable
        returns (bytes32 sendId)
    {
        _checkSender();
        address account = _accountOf(recipient);
        uint32 gasLimit = _gasLimit(payload.length, _minGasLimitOf(attributes));

        // Nothing comes between this and the message itself that could send another one.
        uint256 nonce = messenger.messageNonce();
        bytes memory message = abi.encodeCall(this.deliver, (nonce, msg.sender, account, payload));
        bytes32 messageHash = _sendCrossDomainMessage(remoteGateway, msg.value, gasLimit, message);

        sendId = IS_ON_L2 ? messageHash : bytes32(0);
        bytes memory sender = InteroperableAddress.formatEvmV1(LOCAL_CHAIN_ID, msg.sender);
        emit MessageSent(sendId, sender, recipient, payload, msg.value, attributes);
    }

    /// @inheritdoc IERC7786GatewaySource
    function supportsAttribute(bytes4 selector) public pure returns (bool) {
        return selector == IGatewayAttributes.minGasLimit.selector;
    }

    /// @dev The messenger asks the allowlist about this gateway, and not about who sends through it.
    function _checkSender() private view {
        if (msg.sender == address(messenger)) revert CrossDomainGateway_SenderRefused(msg.sender);
        if (SENDER_ALLOWLIST != address(0) && !ISenderAllowlist(SENDER_ALLOWLIST).isAllowed(msg.sender)) {
            revert IL2CrossDomainMessenger.L2CrossDomainMessenger_SenderNotAllowed(msg.sender);
        }
    }

    function _accountOf(bytes calldata recipient) private view returns (address account) {
        (,, account) = InteroperableAddress.tryParseEvmV1Calldata(recipient);
        // Equal in all bytes: parsing alone passes leading zeros of the chain id, a missing address, and what stands
        // behind it.
        if (!recipient.equal(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, account))) {
            revert CrossDomainGateway_InvalidRecipient(recipient);
        }
        if (account == address(0) || account == remoteGateway || account == REMOTE_MESSENGER) {
            revert CrossDomainGateway_RecipientRefused(account);
        }
    }

    function _minGasLimitOf(bytes[] calldata attributes) private pure returns (uint256 minGasLimit) {
        if (attributes.length == 0) return DEFAULT_MIN_GAS_LIMIT;
        for (uint256 i = 0; i < attributes.length; ++i) {
            bytes calldata attribute = attributes[i];
            if (attribute.length < 4) revert CrossDomainGateway_MalformedAttribute(attribute);
            bytes4 selector = bytes4(attribute);
            if (!supportsAttribute(selector)) revert UnsupportedAttribute(selector);
            // There is but one.
            if (i != 0) revert CrossDomainGateway_DuplicateAttribute(selector);
            if (attribute.length != 4 + 32) revert CrossDomainGateway_MalformedAttribute(attribute);
            minGasLimit = abi.decode(attribute[4:], (uint256));
            if (minGasLimit > type(uint32).max) revert CrossDomainGateway_MalformedAttribute(attribute);
        }
    }

    /// @dev Gas limit of the messenger's message: `deliver` has the recipient's left when it calls it.
    function _gasLimit(uint256 payloadLength, uint256 minGasLimit) private pure returns (uint32) {
        // A call passes on 63/64 of what there is (EIP-150). A byte of the payload is copied once: 6 a word, and
        // memory, whose quadratic part is below 7 a word at the most there can be.
        uint256 gasLimit = DELIVERY_GAS + payloadLength + minGasLimit + (minGasLimit + 62) / 63;
        // The messenger refuses this much by name.
        return gasLimit > type(uint32).max ? type(uint32).max : uint32(gasLimit);
    }

    // -------------------------------------------------------------------------------------------------- receiving

    /// @inheritdoc ICrossDomainGateway
    function deliver(uint256 nonce, address sender, address recipient, bytes calldata payload)
        external
        payable
        onlyFromCrossDomainAccount(remoteGateway)
    {
        // It would revert all the same, without saying why.
        if (recipient.code.length == 0) revert CrossDomainGateway_RecipientHasNoCode(recipient);

        bytes32 receiveId = keccak256(abi.encode(REMOTE_CHAIN_ID, remoteGateway, nonce));
        bytes memory from = InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, sender);
        bytes4 answer = IERC7786Recipient(recipient).receiveMessage{value: msg.value}(receiveId, from, payload);
        if (answer != IERC7786Recipient.receiveMessage.selector) {
            revert CrossDomainGateway_NotReceived(recipient, answer);
        }
    }
}
