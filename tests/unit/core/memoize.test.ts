import { describe, expect, it } from 'vitest'
import { memoize } from '#lib/core/memoize.ts'

const left = () => new DOMException('The work was cancelled.', 'AbortError')

describe('remember', () => {
  it('does the same work once, also for those who ask while it goes on', async () => {
    const ask = memoize<number>(2)
    let done = 0
    const work = async () => ++done
    expect(await Promise.all([ask('a', work), ask('a', work)])).toEqual([1, 1])
    expect(await ask('a', work)).toBe(1)
  })

  it('begins anew for who waits for work that another one gave up', async () => {
    const ask = memoize<string>(2)
    const first = Promise.withResolvers<string>()
    const leaver = ask('a', () => first.promise)
    const waiting = ask('a', async () => 'mine')
    first.reject(left())
    await expect(leaver).rejects.toThrow('cancelled')
    expect(await waiting).toBe('mine')
    expect(await ask('a', async () => 'another')).toBe('mine')
  })

  it('keeps no failure, and tells a real one to all', async () => {
    const ask = memoize<string>(2)
    const fail = async () => {
      throw new Error('broken')
    }
    const both = await Promise.allSettled([ask('a', fail), ask('a', fail)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await ask('a', async () => 'whole')).toBe('whole')
  })

  it('forgets what was asked for longest ago', async () => {
    const ask = memoize<number>(2)
    let done = 0
    const work = async () => ++done
    for (const key of ['a', 'b', 'a', 'c']) await ask(key, work)
    expect(await ask('a', work)).toBe(1)
    expect(await ask('b', work)).toBe(4)
  })
})
