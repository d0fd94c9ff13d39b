import type { ChildProcess } from 'node:child_process'

const hasExited = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null

/**
 * Sends SIGTERM, then SIGKILL if the process is still running.
 * @param patience ms between the two; 0: SIGKILL at once
 * @returns when the process has exited
 */
export function endChild(child: ChildProcess, patience: number): Promise<void> {
  if (hasExited(child)) return Promise.resolve()
  return new Promise((resolve) => {
    const kill = () => child.kill('SIGKILL')
    const late = setTimeout(kill, patience)
    child.once('exit', () => {
      clearTimeout(late)
      resolve()
    })
    if (patience > 0) child.kill('SIGTERM')
    else kill()
  })
}
