// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {CrossDomainMessenger} from "../CrossDomainMessenger.sol";
import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {ICanonicalTransactionChain} from "../interfaces/ICanonicalTransactionChain.sol";
import {IChainStorageContainer} from "../interfaces/IChainStorageContainer.sol";
import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "../interfaces/IL1CrossDomainMessenger.sol";
import {IStateCommitmentChain} from "../interfaces/IStateCommitmentChain.sol";
import {MessageGas} from "../libraries/MessageGas.sol";
import {StateCommitment} from "../libraries/StateCommitment.sol";
import {StorageProof} from "../libraries/StorageProof.sol";
import {Lane} from "../types/Lane.sol";
import {Message} from "../types/Message.sol";
import {MessageProof} from "../types/MessageProof.sol";
import {StateBatch} from "../types/StateBatch.sol";

/// @title L1 cross-domain messenger
/// @dev See {IL1CrossDomainMessenger}. Holds the lane's ETH, and neither a role nor an allowance anywhere: it calls any
/// target with any data.
contract L1CrossDomainMessenger is IL1CrossDomainMessenger, CrossDomainMessenger, PermanentlyOwned, Pausable {
    /// @dev Storage slot of `sentMessages` in the passer.
    bytes32 private constant SENT_MESSAGES_SLOT = 0;

    /// @dev The state-commitment chain's, which cannot change either.
    uint256 private immutable FRAUD_PROOF_WINDOW;

    /// @inheritdoc IL1CrossDomainMessenger
    address public guardian;

    mapping(bytes32 messageHash => bool sent) private _sentMessages;

    /// @param lane The lane; its L1 messenger must be this contract's address.
    /// @param initialOwner May name the guardian and end a pause.
    /// @param initialGuardian May pause.
    /// @dev ETH sent along covers what L2 holds from its genesis.
    constructor(Lane memory lane, address initialOwner, address initialGuardian)
        payable
        CrossDomainMessenger(lane)
        PermanentlyOwned(initialOwner)
    {
        if (lane.l1Messenger != address(this) || lane.l1ChainId != block.chainid || !_isWired(lane)) {
            revert CrossDomainMessenger_WrongLane(address(this), block.chainid);
        }
        FRAUD_PROOF_WINDOW = IStateCommitmentChain(lane.stateCommitmentChain).FRAUD_PROOF_WINDOW();
        _setGuardian(initialGuardian);
    }

    // -------------------------------------------------------------------------------------------------- delivering

    /// @inheritdoc IL1CrossDomainMessenger
    function relayMessage(Message calldata message, MessageProof calldata proof)
        external
        whenNotPaused
        returns (bool success)
    {
        Message memory copy = message;
        bytes32 messageHash = copy.hash();

        _verifyPassed(messageHash, proof);

        return _deliver(messageHash, copy, _recordOf(messageHash));
    }

    /// @dev Reverts unless the passer recorded the message under a state root that can be trusted.
    function _verifyPassed(bytes32 messageHash, MessageProof calldata proof) private view {
        bytes32 slot = Hashes.efficientKeccak256(messageKey(messageHash), SENT_MESSAGES_SLOT);
        (bytes32 stateRoot, uint256 value) = StorageProof.read(proof.nodes, MESSAGE_PASSER, slot);
        if (value != 1) revert L1CrossDomainMessenger_MessageNotPassed(messageHash, value);

        StateBatch memory batch = StateCommitment.batchOf(stateRoot, proof.stateRootProof);
        StateCommitment.verifyFinalized(batch, IChainStorageContainer(BATCHES), FRAUD_PROOF_WINDOW);
    }

    // ---------------------------------------------------------------------------------------------------- sending

    /// @inheritdoc IL1CrossDomainMessenger
    function replayMessage(Message calldata message, uint64 gasLimit) external {
        bytes memory encoded = message.encode();
        bytes32 messageHash = keccak256(encoded);
        if (!_sentMessages[messageHash]) revert L1CrossDomainMessenger_MessageNotSent(messageHash);
        uint256 minimum = MessageGas.deliveryGas(message.data.length, message.gasLimit);
        if (gasLimit < minimum) revert L1CrossDomainMessenger_ReplayGasTooLow(gasLimit, minimum);

        _enqueue(0, message.value, gasLimit, encoded);
    }

    /// @inheritdoc ICrossDomainMessenger
    function sentMessages(bytes32 messageHash) external view returns (bool) {
        return _sentMessages[messageHash];
    }

    function _dispatch(bytes32 messageHash, bytes memory encoded, uint256 deliveryGas) internal override {
        _sentMessages[messageHash] = true;

        _enqueue(msg.value, msg.value, uint64(deliveryGas), encoded);
    }

    function _enqueue(uint256 mint, uint256 value, uint64 gasLimit, bytes memory encoded) private {
        ICanonicalTransactionChain(CANONICAL_TRANSACTION_CHAIN).enqueueMessage(mint, value, gasLimit, encoded);
    }

    /// @dev The queue's length: a message's counter is its index in the queue.
    function _messageCounter() internal view override returns (uint256) {
        return ICanonicalTransactionChain(CANONICAL_TRANSACTION_CHAIN).getQueueLength();
    }

    function _maxDeliveryGas() internal pure override returns (uint256) {
        return MessageGas.MAX_TRANSACTION;
    }

    // ------------------------------------------------------------------------------------------------------- roles

    /// @inheritdoc IL1CrossDomainMessenger
    function pause() external {
        if (msg.sender != guardian) revert L1CrossDomainMessenger_NotGuardian(msg.sender);
        _pause();
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function unpause() external onlyOwner {
        _unpause();
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function setGuardian(address newGuardian) external onlyOwner {
        _setGuardian(newGuardian);
    }

    function _setGuardian(address newGuardian) private {
        if (newGuardian == address(0)) revert L1CrossDomainMessenger_ZeroGuardian();
        emit GuardianChanged(guardian, newGuardian);
        guardian = newGuardian;
    }

    // ------------------------------------------------------------------------------------------------------ wiring

    /// @inheritdoc ICrossDomainMessenger
    function otherMessenger() external view returns (address) {
        return L2_MESSENGER;
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function canonicalTransactionChain() external view returns (address) {
        return CANONICAL_TRANSACTION_CHAIN;
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function stateCommitmentChain() external view returns (address) {
        return STATE_COMMITMENT_CHAIN;
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function messagePasser() external view returns (address) {
        return MESSAGE_PASSER;
    }

    /// @dev Whether the other contracts on L1 know each other and this one as the lane says.
    function _isWired(Lane memory lane) private view returns (bool) {
        ICanonicalTransactionChain queue = ICanonicalTransactionChain(lane.canonicalTransactionChain);
        return queue.l1Messenger() == address(this) && queue.l2Messenger() == lane.l2Messenger
            && IStateCommitmentChain(lane.stateCommitmentChain).batches() == lane.batches
            && IChainStorageContainer(lane.batches).owner() == lane.stateCommitmentChain;
    }

    function _isRefusedHere(address target) internal view override returns (bool) {
        return _isRefusedOnL1(target);
    }

    function _isRefusedThere(address target) internal view override returns (bool) {
        return _isRefusedOnL2(target);
    }
}
