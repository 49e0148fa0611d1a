/** Wei of an amount that settings have in gwei. */
export function gweiToWei(gwei: number): bigint {
  return BigInt(Math.round(gwei * 1e9));
}

/** Wei of an amount that settings have in ether. */
export function etherToWei(ether: number): bigint {
  return gweiToWei(ether * 1e9);
}
