/** What a caller who leaves in the middle breaks: no fault of this process. */
const LEFT = new Set(['AbortError', 'ResponseAborted', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

const isLeft = (thrown: unknown): boolean => {
  const { name, code } = (thrown ?? {}) as { name?: unknown; code?: unknown }
  return LEFT.has(String(name)) || LEFT.has(String(code))
}

/**
 * Logs what nobody caught and ends this process in order, with an exit code that tells.
 * @param leave ends the process; called once
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
  // Next adds a listener too, which would keep the process in a state that nobody knows.
  process.on('unhandledRejection', (thrown) => (isLeft(thrown) ? log(thrown) : end(thrown)))
}

/** The stack, and last the words: of a worker's output the last line is told on. */
export function printError(thrown: unknown): void {
  const words =
    thrown instanceof Error ? `${thrown.stack}\n${thrown.name}: ${thrown.message}` : String(thrown)
  process.stderr.write(`${words}\n`)
}
