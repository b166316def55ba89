/**
 * Whether and how well the clock is kept in time. Only the system call `adjtimex` tells, which Node cannot
 * make: a one-line Perl program makes it once a minute (Perl is part of every Debian and most others).
 * Without Perl the mark that systemd-timesyncd leaves still says whether the clock is synchronised.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { CollectorModule } from '../collector.ts';
import type { Host } from '../host.ts';
import { counter, gauge, type MetricSpec } from '../series-group.ts';

/** Numbers of the system call on the systems where `struct timex` has the layout below. */
const SYSTEM_CALLS: Readonly<Record<string, number>> = { x64: 159, arm64: 171 };
/** The fields after `modes` in order; `l` has 4 bytes, `q` 8; padding in between. */
const LAYOUT = 'x8 q4 l x4 q3 x16 q3 l x4 q5 l';
/** The state and the fields of the layout. */
const FIELDS = 19;
const INTERPRETER = 'perl';
const ASK_MS = 60_000;
const ANSWER_MS_MAX = 10_000;

const TIME_ERROR = 5;
const STATUS_NANOSECONDS = 0x2000;
const MICRO = 1e6;
/** Frequencies are in parts per million with 16 binary places. */
const PPM16 = 1e6 * 65_536;

interface Timex {
  readonly state: number;
  readonly offset: number;
  readonly frequency: number;
  readonly maxError: number;
  readonly estimatedError: number;
  readonly status: number;
  readonly constant: number;
  readonly tick: number;
  readonly ppsFrequency: number;
  readonly jitter: number;
  readonly shift: number;
  readonly stability: number;
  readonly jitterCount: number;
  readonly calibrationCount: number;
  readonly errorCount: number;
  readonly stabilityCount: number;
  readonly tai: number;
}

const SYNC = gauge('node_timex_sync_status', 'Whether the clock is synchronised (1) or not (0).');

const METRICS: readonly { readonly spec: MetricSpec; readonly of: (timex: Timex) => number }[] = [
  { spec: SYNC, of: (t) => (t.state === TIME_ERROR ? 0 : 1) },
  {
    spec: gauge('node_timex_offset_seconds', 'Distance to the reference clock.'),
    of: (t) => t.offset / fraction(t),
  },
  {
    spec: gauge(
      'node_timex_frequency_adjustment_ratio',
      'How the clock is sped up or slowed down.',
    ),
    of: (t) => 1 + t.frequency / PPM16,
  },
  {
    spec: gauge('node_timex_maxerror_seconds', 'Largest error possible.'),
    of: (t) => t.maxError / MICRO,
  },
  {
    spec: gauge('node_timex_estimated_error_seconds', 'Estimated error.'),
    of: (t) => t.estimatedError / MICRO,
  },
  { spec: gauge('node_timex_status', 'Status bits.'), of: (t) => t.status },
  {
    spec: gauge('node_timex_loop_time_constant', 'Time constant of the control loop.'),
    of: (t) => t.constant,
  },
  { spec: gauge('node_timex_tick_seconds', 'Distance of clock ticks.'), of: (t) => t.tick / MICRO },
  {
    spec: gauge('node_timex_pps_frequency_hertz', 'Frequency of the pulse per second.'),
    of: (t) => t.ppsFrequency / PPM16,
  },
  {
    spec: gauge('node_timex_pps_jitter_seconds', 'Jitter of the pulse per second.'),
    of: (t) => t.jitter / fraction(t),
  },
  {
    spec: gauge('node_timex_pps_shift_seconds', 'Length of the calibration interval.'),
    of: (t) => t.shift,
  },
  {
    spec: gauge('node_timex_pps_stability_hertz', 'Stability of the pulse per second.'),
    of: (t) => t.stability / PPM16,
  },
  {
    spec: counter('node_timex_pps_jitter_total', 'Times the jitter was too large.'),
    of: (t) => t.jitterCount,
  },
  {
    spec: counter('node_timex_pps_calibration_total', 'Calibration intervals.'),
    of: (t) => t.calibrationCount,
  },
  {
    spec: counter('node_timex_pps_error_total', 'Calibration errors.'),
    of: (t) => t.errorCount,
  },
  {
    spec: counter('node_timex_pps_stability_exceeded_total', 'Times the stability was too low.'),
    of: (t) => t.stabilityCount,
  },
  {
    spec: gauge('node_timex_tai_offset_seconds', 'International Atomic Time less UTC.'),
    of: (t) => t.tai,
  },
];

export const timex: CollectorModule = {
  name: 'timex',
  create(host, series) {
    const slots = METRICS.map(({ spec }) => series.define(spec));
    // A kernel has no other root than its own.
    const isMachine = host.paths.rootPath === '';
    let answer: Timex | undefined;
    let askedAtMs = -Infinity;
    return {
      collect(nowMs) {
        if (Math.abs(nowMs - askedAtMs) >= ASK_MS) {
          askedAtMs = nowMs;
          if (isMachine) askKernel((timex) => (answer = timex));
        }
        if (answer !== undefined) {
          for (const [at, { of }] of METRICS.entries()) series.set(slots[at] as number, of(answer));
          return;
        }
        const mark = timesyncMark(host);
        if (mark !== undefined) series.set(slots[0] as number, mark);
      },
    };
  },
};

function fraction(timex: Timex): number {
  return (timex.status & STATUS_NANOSECONDS) === 0 ? MICRO : 1e9;
}

/** Of systemd-timesyncd: it makes the folder when it starts and the file once it has set the clock. */
function timesyncMark(host: Host): number | undefined {
  const folder = host.rootPath('/run/systemd/timesync');
  if (!existsSync(folder)) return undefined;
  return existsSync(`${folder}/synchronized`) ? 1 : 0;
}

function askKernel(answer: (timex: Timex | undefined) => void): void {
  const number = SYSTEM_CALLS[process.arch];
  if (number === undefined) return;
  const program = `$b="\\0"x512;$s=syscall(${number},$b);print join(" ",$s,unpack("${LAYOUT}",$b))`;
  execFile(INTERPRETER, ['-e', program], { timeout: ANSWER_MS_MAX }, (error, output) =>
    answer(error ? undefined : parseTimex(output)),
  );
}

/** Reads the state and the fields as the Perl program prints them; undefined when it is something else. */
export function parseTimex(text: string): Timex | undefined {
  const numbers = text.trim().split(' ').map(Number);
  if (numbers.length !== FIELDS || numbers.some(Number.isNaN) || numbers[0] === -1)
    return undefined;
  const at = (index: number): number => numbers[index] as number;
  return {
    state: at(0),
    offset: at(1),
    frequency: at(2),
    maxError: at(3),
    estimatedError: at(4),
    status: at(5),
    constant: at(6),
    tick: at(9),
    ppsFrequency: at(10),
    jitter: at(11),
    shift: at(12),
    stability: at(13),
    jitterCount: at(14),
    calibrationCount: at(15),
    errorCount: at(16),
    stabilityCount: at(17),
    tai: at(18),
  };
}
