import type { Ping } from '@nowcast/protocol';
import type { Session } from '../session.ts';

export function handlePing(session: Session, { timeMs }: Ping): void {
  session.reply({ type: 'pong', timeMs, receivedMs: session.services.clock.nowMs() });
}
