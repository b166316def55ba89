/**
 * A schema as plain data, in a spelling that changes exactly when the wire changes: what the version test
 * hashes. Functions (custom checks) are represented by their message.
 */
export function describeSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(describeSchema);
  if (typeof schema !== 'object' || schema === null)
    return typeof schema === 'function' ? undefined : schema;
  const shape: Record<string, unknown> = {};
  for (const key of Object.keys(schema).sort())
    if (!IGNORED.has(key)) shape[key] = describeSchema((schema as Record<string, unknown>)[key]);
  return shape;
}

const IGNORED: ReadonlySet<string> = new Set([
  '~standard',
  '~run',
  'async',
  'expects',
  'reference',
]);
