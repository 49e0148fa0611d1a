import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A place in a contract where it decides, remembers or tells: what a mutant must break and a test must notice. */
export interface Guard {
  readonly source: string;
  readonly line: number;
  /** Where it stands in the source, in characters. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Where it is an operand of `&&` or `||`: the others. A mutant of the whole says nothing about one of them. */
  readonly others: readonly Span[];
}

/** From `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A node of the compiler's syntax tree, as far as it is read. */
type Node = Readonly<Record<string, unknown>> & { readonly nodeType: string; readonly src: string };

interface Solc {
  readonly compile: (input: string, callbacks: { import: (path: string) => { contents: string } }) => string;
}

const PACKAGES = { '@openzeppelin/': 'node_modules/@openzeppelin/' };

/**
 * The guards in Solidity files, given with their texts, by the compiler's own reading of them: each comparison, each other
 * condition, and each operand of one, each `try`, each modifier, each call that is a statement, each revert that no condition
 * stands before, each change of what is stored, and each event.
 */
export function readGuards(texts: ReadonlyMap<string, string>): Guard[] {
  const trees = parse(texts);
  const state = new Set([...texts.keys()].flatMap((source) => stateVariablesIn(trees[source]!.ast)));
  return [...texts].flatMap(([source, text]) =>
    once(guardsIn(trees[source]!.ast, state)).map(({ start, end, others = [] }) => {
      const line = text.slice(0, start).split('\n').length;
      return { source, line, start, end, text: text.slice(start, end), others };
    }),
  );
}

/** The syntax trees with types, by file. Nothing is compiled. */
function parse(texts: ReadonlyMap<string, string>): Record<string, { ast: Node }> {
  const solc = createRequire(import.meta.url)('solc') as Solc;
  const sources = Object.fromEntries([...texts].map(([file, content]) => [file, { content }]));
  const remappings = Object.entries(PACKAGES).map(([prefix, folder]) => `${prefix}=${folder}`);
  const outputSelection = Object.fromEntries([...texts.keys()].map((file) => [file, { '': ['ast'] }]));
  const input = { language: 'Solidity', sources, settings: { remappings, outputSelection } };
  const output = solc.compile(JSON.stringify(input), { import: (path) => ({ contents: readFileSync(path, 'utf8') }) });
  const { errors = [], sources: trees } = JSON.parse(output) as {
    errors?: readonly { severity: string; formattedMessage: string }[];
    sources: Record<string, { ast: Node }>;
  };
  const error = errors.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.formattedMessage);
  return trees;
}

type Found = Span & { readonly others?: readonly Span[] };

/** Without what is found again in what holds it: the first says more. */
function once(found: readonly Found[]): Found[] {
  return [...new Map(found.toReversed().map((each) => [`${each.start}-${each.end}`, each])).values()].toReversed();
}

/** The guards in a node, which a condition may stand before. */
function guardsIn(node: Node, state: ReadonlySet<unknown>, isConditional = false): Found[] {
  const whole = isGuard(node, state, isConditional) ? [guardSpanOf(node)] : [];
  const operands = conditionsOf(node).flatMap(operandsIn);
  const isBranching = /^(?:IfStatement|TryStatement|YulIf)$/u.test(node.nodeType);
  const within = childrenOf(node).flatMap((child) => guardsIn(child, state, isConditional || isBranching));
  return [...whole, ...operands, ...within];
}

/** Whether a node is a guard as a whole. */
function isGuard(node: Node, state: ReadonlySet<unknown>, isConditional: boolean): boolean {
  switch (node.nodeType) {
    case 'ModifierInvocation':
      return node['kind'] === 'modifierInvocation';
    case 'EmitStatement':
    case 'TryStatement':
      return true;
    case 'Assignment':
      return isKept(node['leftHandSide'] as Node, state);
    case 'UnaryOperation':
      return /^(?:delete|\+\+|--)$/u.test(node['operator'] as string) && isKept(node['subExpression'] as Node, state);
    case 'FunctionCall':
      return lengthens(node['expression'] as Node);
    case 'RevertStatement':
      return !isConditional;
    case 'ExpressionStatement':
      return (node['expression'] as Node).nodeType === 'FunctionCall';
    case 'YulExpressionStatement':
      return isYulGuard(yulNameOf(node['expression'] as Node), isConditional);
    default:
      return false;
  }
}

/** Whether a call that is a statement of assembly is one: memory is what is kept for the call alone. */
function isYulGuard(name: string, isConditional: boolean): boolean {
  if (/^(?:revert|invalid)$/u.test(name)) return !isConditional;
  return !/^(?:mstore8?|\w+copy)$/u.test(name);
}

/** Whether what is changed outlives the call: a variable of the contract, or what one that points to storage leads to. */
function isKept(target: Node, state: ReadonlySet<unknown>): boolean {
  if (target.nodeType === 'TupleExpression') {
    return (target['components'] as readonly (Node | null)[]).some((each) => each !== null && isKept(each, state));
  }
  // What a function answers is no part of the function.
  if (target.nodeType === 'FunctionCall') return / storage (?:pointer|ref)$/u.test(typeOf(target));
  const base = (target['baseExpression'] ?? target['expression']) as Node | undefined;
  if (base !== undefined) return isKept(base, state);
  return state.has(target['referencedDeclaration']) || typeOf(target).endsWith(' storage pointer');
}

/** Whether a function is the compiler's own to make an array in storage longer or shorter. */
function lengthens(called: Node): boolean {
  const { typeIdentifier = '' } = (called['typeDescriptions'] ?? {}) as { typeIdentifier?: string };
  return /^t_function_array(?:push|pop)_/u.test(typeIdentifier);
}

/** The ids of the variables that can change, which the code names them by. With another constant nothing is set up. */
function stateVariablesIn(node: Node): unknown[] {
  const own = node['stateVariable'] === true && node['mutability'] === 'mutable' ? [node['id']] : [];
  return [...own, ...childrenOf(node).flatMap(stateVariablesIn)];
}

/** The conditions of a node: what it decides by, what it answers or keeps as true or false, and what it compares. */
function conditionsOf(node: Node): Node[] {
  switch (node.nodeType) {
    case 'IfStatement':
    case 'Conditional':
    case 'YulIf':
      return [node['condition'] as Node];
    case 'YulSwitch':
      return [node['expression'] as Node];
    case 'Return':
      return componentsOf(node['expression']).flatMap(booleanOf).filter(isJudged);
    case 'VariableDeclarationStatement':
      return componentsOf(node['initialValue']).flatMap(booleanOf).filter(isJudged);
    case 'Assignment':
      return componentsOf(node['rightHandSide']).flatMap(booleanOf).filter(isJudged);
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return booleanOf(node['condition']);
    case 'YulForLoop':
      return [node['condition'] as Node];
    case 'BinaryOperation':
    case 'UnaryOperation':
      return booleanOf(node);
    case 'YulFunctionCall':
      return isYulCondition(node) || isYulComparison(node) ? [node] : [];
    default:
      return [];
  }
}

/** Whether something is found out here, and not just passed on. */
function isJudged(value: Node): boolean {
  return /Operation$|^(?:FunctionCall|TupleExpression)$/u.test(value.nodeType);
}

/** The parts of a tuple, or the expression itself. */
function componentsOf(value: unknown): unknown[] {
  const node = value as Node | null | undefined;
  return node?.nodeType === 'TupleExpression' ? (node['components'] as unknown[]) : [node];
}

function booleanOf(value: unknown): Node[] {
  const node = value as Node | null | undefined;
  return node && typeOf(node) === 'bool' && node.nodeType !== 'Literal' ? [node] : [];
}

/** The operands of `&&` and `||` that a condition consists of, each with the others. */
function operandsIn(condition: Node): Found[] {
  const spans = operandsOf(condition).map(spanOf);
  return spans.map((span) => ({ ...span, others: spans.filter((other) => other !== span) }));
}

function operandsOf(node: Node): Node[] {
  switch (node.nodeType) {
    case 'BinaryOperation': {
      const isJoined = /^(?:&&|\|\|)$/u.test(node['operator'] as string);
      return isJoined
        ? [node['leftExpression'], node['rightExpression']].flatMap((each) => operandsOf(each as Node))
        : [node];
    }
    case 'UnaryOperation':
      return node['operator'] === '!' ? operandsOf(node['subExpression'] as Node) : [node];
    case 'TupleExpression': {
      const components = node['components'] as readonly Node[];
      return components.length === 1 ? operandsOf(components[0]!) : [node];
    }
    case 'YulFunctionCall':
      return isYulCondition(node) ? argumentsOf(node).flatMap(operandsOf) : [node];
    default:
      return [node];
  }
}

/** Whether a call of assembly joins or turns round conditions, and not bits. */
function isYulCondition(node: Node): boolean {
  const name = yulNameOf(node);
  const isJoining = /^(?:and|or|iszero)$/u.test(name);
  return isJoining && argumentsOf(node).some((each) => isYulComparison(each) || isYulCondition(each));
}

function isYulComparison(node: Node): boolean {
  return /^(?:eq|s?[lg]t|iszero)$/u.test(yulNameOf(node));
}

function yulNameOf(node: Node): string {
  return node.nodeType === 'YulFunctionCall' ? ((node['functionName'] as Node)['name'] as string) : '';
}

function argumentsOf(node: Node): readonly Node[] {
  return node['arguments'] as readonly Node[];
}

function typeOf(node: Node): string {
  return (node['typeDescriptions'] as { typeString?: string } | undefined)?.typeString ?? '';
}

/** Of a `try` what it tries: what comes of it are the statements behind it. */
function guardSpanOf(node: Node): Span {
  const { start, end } = spanOf(node);
  return { start, end: node.nodeType === 'TryStatement' ? spanOf(node['externalCall'] as Node).end : end };
}

/** The compiler counts bytes, which are characters: the sources are ASCII. */
function spanOf({ src }: Node): Span {
  const [start = 0, length = 0] = src.split(':').map(Number);
  return { start, end: start + length };
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'nodeType' in value);
}
