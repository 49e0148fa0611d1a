import { z } from 'zod';

import { answersOf, type Address, type LaneShape } from './answers.ts';
import { hash, messageParameters, PARAMETERS } from './parameters.ts';

type JsonObject = Record<string, unknown>;

/** Names of what addresses take. */
type ParametersName = keyof typeof PARAMETERS | 'messages';

/** What each address is for, and its parameters. */
const ADDRESSES: Readonly<Record<Address, readonly [string, ParametersName]>> = {
  '/v1/lanes': ['The lane, how far its chains are read, its messages counted by where they stand', 'none'],
  '/v1/messages': ['Messages, the newest first', 'messages'],
  '/v1/messages/{hash}': ['All that is known of a message; two if both directions have the hash', 'none'],
  '/v1/batches': ['State batches that stand, the newest first', 'batches'],
  '/v1/transactions': ["The node's own transactions, the newest first, with all attempts", 'transactions'],
  '/v1/alarms': ['Alarms that last', 'none'],
};

const REF = '#/components/schemas/';

/** The API as OpenAPI 3.1, made of what parses parameters and of what answers are held against. */
export function buildOpenApi(lane: LaneShape): JsonObject {
  const { components, answers } = answersOf(lane);
  const shapes = { ...PARAMETERS, messages: messageParameters(lane.chains) };
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id });
  for (const [path, schema] of Object.entries(answers)) registry.add(schema, { id: answerName(path) });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `${REF}${id}`, override: allowMore });
  const paths = Object.entries(ADDRESSES).map(([path, [summary, parameters]]) => {
    const content = { 'application/json': { schema: { $ref: `${REF}${answerName(path)}` } } };
    return [path, { get: operation(path, { summary, parameters: shapes[parameters], content }) }] as const;
  });
  const events = operation('/v1/events', {
    summary: 'What happens to messages from now on, or after an event, and alarms: server-sent events',
    parameters: shapes.events,
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'xdm node',
      version: '1',
      description: 'Read-only. Amounts and gas are decimal strings, times ISO 8601.',
    },
    paths: { ...Object.fromEntries(paths), '/v1/events': { get: events } },
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutAddress(schema)])),
    },
  };
}

interface Operation {
  readonly summary: string;
  readonly parameters: z.ZodObject;
  readonly content: JsonObject;
}

function operation(path: string, { summary, parameters, content }: Operation): JsonObject {
  const refused = { description: 'Refused', content: { 'application/json': { schema: { $ref: `${REF}Error` } } } };
  const inPath = path.includes('{hash}') ? [{ name: 'hash', in: 'path', required: true, schema: inputOf(hash) }] : [];
  const shape: Readonly<Record<string, z.ZodType>> = parameters.shape;
  const inQuery = Object.entries(shape).map(([name, schema]) => {
    return { name, in: 'query', required: false, schema: inputOf(schema) };
  });
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    responses: { 200: { description: 'Found', content }, default: refused },
  };
}

/** Answers may have more fields one day. */
function allowMore({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** What is sent, before it is parsed. */
function inputOf(schema: z.ZodType): JsonObject {
  return withoutAddress(z.toJSONSchema(schema, { io: 'input' }));
}

/** `/v1/messages/{hash}` answers with `MessagesHashAnswer`. */
function answerName(path: string): string {
  const words = path.match(/[a-z]+/gu)?.slice(1) ?? [];
  return `${words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('')}Answer`;
}

function withoutAddress({ $schema: _dialect, $id: _id, ...schema }: JsonObject): JsonObject {
  return schema;
}
