/** `1 message`, `2 messages`. */
export function counted(number: number | bigint, what: string): string {
  return `${number} ${what}${Number(number) === 1 ? '' : 's'}`;
}
