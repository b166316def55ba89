/** An expression in the shape of Prometheus's parse_query, which its own page draws trees from. */
import type { Matcher } from '@nowcast/model';
import { type Expr, constantSeconds, functionSignature } from '@nowcast/promql';

type Tree = Readonly<Record<string, unknown>>;
type Selector = Extract<Expr, { kind: 'vector-selector' }>;
type Timed = Pick<Selector, 'at' | 'offset'>;

export function expressionTree(expr: Expr): Tree {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: String(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'paren':
      return { type: 'parenExpr', expr: expressionTree(expr.expr) };
    case 'unary':
      return { type: 'unaryExpr', op: expr.op, expr: expressionTree(expr.expr) };
    case 'vector-selector':
      return { type: 'vectorSelector', ...selectorTree(expr) };
    case 'matrix-selector':
      return {
        type: 'matrixSelector',
        ...selectorTree(expr.selector),
        range: milliseconds(expr.range),
      };
    case 'subquery':
      return {
        type: 'subquery',
        expr: expressionTree(expr.expr),
        range: milliseconds(expr.range),
        step: expr.step ? milliseconds(expr.step) : 0,
        ...timeTree(expr),
      };
    case 'aggregate':
      return {
        type: 'aggregation',
        op: expr.op,
        expr: expressionTree(expr.expr),
        param: expr.param ? expressionTree(expr.param) : null,
        grouping: expr.grouping,
        without: expr.without,
      };
    case 'call':
      return { type: 'call', func: functionTree(expr.name), args: expr.args.map(expressionTree) };
    case 'binary':
      return {
        type: 'binaryExpr',
        op: expr.op,
        lhs: expressionTree(expr.left),
        rhs: expressionTree(expr.right),
        matching: matchingTree(expr),
        bool: expr.returnBool,
      };
  }
}

function selectorTree(selector: Selector): Tree {
  const name = selector.matchers.find(({ name, op }) => name === '__name__' && op === '=');
  return {
    name: name?.value ?? '',
    ...timeTree(selector),
    matchers: selector.matchers.map(matcherTree),
  };
}

function timeTree({ at, offset }: Timed): Tree {
  return {
    offset: offset ? milliseconds(offset) : 0,
    timestamp: at?.kind === 'timestamp' ? at.timeMs : null,
    startOrEnd: at && at.kind !== 'timestamp' ? at.kind : null,
  };
}

function matcherTree({ name, op, value }: Matcher): Tree {
  return { name, value, type: op };
}

function matchingTree({ matching }: Extract<Expr, { kind: 'binary' }>): Tree {
  const { cardinality, labels, on, include } = matching;
  return { card: cardinality, labels, on, include };
}

function functionTree(name: string): Tree {
  const signature = functionSignature(name);
  return {
    name,
    argTypes: signature?.args ?? [],
    variadic: signature && signature.argsMax > signature.argsMin ? 1 : 0,
    returnType: signature?.returns ?? 'vector',
  };
}

function milliseconds(duration: NonNullable<Timed['offset']>): number {
  const seconds = constantSeconds(duration);
  return seconds === undefined ? 0 : seconds * 1_000;
}
