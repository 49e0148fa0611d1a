/**
 * forge-std has so many words and comments that go out of use that the compiler stops reporting: warnings of other files
 * would be lost. Here it says the same in the words to come.
 * @param {Record<string, { content: string }>} sources
 */
export function modernizeForgeStd(sources) {
  for (const [file, source] of Object.entries(sources)) {
    if (!file.includes('/forge-std/')) continue;
    source.content = source.content
      .replaceAll('string calldata error', 'string calldata fault')
      .replaceAll(/\/\/\/ @solidity memory-safe-assembly(\s+)assembly \{/gu, '$1assembly ("memory-safe") {');
  }
}
