/** Where the agent's few lines go. */
export interface AgentLog {
  info(message: string): void;
  warn(message: string): void;
}
