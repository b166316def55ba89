import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { downSchemas } from './down.ts';
import {
  plainHeartbeatSchema,
  plainOverviewSchema,
  plainValuesSchema,
  plainWelcomeSchema,
} from './messages/plain.ts';
import { describeSchema } from './schema-shape.ts';
import { upSchemas } from './up.ts';
import { PROTOCOL_VERSION } from './version.ts';

/**
 * The hash of all message schemas, by version. When this test fails the wire has changed: after a
 * release, raise PROTOCOL_VERSION, write its line of history and add the new hash; never edit the hash
 * of a version that has been released.
 */
const HASHES: Readonly<Record<number, string>> = {
  1: 'b21abe4479202d74',
};

it('the wire does not change without a new version', () => {
  const wire = describeSchema({
    up: upSchemas,
    down: downSchemas,
    plain: [plainWelcomeSchema, plainOverviewSchema, plainValuesSchema, plainHeartbeatSchema],
  });
  const hash = createHash('sha256').update(JSON.stringify(wire)).digest('hex').slice(0, 16);
  expect(hash).toBe(HASHES[PROTOCOL_VERSION]);
});
