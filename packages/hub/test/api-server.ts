/**
 * The HTTP API over a store in memory that forgets nothing: `tsx api-server.ts PORT`. For checks that load
 * samples of any age, which a hub with its retention would refuse.
 */
import { ApiServer } from './api-fixture.ts';

const FOREVER_MS = 100 * 365 * 86_400_000;

await ApiServer.start({ port: Number(process.argv[2]), retentionMs: FOREVER_MS });
