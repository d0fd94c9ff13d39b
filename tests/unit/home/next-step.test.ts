import { describe, expect, test } from 'vitest'
import { nextStep } from '#components/home/next-step.ts'
import { daysLeft } from '#components/home/shutdown-notices.ts'
import type { AfterTraining } from '#lib/home/after-training.ts'
import { SHIPPED } from '#lib/home/closing-dates.ts'

const train = { examples: 10, tokens: 1, trainedTokens: 1, errors: 0, warnings: 0 }
const dataset = (name: string, state: 'empty' | 'blocked' | 'ready', sample: string | null = null) => ({
  id: name,
  name,
  sample,
  state,
  train,
})
const run = (id: string, status: string) => ({ id, name: id, status })

const shipped = [dataset('elle-broken', 'blocked', 'elle-broken'), dataset('elle', 'ready', 'elle')]

describe('what to do next', () => {
  test('on the first start: train Elle', () => {
    expect(nextStep(shipped, [])).toMatchObject({ step: 'train', dataset: { id: 'elle' } })
  })

  test('a dataset of one’s own comes before the shipped one', () => {
    expect(nextStep([...shipped, dataset('mine', 'ready')], [])).toMatchObject({ dataset: { id: 'mine' } })
  })

  test('without a dataset that is ready: check the one that is blocked', () => {
    const datasets = [dataset('empty', 'empty'), dataset('broken', 'blocked')]
    expect(nextStep(datasets, [])).toMatchObject({ step: 'check', dataset: { id: 'broken' } })
  })

  test.each([[[]], [[dataset('empty', 'empty')]]])('with nothing written: write', (datasets) => {
    expect(nextStep(datasets, [])).toEqual({ step: 'write' })
  })

  test.each(['queued', 'running', 'validating_files', 'some-new-word'])(
    'a run that is %s: watch it',
    (status) => {
      expect(nextStep(shipped, [run('new', status), run('old', 'succeeded')])).toMatchObject({
        step: 'watch',
        run: { id: 'new' },
        failed: false,
      })
    },
  )

  test('a run that failed: see why', () => {
    expect(nextStep(shipped, [run('new', 'failed')])).toMatchObject({ step: 'watch', failed: true })
  })

  test('a run that succeeded: compare', () => {
    expect(nextStep(shipped, [run('new', 'succeeded'), run('old', 'failed')])).toMatchObject({
      step: 'compare',
      run: { id: 'new' },
    })
  })

  test.each(['queued', 'pending', 'validating_files', 'paused'])(
    'a run that is %s waits: nothing is under way',
    (status) => {
      expect(nextStep(shipped, [run('new', status)])).toMatchObject({ step: 'watch', waits: true })
      expect(nextStep(shipped, [run('new', 'running')])).toMatchObject({ step: 'watch', waits: false })
    },
  )

  test('while the newest waits, the job that trains is watched', () => {
    expect(nextStep(shipped, [run('new', 'queued'), run('old', 'running')])).toMatchObject({
      step: 'watch',
      run: { id: 'old' },
      waits: false,
    })
  })

  test('after comparing: score it, use it, then fix what it got wrong', () => {
    const after: AfterTraining = {
      jobId: 'new',
      compared: true,
      evalId: null,
      judgeable: true,
      used: false,
    }
    const step = (part: Partial<AfterTraining>) =>
      nextStep(shipped, [run('new', 'succeeded')], { ...after, ...part })
    expect(step({ compared: false })).toMatchObject({ step: 'compare' })
    expect(step({ jobId: 'old' })).toMatchObject({ step: 'compare' })
    expect(step({})).toMatchObject({ step: 'judge', run: { id: 'new' } })
    expect(step({ judgeable: false })).toMatchObject({ step: 'use' })
    expect(step({ evalId: 'eval_1' })).toMatchObject({ step: 'use' })
    expect(step({ evalId: 'eval_1', used: true })).toMatchObject({ step: 'fix', evalId: 'eval_1' })
  })

  test('a run that was cancelled: train again', () => {
    expect(nextStep(shipped, [run('new', 'cancelled')])).toMatchObject({
      step: 'train',
      dataset: { id: 'elle' },
    })
  })
})

describe('days left', () => {
  const now = Date.parse('2026-11-22T23:59:00Z')
  test('are counted in whole days', () => {
    expect(Object.values(SHIPPED).map((date) => daysLeft(date, now))).toEqual([8, 45, 53])
  })
  test('end at zero on the day itself and go on below', () => {
    expect(daysLeft('2026-11-22', now)).toBe(0)
    expect(daysLeft('2026-11-20', now)).toBe(-2)
  })
})
