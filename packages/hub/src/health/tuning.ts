/** Thresholds of the built-in conditions. Shares are 0 to 1. */
export interface HealthTuning {
  readonly diskFreeWarning: number;
  readonly diskFreeCritical: number;
  readonly inodesFreeWarning: number;
  /** A file system that will be full within this long is worth a word. */
  readonly diskFillingWithinMs: number;
  /** Nothing is foretold from fewer minutes of data than this. */
  readonly diskFillingHistoryMs: number;
  readonly memoryAvailableWarning: number;
  readonly memoryAvailableCritical: number;
  /** Share of the time in which every program waited for memory, as the kernel measures pressure. */
  readonly memoryStalledWarning: number;
  readonly memoryStalledCritical: number;
  readonly memoryForMs: number;
  readonly cpuBusyWarning: number;
  readonly cpuForMs: number;
  readonly networkErrorsPerSecond: number;
  readonly networkForMs: number;
  readonly clockForMs: number;
  readonly temperatureCelsius: number;
  readonly temperatureForMs: number;
  /** A host is silent after this many of its own intervals. */
  readonly silentIntervals: number;
  /** A host silent for this long is forgotten, and with it its alerts. */
  readonly hostForgetMs: number;
  /** A condition that no longer holds stays for this long before it counts as resolved. */
  readonly clearForMs: number;
}

export const DEFAULT_HEALTH: HealthTuning = {
  diskFreeWarning: 0.1,
  diskFreeCritical: 0.05,
  inodesFreeWarning: 0.05,
  diskFillingWithinMs: 24 * 3_600_000,
  diskFillingHistoryMs: 15 * 60_000,
  memoryAvailableWarning: 0.1,
  memoryAvailableCritical: 0.05,
  memoryStalledWarning: 0.1,
  memoryStalledCritical: 0.3,
  memoryForMs: 15_000,
  cpuBusyWarning: 0.9,
  cpuForMs: 30_000,
  networkErrorsPerSecond: 1,
  networkForMs: 30_000,
  clockForMs: 60_000,
  temperatureCelsius: 90,
  temperatureForMs: 10_000,
  silentIntervals: 3,
  hostForgetMs: 24 * 3_600_000,
  clearForMs: 15_000,
};
