import { assertNever } from '@nowcast/std';
import type { ArithmeticOp, BinaryOp, ComparisonOp } from '../ast/binary.ts';
import { isComparison, isSetOp } from '../ast/binary.ts';

export type Arithmetic = (left: number, right: number) => number;
export type Comparison = (left: number, right: number) => boolean;

export function arithmetic(op: ArithmeticOp): Arithmetic {
  switch (op) {
    case '+':
      return (left, right) => left + right;
    case '-':
      return (left, right) => left - right;
    case '*':
      return (left, right) => left * right;
    case '/':
      return (left, right) => left / right;
    case '%':
      return (left, right) => left % right;
    case '^':
      return power;
    case 'atan2':
      return Math.atan2;
    default:
      return assertNever(op);
  }
}

export function comparison(op: ComparisonOp): Comparison {
  switch (op) {
    case '==':
      return (left, right) => left === right;
    case '!=':
      return (left, right) => left !== right;
    case '>':
      return (left, right) => left > right;
    case '<':
      return (left, right) => left < right;
    case '>=':
      return (left, right) => left >= right;
    case '<=':
      return (left, right) => left <= right;
    default:
      return assertNever(op);
  }
}

export function isArithmetic(op: BinaryOp): op is ArithmeticOp {
  return !isComparison(op) && !isSetOp(op) && op !== '</' && op !== '>/';
}

/** As IEEE 754 has it: 1 to any power is 1, NaN and infinity included; JavaScript says NaN. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}
