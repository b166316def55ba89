export type { AgentLog } from './agent-log.ts';
export {
  startAgentWorker,
  type AgentWorker,
  type AgentWorkerOptions,
  type SamplingThread,
} from './agent-worker.ts';
export type { Batch, BatchSink, SeriesDefinition } from './batch.ts';
export { collectorsFor } from './collectors/registry.ts';
export { defaultLabels } from './default-labels.ts';
export { agentErrors, type AgentErrorCode } from './errors.ts';
export { MACHINE_PATHS, type HostPaths } from './host.ts';
export { runAgent, type RunAgentOptions, type RunningAgent } from './run-agent.ts';
export { INTERVAL_MAX_MS, INTERVAL_MIN_MS, Sampler, type SamplerOptions } from './sampler.ts';
