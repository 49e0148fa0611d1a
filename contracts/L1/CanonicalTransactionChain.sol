// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICanonicalTransactionChain} from "../interfaces/ICanonicalTransactionChain.sol";
import {AddressAlias} from "../libraries/AddressAlias.sol";
import {MessageGas} from "../libraries/MessageGas.sol";

/// @title Canonical transaction chain
/// @dev See {ICanonicalTransactionChain}.
contract CanonicalTransactionChain is ICanonicalTransactionChain {
    /// @dev L2 gas of an element that nothing is burned for.
    uint256 private constant FREE_GAS = 1_000_000;

    /// @dev L2 gas above it that one L1 gas is burned for.
    uint256 private constant L2_GAS_DISCOUNT_DIVISOR = 32;

    /// @dev Version of the packing of `opaqueData`.
    uint256 private constant DEPOSIT_VERSION = 0;

    /// @inheritdoc ICanonicalTransactionChain
    uint256 public constant MAX_ROLLUP_TX_SIZE = 120_000;

    /// @inheritdoc ICanonicalTransactionChain
    uint256 public constant MAX_ROLLUP_TX_GAS = MessageGas.MAX_TRANSACTION;

    /// @inheritdoc ICanonicalTransactionChain
    address public immutable l1Messenger;

    /// @inheritdoc ICanonicalTransactionChain
    address public immutable l2Messenger;

    /// @inheritdoc ICanonicalTransactionChain
    uint256 public immutable maxBlockGas;

    /// @inheritdoc ICanonicalTransactionChain
    bytes32 public rollingHash;

    /// @dev These share a slot.
    uint64 private _length;
    uint64 private _blockNumber;
    uint64 private _blockGas;

    constructor(address l1Messenger_, address l2Messenger_, uint256 maxBlockGas_) {
        if (maxBlockGas_ < MAX_ROLLUP_TX_GAS || maxBlockGas_ > type(uint64).max) {
            revert CanonicalTransactionChain_BlockGasOutOfBounds(maxBlockGas_, MAX_ROLLUP_TX_GAS, type(uint64).max);
        }
        l1Messenger = l1Messenger_;
        l2Messenger = l2Messenger_;
        maxBlockGas = maxBlockGas_;
    }

    /// @inheritdoc ICanonicalTransactionChain
    function enqueue(address target, uint64 gasLimit, bytes calldata data) external returns (uint256 index) {
        _checkLimits(gasLimit, data.length);

        address from = AddressAlias.isCallerAccount() ? msg.sender : AddressAlias.applyL1ToL2Alias(msg.sender);
        index = _append(from, target, gasLimit, abi.encodePacked(uint256(0), uint256(0), gasLimit, false, data));

        _burnGas(burnedGas(gasLimit));
    }

    /// @inheritdoc ICanonicalTransactionChain
    function enqueueMessage(uint256 mint, uint256 value, uint64 gasLimit, bytes calldata data)
        external
        returns (uint256 index)
    {
        if (msg.sender != l1Messenger) revert CanonicalTransactionChain_NotMessenger(msg.sender);
        _checkLimits(gasLimit, data.length);

        address from = AddressAlias.applyL1ToL2Alias(msg.sender);
        index = _append(from, l2Messenger, gasLimit, abi.encodePacked(mint, value, gasLimit, false, data));

        _burnGas(burnedGas(gasLimit));
    }

    /// @inheritdoc ICanonicalTransactionChain
    function getQueueLength() external view returns (uint256) {
        return _length;
    }

    /// @inheritdoc ICanonicalTransactionChain
    function minimumGasLimit(uint256 dataLength) public pure returns (uint256) {
        return MessageGas.TRANSACTION + dataLength * MessageGas.CALLDATA_FLOOR_BYTE;
    }

    /// @inheritdoc ICanonicalTransactionChain
    function burnedGas(uint256 gasLimit) public pure returns (uint256) {
        return gasLimit > FREE_GAS ? (gasLimit - FREE_GAS) / L2_GAS_DISCOUNT_DIVISOR : 0;
    }

    function _checkLimits(uint256 gasLimit, uint256 dataLength) private pure {
        if (dataLength > MAX_ROLLUP_TX_SIZE) {
            revert CanonicalTransactionChain_DataTooLarge(dataLength, MAX_ROLLUP_TX_SIZE);
        }
        if (gasLimit < minimumGasLimit(dataLength)) {
            revert CanonicalTransactionChain_GasLimitTooLow(gasLimit, minimumGasLimit(dataLength));
        }
        if (gasLimit > MAX_ROLLUP_TX_GAS) {
            revert CanonicalTransactionChain_GasLimitTooHigh(gasLimit, MAX_ROLLUP_TX_GAS);
        }
    }

    function _append(address from, address to, uint64 gasLimit, bytes memory opaqueData)
        private
        returns (uint256 index)
    {
        uint256 blockGas = _blockNumber == block.number ? _blockGas : 0;
        if (gasLimit > maxBlockGas - blockGas) {
            revert CanonicalTransactionChain_BlockGasExhausted(gasLimit, maxBlockGas - blockGas);
        }

        uint64 length = _length;
        index = length;
        // Checked: were it to start over, indices would be given twice, and the messenger's nonces with them.
        _length = length + 1;
        _blockNumber = uint64(block.number);
        _blockGas = uint64(blockGas + gasLimit);
        bytes32 newRollingHash = keccak256(abi.encode(rollingHash, from, to, keccak256(opaqueData)));
        rollingHash = newRollingHash;

        emit TransactionDeposited(from, to, DEPOSIT_VERSION, opaqueData);
        emit QueueElement(index, newRollingHash);
    }

    /// @dev Spends gas by counting it down.
    function _burnGas(uint256 amount) private view {
        uint256 before = gasleft();
        while (before - gasleft() < amount) {}
    }
}
