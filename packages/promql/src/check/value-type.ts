/** The four types of PromQL. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** The type's name in messages. */
export function typeName(type: ValueType): string {
  return NAMES[type];
}
