import { afterEach, beforeEach, vi } from 'vitest'

let unexpected: unknown[][] = []

beforeEach(() => {
  unexpected = []
  vi.spyOn(console, 'error').mockImplementation((...args) => {
    unexpected.push(args)
  })
})

/** An unexpected console error fails the test. */
afterEach(() => {
  vi.restoreAllMocks()
  if (unexpected.length > 0) throw new Error(`console.error was called: ${unexpected.map(String).join('\n')}`)
})
