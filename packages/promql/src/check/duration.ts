import type { DurationExpr } from '../ast/duration.ts';
import { badQuery } from '../parse/position.ts';

/** Refuses a range or step that is plainly not positive; what depends on the query is checked when known. */
export function checkRangeDuration(text: string, duration: DurationExpr): void {
  if (duration.kind === 'duration-variable') return;
  const seconds = constantSeconds(duration);
  if (seconds !== undefined && !(seconds * 1_000 >= 1))
    throw badQuery(text, duration.span, 'duration must be greater than 0');
}

/** The value of a duration without variables; undefined where it has some. */
export function constantSeconds(duration: DurationExpr): number | undefined {
  return durationSeconds(duration, { stepSeconds: undefined, rangeSeconds: undefined });
}

export interface DurationVariables {
  readonly stepSeconds: number | undefined;
  readonly rangeSeconds: number | undefined;
}

/** The value of a duration; undefined where it needs a variable that is undefined. */
export function durationSeconds(
  duration: DurationExpr,
  variables: DurationVariables,
): number | undefined {
  switch (duration.kind) {
    case 'duration':
      return duration.seconds;
    case 'duration-variable':
      return duration.name === 'step' ? variables.stepSeconds : variables.rangeSeconds;
    case 'duration-paren':
      return durationSeconds(duration.inner, variables);
    case 'duration-unary': {
      const value = durationSeconds(duration.operand, variables);
      return value === undefined || duration.op === '+' ? value : -value;
    }
    case 'duration-binary':
    case 'duration-extremum': {
      const left = durationSeconds(duration.left, variables);
      const right = durationSeconds(duration.right, variables);
      if (left === undefined || right === undefined) return undefined;
      return apply(duration.kind === 'duration-binary' ? duration.op : duration.name, left, right);
    }
  }
}

function apply(op: string, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    case 'min_of':
      return Math.min(left, right);
    default:
      return Math.max(left, right);
  }
}
