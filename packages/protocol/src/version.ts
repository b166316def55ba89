/**
 * The protocol's version and its history. `schema.version.test.ts` hashes every message schema and fails
 * when the wire changes without an entry here.
 *
 * 1: hello/welcome, subscribe/update on label selectors and standing queries, publish with acknowledgements, alert lane,
 *    heartbeats both ways.
 */
export const PROTOCOL_VERSION = 1;

/** Oldest version this build still speaks. */
export const PROTOCOL_VERSION_MIN = 1;

/** WebSocket subprotocol of the JSON encoding. */
export const JSON_SUBPROTOCOL = 'nowcast.v1.json';

/** WebSocket subprotocol of the binary encoding: the same messages, updates in binary frames. */
export const BINARY_SUBPROTOCOL = 'nowcast.v1.bin';

/** Path of the WebSocket endpoint. */
export const MONITOR_PATH = '/monitor';
