import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import type { Compiled } from './compiled.ts';

/** The compiler's answer, as far as it is read. */
interface Answer {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<string, Readonly<Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>>>
  >;
}

/** Compiles contracts as forge has, in a thread of its own. */
export class Compiler {
  readonly #thread = new Worker(new URL('compile-thread.ts', import.meta.url));

  /**
   * The creation codes of contracts, as hex, where `source` reads `text`.
   * @throws {Error} when they do not compile
   */
  async compile(contracts: readonly Compiled[], source: string, text: string): Promise<Map<Compiled, string>> {
    const codes = new Map<Compiled, string>();
    const groups = Map.groupBy(contracts, ({ settings }) => JSON.stringify(settings));
    for (const group of groups.values()) {
      const answer = await this.#answer(group, source, text);
      for (const contract of group) {
        const code = answer.contracts?.[contract.file]?.[contract.name]?.evm.bytecode.object;
        if (code === undefined) throw new Error(`the compiler gives no code for ${contract.name}`);
        codes.set(contract, `0x${code}`);
      }
    }
    return codes;
  }

  async #answer(group: readonly Compiled[], source: string, text: string): Promise<Answer> {
    const files = new Set(group.flatMap(({ sources }) => sources));
    const contents = [...files].map((path) => [path, { content: path === source ? text : readFileSync(path, 'utf8') }]);
    const outputSelection: Record<string, Record<string, string[]>> = {};
    for (const { file, name } of group) (outputSelection[file] ??= {})[name] = ['evm.bytecode.object'];
    const settings = { ...group[0]?.settings, outputSelection };
    const input = { language: 'Solidity', sources: Object.fromEntries(contents) as unknown, settings };
    this.#thread.postMessage(JSON.stringify(input));
    const [{ version, output }] = (await once(this.#thread, 'message')) as [{ version: string; output: string }];

    const forges = group[0]?.compiler ?? '';
    if (!version.startsWith(forges)) throw new Error(`forge compiled with solc ${forges}, and npm's is ${version}`);
    const answer = JSON.parse(output) as Answer;
    const error = answer.errors?.find(({ severity }) => severity === 'error');
    if (error !== undefined) throw new Error(`it does not compile: ${error.formattedMessage.trimEnd()}`);
    return answer;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}
