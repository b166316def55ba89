import { holdsFiles, isStaleMarker, oncePerDevice, freeShare, type LabelSet } from '@nowcast/model';
import type { AlertTracker, Verdict } from '../alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from '../condition.ts';
import { FillForecast } from '../fill-forecast.ts';

const HYSTERESIS = 0.02;
const CRITICAL_WITHIN_MS = 3_600_000;

const METRICS = {
  node_filesystem_avail_bytes: 'availableBytes',
  node_filesystem_free_bytes: 'freeBytes',
  node_filesystem_size_bytes: 'sizeBytes',
  node_filesystem_files_free: 'inodesFree',
  node_filesystem_files: 'inodes',
  node_filesystem_readonly: 'readonly',
} as const;

/** Space and inodes of file systems: short now, or soon at the present pace. */
export const diskCondition: Condition = {
  metrics: Object.keys(METRICS),
  create: (context) => new DiskEvaluator(context),
};

type Numbers = Record<(typeof METRICS)[keyof typeof METRICS], number>;

interface FileSystem {
  readonly device: string;
  readonly mountpoint: string;
  readonly numbers: Numbers;
  readonly forecast: FillForecast;
  readonly full: AlertTracker;
  readonly inodes: AlertTracker;
  readonly filling: AlertTracker;
}

class DiskEvaluator implements ConditionEvaluator {
  readonly #context: ConditionContext;
  readonly #fileSystems = new Map<string, FileSystem>();

  constructor(context: ConditionContext) {
    this.#context = context;
  }

  probe(labels: LabelSet): Probe | undefined {
    if (!holdsFiles(labels.get('fstype'))) return undefined;
    const field = METRICS[labels.metric as keyof typeof METRICS];
    const device = labels.get('device');
    const mountpoint = labels.get('mountpoint');
    const key = `${device}\n${mountpoint}`;
    return (timeMs, value) => {
      if (isStaleMarker(value)) {
        this.#end(key, timeMs);
        return;
      }
      let system = this.#fileSystems.get(key);
      if (system === undefined) {
        system = this.#begin(device, mountpoint);
        this.#fileSystems.set(key, system);
      }
      system.numbers[field] = value;
    };
  }

  evaluate(timeMs: number): void {
    for (const system of oncePerDevice(this.#fileSystems.values()))
      if (system.numbers.readonly !== 1) this.#judge(system, timeMs);
  }

  #judge(system: FileSystem, timeMs: number): void {
    const { availableBytes, inodesFree, inodes } = system.numbers;
    const { diskFreeWarning, diskFreeCritical, inodesFreeWarning } = this.#context.tuning;
    const value = freeShare(system.numbers);
    if (Number.isFinite(value)) {
      const verdict = belowVerdict(value, diskFreeWarning, diskFreeCritical);
      system.full.update({ timeMs, value, verdict });
      if (system.forecast.add(timeMs, availableBytes)) this.#foretell(system, timeMs);
    }
    if (inodes > 0) {
      const value = inodesFree / inodes;
      const verdict = belowVerdict(value, inodesFreeWarning, inodesFreeWarning / 2);
      system.inodes.update({ timeMs, value, verdict });
    }
  }

  #foretell({ forecast, filling, numbers }: FileSystem, timeMs: number): void {
    const leftMs = forecast.msUntilFull();
    const { diskFillingWithinMs } = this.#context.tuning;
    const value = numbers.availableBytes;
    if (leftMs === undefined || leftMs > diskFillingWithinMs * 1.5) {
      filling.update({ timeMs, value, verdict: 'clear' });
      return;
    }
    const verdict =
      leftMs <= CRITICAL_WITHIN_MS
        ? 'critical'
        : leftMs <= diskFillingWithinMs
          ? 'warning'
          : 'between';
    filling.update({ timeMs, value, verdict, expectedMs: Math.round(timeMs + leftMs) });
  }

  #begin(device: string, mountpoint: string): FileSystem {
    const { tuning } = this.#context;
    const labels = { device, mountpoint };
    const track = this.#context.track.bind(this.#context);
    return {
      device,
      mountpoint,
      numbers: {
        availableBytes: NaN,
        freeBytes: NaN,
        sizeBytes: NaN,
        inodesFree: NaN,
        inodes: NaN,
        readonly: 0,
      },
      forecast: new FillForecast(tuning.diskFillingHistoryMs),
      full: track('disk-full', 'ratio', { labels, forMs: 0 }),
      inodes: track('disk-inodes', 'ratio', { labels, forMs: 0 }),
      filling: track('disk-filling', 'bytes', { labels, forMs: 0 }),
    };
  }

  #end(key: string, timeMs: number): void {
    const system = this.#fileSystems.get(key);
    if (system === undefined) return;
    this.#fileSystems.delete(key);
    for (const tracker of [system.full, system.inodes, system.filling]) tracker.end(timeMs);
  }
}

function belowVerdict(value: number, warning: number, critical: number): Verdict {
  if (value < critical) return 'critical';
  if (value < warning) return 'warning';
  return value > warning + HYSTERESIS ? 'clear' : 'between';
}
