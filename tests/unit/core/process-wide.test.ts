import { expect, test, vi } from 'vitest'
import { processWide } from '#lib/core/process-wide.ts'

test('two copies of the module share one object by name', async () => {
  const create = () => ({ count: 0 })
  processWide('test.counter', create).count = 1
  vi.resetModules()
  const copy = await import('#lib/core/process-wide.ts')
  expect(copy.processWide).not.toBe(processWide)
  expect(copy.processWide('test.counter', create)).toEqual({ count: 1 })
  expect(copy.processWide('test.other', create)).toEqual({ count: 0 })
})
