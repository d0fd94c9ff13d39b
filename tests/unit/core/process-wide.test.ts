import { expect, test, vi } from 'vitest'
import { processWide } from '#lib/core/process-wide.ts'

test('what one module keeps, another copy of the module finds under the same name', async () => {
  const create = () => ({ count: 0 })
  processWide('test.counter', create).count = 1
  vi.resetModules()
  const copy = await import('#lib/core/process-wide.ts')
  expect(copy.processWide).not.toBe(processWide)
  expect(copy.processWide('test.counter', create)).toEqual({ count: 1 })
  expect(copy.processWide('test.other', create)).toEqual({ count: 0 })
})
