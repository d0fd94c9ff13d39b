/** Errors caused by a client that disconnects: not an error of this process. */
const DISCONNECTED = new Set([
  'AbortError',
  'ResponseAborted',
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
])

const isDisconnect = (thrown: unknown): boolean => {
  const { name, code } = (thrown ?? {}) as { name?: unknown; code?: unknown }
  return DISCONNECTED.has(String(name)) || DISCONNECTED.has(String(code))
}

/**
 * Logs uncaught errors and shuts this process down in order.
 * @param leave ends the process, with an exit code other than 0; called once
 */
export function leaveOnUncaught(log: (thrown: unknown) => void, leave: () => void): void {
  let leaving = false
  const end = (thrown: unknown) => {
    log(thrown)
    if (leaving) return
    leaving = true
    leave()
  }
  process.on('uncaughtException', end)
  // Next adds a listener too, which would keep the process running in an unknown state.
  process.on('unhandledRejection', (thrown) => (isDisconnect(thrown) ? log(thrown) : end(thrown)))
}

/** Prints the stack, then name and message on the last line: a worker's parent reports its last line. */
export function printError(thrown: unknown): void {
  const words =
    thrown instanceof Error ? `${thrown.stack}\n${thrown.name}: ${thrown.message}` : String(thrown)
  process.stderr.write(`${words}\n`)
}
