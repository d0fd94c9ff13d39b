/**
 * How Node runs the worker. Most of what it makes is gone a line later: a small nursery and one helper thread keep
 * it some 30 MB smaller, and no slower.
 */
export const workerFlags: readonly string[] = [
  '--conditions=react-server',
  '--max-semi-space-size=4',
  '--v8-pool-size=1',
]
