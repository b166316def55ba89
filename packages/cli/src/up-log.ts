/** The log of `nowcast up`: JSON lines for machines, short lines for a person at a terminal. */
import { destination, pino, type Logger } from 'pino';
import type { TextStyle } from './text-style.ts';
import { printable } from './text-width.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STANDARD_ERROR = 2;
/** Said already by the time, the level and the message. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'name',
  'msg',
]);

export function createLog(level: LogLevel, terminal: TextStyle | undefined): Logger {
  const stream = terminal
    ? { write: (line: string) => void process.stderr.write(formatLine(line, terminal)) }
    : destination(STANDARD_ERROR);
  return pino({ name: 'nowcast', level }, stream);
}

export function formatLine(line: string, style: TextStyle): string {
  const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const time = new Date(Number(record['time'])).toTimeString().slice(0, 8);
  const fields = Object.entries(record)
    .filter(([name]) => !KNOWN_FIELDS.has(name))
    .map(([name, value]) => `${name}=${formatField(value)}`);
  const text = [formatField(record['msg'] ?? ''), style.dim(fields.join(' '))].join(' ');
  return `${style.dim(time)} ${levelName(Number(record['level']), style)} ${text.trimEnd()}\n`;
}

function formatField(value: unknown): string {
  if (typeof value === 'string') return printable(value);
  const message = (value as { message?: unknown } | null)?.message;
  return printable(typeof message === 'string' ? message : JSON.stringify(value));
}

function levelName(level: number, style: TextStyle): string {
  if (level >= 50) return style.red('error');
  if (level >= 40) return style.yellow('warn ');
  return style.dim(level >= 30 ? 'info ' : 'debug');
}
