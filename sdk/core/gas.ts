/** Most gas a transaction can have (EIP-7825). The contracts let no message be sent whose delivery takes more. */
export const MAX_TRANSACTION_GAS = 16_777_216n;

/** Above a node's estimate, in percent: storage that was warm when it was made can be cold. */
const MARGIN = 10n;

/** Gas limit for a transaction that is estimated to take so much. One above the cap is never mined. */
export function withMargin(estimate: bigint): bigint {
  const gas = estimate + (estimate * MARGIN) / 100n;
  return gas > MAX_TRANSACTION_GAS && estimate <= MAX_TRANSACTION_GAS ? MAX_TRANSACTION_GAS : gas;
}
