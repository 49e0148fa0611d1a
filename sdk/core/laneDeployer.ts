import { getCreate2Address, getCreateAddress } from 'ethers';

/** Hash of the creation code of the proxy through which a lane deployer deploys: that of OpenZeppelin's Create3. */
const PROXY_CODE_HASH = '0x57a34f6e879358dd76825d6700df87013ad6a3fb43c0d0c602f70a8772c153bd';

/**
 * Address of the contract that a lane deployer deploys with a salt, whatever contract that is.
 * @param laneDeployer address of the lane deployer
 * @param salt 32 bytes, hex
 */
export function deployedAddress(laneDeployer: string, salt: string): string {
  return getCreateAddress({ from: getCreate2Address(laneDeployer, salt, PROXY_CODE_HASH), nonce: 1 });
}
