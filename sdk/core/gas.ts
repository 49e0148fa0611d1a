/** Most gas a transaction can have (EIP-7825). The contracts let no message be sent whose delivery takes more. */
export const MAX_TRANSACTION_GAS = 16_777_216n;

/** Above a node's estimate, in percent: storage that was warm when it was made can be cold. */
const MARGIN = 10n;

/** Gas limit for a transaction that is estimated to take so much. One above the cap is never mined. */
export function withMargin(estimate: bigint): bigint {
  const gas = estimate + (estimate * MARGIN) / 100n;
  return gas > MAX_TRANSACTION_GAS && estimate <= MAX_TRANSACTION_GAS ? MAX_TRANSACTION_GAS : gas;
}

/**
 * Gas limit that an account can pay for, of one transaction or of several together: nodes want all of it covered before they
 * take it.
 * @param balance wei
 * @param maxFeePerGas wei for a unit of gas
 */
export function affordableGas(balance: bigint, maxFeePerGas: bigint): bigint {
  // Where gas is free, there is enough for any number of transactions.
  return maxFeePerGas === 0n ? MAX_TRANSACTION_GAS ** 2n : balance / maxFeePerGas;
}

/** Most gas of one transaction, where so much can be paid for. */
export function mostGas(affordable: bigint): bigint {
  return affordable < MAX_TRANSACTION_GAS ? affordable : MAX_TRANSACTION_GAS;
}
