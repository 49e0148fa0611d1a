/** Longest text of others that is passed on whole. */
const LONGEST = 500;

/**
 * Text that others chose - a contract, a node - made fit for a terminal, a log and one line: control and formatting
 * characters are escaped, and what is too long is cut.
 */
export function printable(text: string): string {
  const short = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
  return short.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
