import { describe, expect, it } from 'vitest'
import { memoize } from '#lib/core/memoize.ts'

const abortError = () => new DOMException('The work was cancelled.', 'AbortError')

describe('memoize', () => {
  it('shares work in progress and its result', async () => {
    const ask = memoize<number>(2)
    let done = 0
    const work = async () => ++done
    expect(await Promise.all([ask('a', work), ask('a', work)])).toEqual([1, 1])
    expect(await ask('a', work)).toBe(1)
  })

  it('starts again for a waiting caller when the first caller aborts', async () => {
    const ask = memoize<string>(2)
    const first = Promise.withResolvers<string>()
    const aborted = ask('a', () => first.promise)
    const waiting = ask('a', async () => 'mine')
    first.reject(abortError())
    await expect(aborted).rejects.toThrow('cancelled')
    expect(await waiting).toBe('mine')
    expect(await ask('a', async () => 'another')).toBe('mine')
  })

  it('rejects all waiting callers on an error, and does not cache it', async () => {
    const ask = memoize<string>(2)
    const fail = async () => {
      throw new Error('broken')
    }
    const both = await Promise.allSettled([ask('a', fail), ask('a', fail)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await ask('a', async () => 'whole')).toBe('whole')
  })

  it('drops the least recently used result', async () => {
    const ask = memoize<number>(2)
    let done = 0
    const work = async () => ++done
    for (const key of ['a', 'b', 'a', 'c']) await ask(key, work)
    expect(await ask('a', work)).toBe(1)
    expect(await ask('b', work)).toBe(4)
  })
})
