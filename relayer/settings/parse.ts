import type { z } from 'zod';

import { showEndpoint } from '../../sdk/core/endpoint.ts';
import { XdmError } from '../../sdk/core/errors.ts';

/** Where settings come from: what comes first wins. */
export interface ConfigSources {
  readonly flags: Readonly<Record<string, unknown>>;
  /** Variables such as `XDM_POLL_INTERVAL`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file's content, parsed. */
  readonly file: unknown;
}

/** The variable of a setting: Foundry's name where there is one. */
export function variableOf(key: string): string {
  if (key === 'l1RpcUrl' || key === 'l2RpcUrl' || key === 'privateKey') return snakeCase(key);
  return `XDM_${snakeCase(key)}`;
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/gu, (letter) => `_${letter}`).toUpperCase();
}

/**
 * The settings that flags, environment and file give together.
 * @throws {XdmError} `invalid-config`, with the offending key, its value unless it is a secret, and where it stands
 */
export function parseSettings<T extends z.ZodObject>(
  schema: T,
  { flags, environment, file }: ConfigSources,
): z.output<T> {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new XdmError('invalid-config', 'the configuration file holds no JSON object', { hint: 'write it as {...}' });
  }
  const keys = Object.keys(schema.shape);
  const fromEnvironment = Object.fromEntries(
    keys.map((key) => [key, environment[variableOf(key)]]).filter(([, value]) => value !== undefined),
  ) as Record<string, unknown>;
  const merged: Record<string, unknown> = { ...file, ...fromEnvironment, ...defined(flags) };
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue?.path[0] ?? '');
  throw new XdmError('invalid-config', describe(key, merged[key], issue), {
    hint: `the settings are ${keys.join(', ')}`,
  });
}

function describe(key: string, value: unknown, issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return `there is no setting "${key}"`;
  const shown = /key/iu.test(key) ? '(a secret)' : JSON.stringify(/url/iu.test(key) ? showEndpoints(value) : value);
  return `setting "${key}" has value ${shown}: ${issue?.message ?? 'invalid'}`;
}

function showEndpoints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(showEndpoints);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, showEndpoints(each)]));
  }
  return typeof value === 'string' ? value.split(',').map(showEndpoint).join(',') : value;
}

function defined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
