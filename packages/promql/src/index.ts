export { promqlErrors, type PromqlErrorCode } from './errors.ts';
export { parseSelector } from './parse/selector.ts';
export { formatSelector } from './print/label-matchers.ts';
