// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Cross-domain gateway
/// @notice One of a pair of ERC-7786 gateways over a lane, one on each chain. A contract calls `sendMessage` of
/// `IERC7786GatewaySource` on its own chain's gateway; the other chain's gateway calls `receiveMessage` of the
/// recipient, an `IERC7786Recipient`, with the sender as an interoperable address (ERC-7930) of the sender's chain.
///
/// The recipient's obligations are the ERC's: it must take calls from no other gateway, and check the sender. Then it
/// may rely on all that the lane promises: each message is received successfully at most once, in any order, with the
/// value that was sent along and no less gas than it was promised. A receipt that fails can be tried again by anyone,
/// for ever: the message is one of the messenger's.
///
/// What `sendMessage` returns is zero on L1, as nobody has to do anything: L2 executes the queue. On L2 it is the
/// message hash, because somebody must relay the message on L1; the messenger and the SDK know the message by it.
///
/// Refused with the messenger's errors: value on a lane without value (`CrossDomainMessenger_ValueDisabled`), a payload
/// above 99,808 bytes, which is what the messenger leaves room for (`CrossDomainMessenger_DataTooLarge`), more gas than
/// a transaction can carry (`CrossDomainMessenger_GasLimitTooHigh`), and on L2, where the lane has an allowlist, all
/// unless the gateway is on it, and then every sender who is not (`L2CrossDomainMessenger_SenderNotAllowed`).
interface ICrossDomainGateway {
    /// @notice Thrown at deployment when the chain is none of the messenger's lane, or the other gateway's address is
    /// zero.
    /// @param messenger The messenger.
    /// @param remoteGateway The other gateway's address.
    error CrossDomainGateway_Miswired(address messenger, address remoteGateway);

    /// @notice Thrown when a recipient is not the canonical interoperable address, version 1, of an account on the
    /// other chain. Another encoding of the same account, or bytes behind it, are refused, too.
    /// @param recipient What was given.
    error CrossDomainGateway_InvalidRecipient(bytes recipient);

    /// @notice Thrown when the recipient is the zero address, or the other chain's gateway or messenger: these receive
    /// nothing, and value sent to them would be stuck.
    /// @param recipient The account.
    error CrossDomainGateway_RecipientRefused(address recipient);

    /// @notice Thrown when the messenger is the sender: everybody can have it call everybody, so it would be anybody's
    /// name.
    /// @param sender The messenger.
    error CrossDomainGateway_SenderRefused(address sender);

    /// @notice Thrown when an attribute is shorter than a selector, or is not the ABI encoding of what its selector
    /// takes.
    /// @param attribute What was given.
    error CrossDomainGateway_MalformedAttribute(bytes attribute);

    /// @notice Thrown when an attribute is given twice.
    /// @param selector Its selector.
    error CrossDomainGateway_DuplicateAttribute(bytes4 selector);

    /// @notice The reason of a failed delivery: the recipient has no code, so it cannot have received anything.
    /// @param recipient The account.
    error CrossDomainGateway_RecipientHasNoCode(address recipient);

    /// @notice The reason of a failed delivery: the recipient did not answer with the selector of `receiveMessage`.
    /// @param recipient The account.
    /// @param answer The first four bytes of its answer.
    error CrossDomainGateway_NotReceived(address recipient, bytes4 answer);

    /// @notice Hands a message to its recipient. Only for the messenger, while it delivers what the other gateway sent;
    /// reverts with `CrossDomainEnabled_NotMessenger` or `CrossDomainEnabled_NotCounterpart` otherwise.
    /// @param nonce The messenger's nonce of the message. It makes `receiveId`, which is
    /// `keccak256(abi.encode(sourceChainId, sourceGateway, nonce))`, unique: no two messages of a messenger have the
    /// same.
    /// @param sender Account that called the other gateway.
    /// @param recipient Account to call.
    /// @param payload What it receives.
    function deliver(uint256 nonce, address sender, address recipient, bytes calldata payload) external payable;

    /// @notice The gateway at the other end of the lane.
    /// @return Address on the other chain.
    function remoteGateway() external view returns (address);

    /// @notice Gas that a recipient is promised where the message has no attribute that says otherwise.
    /// @return Gas.
    function DEFAULT_MIN_GAS_LIMIT() external view returns (uint32);
}
