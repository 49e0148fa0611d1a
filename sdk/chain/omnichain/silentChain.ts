import { XdmError } from '../../core/errors.ts';
import { toXdmError } from '../rpcErrors.ts';

/** Milliseconds between two looks at a chain that was silent. */
const INTERVAL_MS = 1000;

/** The one question that does no harm: of which chain an endpoint is. */
const IDENTITY = 'eth_chainId';

/**
 * Keeps anything from being asked of a chain, or sent to it, that did not answer when it was to be checked, until that was done: it can
 * be another chain, or have other contracts.
 */
export class SilentChain {
  readonly #check: () => Promise<void>;
  #isChecked = false;
  #isChecking = false;
  #checkedAt = performance.now();
  /** What kept it from being checked. */
  #failure: XdmError;

  /** @param check makes sure that it is what it should be; throws where it is not, or does not answer */
  constructor(failure: XdmError, check: () => Promise<void>) {
    this.#failure = failure;
    this.#check = check;
  }

  /**
   * Called before a request leaves: whoever asks has the chain checked.
   * @throws {XdmError} what keeps it from being checked, or is wrong with it
   */
  guard(method: string): void {
    if (this.#isChecked || method === IDENTITY) return;
    if (!this.#isChecking && performance.now() - this.#checkedAt >= INTERVAL_MS) void this.#look();
    const { code, message, hint } = this.#failure;
    throw new XdmError(code, message, { cause: this.#failure, ...(hint !== undefined && { hint }) });
  }

  async #look(): Promise<void> {
    this.#isChecking = true;
    try {
      await this.#check();
      this.#isChecked = true;
    } catch (error) {
      this.#failure = toXdmError(error);
    }
    this.#checkedAt = performance.now();
    this.#isChecking = false;
  }
}

/** Whether nobody has answered, which tells nothing of the chain. */
export function isSilence({ code }: XdmError): boolean {
  return code === 'rpc-unreachable' || code === 'rpc-rate-limited';
}
