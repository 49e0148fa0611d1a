// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Canonical transaction chain
/// @notice The queue of L1-to-L2 transactions. Every element is executed on L2, in order, once.
///
/// One kind of element may turn out not to be executable: a replayed message mints nothing, and where its value has
/// arrived already, its sender lacks the funds. An executor counts it as executed (an OP-stack node includes it as
/// failed) and goes on: it must not halt, or anyone could stop the queue with a replay.
/// @dev Each element's content is in its `TransactionDeposited` event, in the packing an OP-stack node derives deposits
/// from; storage holds the length and a rolling hash.
interface ICanonicalTransactionChain {
    /// @notice A transaction was enqueued.
    /// @param from Sender on L2; the alias if the sender on L1 is a contract.
    /// @param to Account called on L2.
    /// @param version Of the packing: 0.
    /// @param opaqueData `abi.encodePacked(uint256 mint, uint256 value, uint64 gasLimit, bool isCreation, bytes data)`.
    event TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes opaqueData);

    /// @notice Follows each `TransactionDeposited`.
    /// @param index Position in the queue, from 0, without gaps.
    /// @param rollingHash Of the queue up to this element: `keccak256(abi.encode(previous rolling hash, from, to,
    /// keccak256(opaqueData)))`, from zero.
    event QueueElement(uint256 indexed index, bytes32 rollingHash);

    /// @notice Thrown when anyone but the L1 messenger enqueues a message.
    /// @param caller Account that called.
    error CanonicalTransactionChain_NotMessenger(address caller);

    /// @notice Thrown when an element's gas limit does not pay for its own data.
    /// @param gasLimit The element's, gas on L2.
    /// @param minimum `minimumGasLimit` of its data.
    error CanonicalTransactionChain_GasLimitTooLow(uint256 gasLimit, uint256 minimum);

    /// @notice Thrown when an element's gas limit is above what a transaction can have.
    /// @param gasLimit The element's, gas on L2.
    /// @param maximum `MAX_ROLLUP_TX_GAS`.
    error CanonicalTransactionChain_GasLimitTooHigh(uint256 gasLimit, uint256 maximum);

    /// @notice Thrown when an element has too much data. Lengths in bytes.
    /// @param length The element's.
    /// @param maximum `MAX_ROLLUP_TX_SIZE`.
    error CanonicalTransactionChain_DataTooLarge(uint256 length, uint256 maximum);

    /// @notice Thrown when this L1 block's elements would have more gas on L2 than is allowed: try again in the next
    /// block.
    /// @param gasLimit The element's, gas on L2.
    /// @param gasLeft What this L1 block's elements have left of `maxBlockGas`.
    error CanonicalTransactionChain_BlockGasExhausted(uint256 gasLimit, uint256 gasLeft);

    /// @notice Thrown at deployment when a block's allowance does not hold the largest element, or is no uint64.
    /// @param maxBlockGas The allowance given, gas on L2.
    /// @param minimum `MAX_ROLLUP_TX_GAS`.
    /// @param maximum Largest uint64.
    error CanonicalTransactionChain_BlockGasOutOfBounds(uint256 maxBlockGas, uint256 minimum, uint256 maximum);

    /// @notice Enqueues a call on L2, without value. Open to everyone. The sender is aliased if it is a contract; an
    /// account with an EIP-7702 delegation is none.
    ///
    /// L2 gas above 1,000,000 is paid for by burning L1 gas, see `burnedGas`.
    /// @param target Account to call on L2. No contract can be created.
    /// @param gasLimit Gas of the transaction on L2, `minimumGasLimit(data.length)` to 16,777,216.
    /// @param data Calldata of the call, at most `MAX_ROLLUP_TX_SIZE` bytes.
    /// @return index Position in the queue.
    function enqueue(address target, uint64 gasLimit, bytes calldata data) external returns (uint256 index);

    /// @notice Enqueues a call of the L2 messenger. Only the L1 messenger, which has locked what is minted.
    /// @param mint Wei the L2 creates for the aliased messenger before the call.
    /// @param value Wei that go with the call.
    /// @param gasLimit Gas of the transaction on L2.
    /// @param data Calldata of the call.
    /// @return index Position in the queue.
    function enqueueMessage(uint256 mint, uint256 value, uint64 gasLimit, bytes calldata data)
        external
        returns (uint256 index);

    /// @notice Number of elements enqueued so far; also the counter of the L1 messenger's next nonce.
    /// @return Number of elements; the index of the next one.
    function getQueueLength() external view returns (uint256);

    /// @notice Commits to all elements enqueued so far, see `QueueElement`.
    /// @return The rolling hash; zero while the queue is empty.
    function rollingHash() external view returns (bytes32);

    /// @notice Least gas limit of an element with so many bytes of data: the floor price of its transaction,
    /// 21,000 + 40 a byte (EIP-7623).
    /// @param dataLength Bytes of data.
    /// @return Gas on L2.
    function minimumGasLimit(uint256 dataLength) external pure returns (uint256);

    /// @notice L1 gas burned for an element: (L2 gas limit - 1,000,000) / 32, none up to 1,000,000. Makes filling L2
    /// from L1 cost L1 gas; the same divisor as OVM 1.0's.
    ///
    /// The free allowance is per element: who splits a block's `maxBlockGas` into elements of 1,000,000 fills it for
    /// the L1 gas of one call each, 17 at the least. Other senders then try again in the next block.
    /// @param gasLimit Of the element, gas on L2.
    /// @return Gas on L1, burned beside what the call itself takes.
    function burnedGas(uint256 gasLimit) external pure returns (uint256);

    /// @notice The only caller of `enqueueMessage`, on L1.
    /// @return Address on L1.
    function l1Messenger() external view returns (address);

    /// @notice The target of all messages, on L2.
    /// @return Address on L2.
    function l2Messenger() external view returns (address);

    /// @notice Most L2 gas of all elements of one L1 block; must be below L2's block gas limit.
    /// @return Gas on L2, at least `MAX_ROLLUP_TX_GAS`.
    function maxBlockGas() external view returns (uint256);

    /// @notice Most bytes of data in an element.
    /// @return Bytes.
    function MAX_ROLLUP_TX_SIZE() external view returns (uint256);

    /// @notice Most gas of an element: what a transaction can have (EIP-7825).
    /// @return Gas on L2.
    function MAX_ROLLUP_TX_GAS() external view returns (uint256);
}
