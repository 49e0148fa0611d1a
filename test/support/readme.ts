import { readFileSync } from 'node:fs';

/** The README's blocks of code in a language. */
export function readmeBlocks(language: string): string[] {
  return codeBlocks('README.md', language);
}

/** A document's blocks of code in a language. */
export function codeBlocks(document: string, language: string): string[] {
  return [...readFileSync(document, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gmsu)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text!);
}
