import type { ErrorEntry } from '@nowcast/model';

export type AgentErrorCode = 'no-data' | 'file-too-large' | 'agent-worker-crashed';

export const agentErrors: Readonly<Record<AgentErrorCode, ErrorEntry>> = {
  'no-data': {
    meaning:
      'The machine has nothing a collector could measure: no such hardware or kernel feature.',
    action: 'Nothing; the collector looks again once a minute.',
    retryable: true,
  },
  'file-too-large': {
    meaning: 'A file of the kernel is larger than the agent reads at once.',
    action: 'Nothing on the agent; the other collectors go on without this one.',
    retryable: true,
  },
  'agent-worker-crashed': {
    meaning: 'The thread that samples the machine ended by itself.',
    action: 'It is started again with a growing delay; report the message if it repeats.',
    retryable: true,
  },
};
