import type { XdmError } from '../sdk/core/errors.ts';
import { formatFields, formatJson, formatTable, type Texts, type Value, type Values } from './format.ts';

/** Where text goes: a process's stdout or stderr, as far as it is used here. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** One result, and what readers see instead of some of its values. */
export interface Result {
  readonly values: Values;
  readonly texts?: Texts;
  /** Names of fields that are shown apart, and are to stand in line with these. */
  readonly others?: readonly string[];
}

/** A result that readers see otherwise. */
export type TextResult = Result & Required<Pick<Result, 'texts'>>;

/** What a command says. Results go to stdout; all else, which is for whoever watches, to stderr. */
export interface Output {
  /** Whether stdout gets exactly one JSON document. */
  readonly json: boolean;
  /** One result or several: their fields as lines; as JSON, one is an object and several are an array. */
  readonly results: (results: readonly Result[]) => void;
  /** Any number of results of which some fields are shown, a line each; as JSON, an array of them whole. */
  readonly table: (results: readonly Result[], columns: readonly string[]) => void;
  /** A result that is JSON for readers, too. */
  readonly data: (values: Value) => void;
  /** Text for readers alone. */
  readonly text: (text: string) => void;
  /** A line for whoever watches. */
  readonly log: (line: string) => void;
  /** Shows how far something is: on a terminal in one line that changes, elsewhere in a line for each new topic. */
  readonly progress: (topic: string, detail?: string) => void;
  /** An error, in one line or as a JSON document, with what was achieved before it. */
  readonly error: (error: XdmError, before?: Values) => void;
}

const CLEAR_LINE = '\r\u001B[2K';

export function createOutput(stdout: TextStream, stderr: TextStream, json: boolean): Output {
  let lastTopic: string | undefined;
  let isLineOpen = false;

  const log = (line: string): void => {
    stderr.write(`${isLineOpen ? CLEAR_LINE : ''}${line}\n`);
    isLineOpen = false;
  };
  const write = (text: string): void => {
    if (isLineOpen) stderr.write(CLEAR_LINE);
    isLineOpen = false;
    stdout.write(`${text}\n`);
  };
  return {
    json,
    log,
    results(results) {
      const values = results.map((result) => result.values);
      if (json) write(formatJson(values.length === 1 ? values[0] : values));
      else write(results.map((result) => formatFields(result.values, result.texts, result.others)).join('\n\n'));
    },
    table(results, columns) {
      if (json) write(formatJson(results.map(({ values }) => values)));
      else if (results.length > 0) write(formatTable(results.map((result) => pick(result, columns))));
    },
    data(values) {
      write(formatJson(values));
    },
    text: write,
    progress(topic, detail = '') {
      if (stderr.isTTY === true) {
        if (isLineOpen && topic !== lastTopic) stderr.write('\n');
        stderr.write(`${CLEAR_LINE}${topic}${detail}`);
        isLineOpen = true;
      } else if (topic !== lastTopic) {
        log(`${topic}${detail}`);
      }
      lastTopic = topic;
    },
    error(error, before = {}) {
      if (json) write(formatJson({ ...before, error: describe(error) }));
      else log(`error: ${sentenceOf(error)}`);
    },
  };
}

function pick({ values, texts }: Result, columns: readonly string[]): Values {
  return Object.fromEntries(columns.map((column) => [column, texts?.[column] ?? values[column]]));
}

function describe({ code, message, hint, readyAt }: XdmError): Values {
  return { code, message, hint, ...(readyAt !== undefined && { readyAt: Number(readyAt) }) };
}

/** What was wrong and what to do next, in one line. */
export function sentenceOf({ message, hint }: XdmError): string {
  return [message, hint]
    .filter((part) => part !== undefined)
    .join('; ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
