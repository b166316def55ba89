/**
 * Close codes. The hundreds say what the client does next: 40xx reconnect with backoff, 42xx reconnect
 * later, 44xx stop, for the same attempt would fail again. 44xx mirror HTTP's 4xx.
 */
export const CloseCode = {
  /** Nothing was heard for two heartbeat intervals. */
  HEARTBEAT_TIMEOUT: 4000,
  /** The hub restarts or hands its clients to another node. */
  GOING_AWAY: 4001,
  /** More bytes were waiting than the session's send queue may hold. */
  TOO_SLOW: 4002,
  /** The hub has no room for this session now. */
  OVERLOADED: 4200,
  /** Too many errors or messages in a short time. */
  RATE_LIMITED: 4201,
  BAD_MESSAGE: 4400,
  UNAUTHORIZED: 4401,
  FORBIDDEN: 4403,
  /** None of the client's versions is spoken here. */
  UNSUPPORTED_VERSION: 4406,
  /** No `hello` came in time. */
  HELLO_TIMEOUT: 4408,
  /** A message before `hello`, or a second `hello`. */
  OUT_OF_ORDER: 4409,
  /** A binary frame on a text protocol. */
  UNSUPPORTED_DATA: 4415,
} as const;

export type CloseVerdict = 'reconnect' | 'later' | 'stop';

/** What a client does after the connection closed with `code`. */
export function verdictOf(code: number): CloseVerdict {
  if (code >= 4200 && code < 4300) return 'later';
  if (code >= 4400 && code < 4500) return 'stop';
  // 1013 is the standard's "try again later"; 1002, 1003, 1007, 1008 and 1009 blame what was sent.
  if (code === 1013) return 'later';
  if (code === 1002 || code === 1003 || (code >= 1007 && code <= 1009)) return 'stop';
  return 'reconnect';
}
