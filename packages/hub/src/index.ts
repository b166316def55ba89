export { type ApiLimits, DEFAULT_API_LIMITS } from './api/api-limits.ts';
export { DEFAULT_LIMITS, type HubLimits } from './access/limits.ts';
export { loadConfig } from './config/load.ts';
export { startHub } from './hub.ts';
export { hubErrors, type HubErrorCode } from './errors.ts';
export { DEFAULT_HEALTH, type HealthTuning } from './health/tuning.ts';
export {
  DEFAULT_LIVE,
  type CompressionMode,
  type Hub,
  type HubOptions,
  type LiveTiming,
  type TlsFiles,
} from './options.ts';
