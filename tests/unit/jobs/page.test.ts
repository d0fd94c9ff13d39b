import { createLoader, createSerializer } from 'nuqs/server'
import { describe, expect, test } from 'vitest'
import { addressOf, runAddress, viewOf } from '#components/jobs/page/address.ts'
import { betterThanFinal, rowsOf } from '#components/jobs/page/checkpoint-rows.ts'
import { fold } from '#components/jobs/page/group-events.ts'
import { stagesOf } from '#components/jobs/page/status-steps.ts'
import { measuresOf } from '#components/jobs/page/step-measures.ts'
import type { JobDetail, JobEvent } from '#lib/jobs/schema.ts'

const read = createLoader(runAddress)
const write = createSerializer(runAddress)

const event = (seq: number, message: string, level = 'info'): JobEvent => {
  const step = /^Step (\d+)\//.exec(message)?.[1]
  return {
    seq,
    id: `ftevent-${seq}`,
    createdAt: seq * 1000,
    level,
    type: step ? 'metrics' : 'message',
    message,
    step: step ? Number(step) : null,
  }
}
const step = (number: number, loss: string) => event(number, `Step ${number}/100: training loss=${loss}`)

describe('grouped events', () => {
  test('steps with the same loss become a range, newest first', () => {
    const lines = fold([step(97, '0.07'), step(96, '0.00'), step(95, '0.00'), step(94, '0.00')])
    expect(lines).toMatchObject([
      { words: 'Step 97/100: training loss=0.07', count: 1, steps: null },
      { words: 'training loss=0.00', count: 3, steps: [94, 96], key: 94, at: 96_000 },
    ])
  })

  test('a group keeps its key while newer events join it', () => {
    const before = fold([step(94, '0.00')])
    const after = fold([step(95, '0.00'), step(94, '0.00')])
    expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key))
  })

  test('messages that differ by a validation loss are not grouped', () => {
    expect(fold([step(2, '0.00, full validation loss=2.79'), step(1, '0.00')])).toHaveLength(2)
  })

  test('equal messages are grouped only at the same level', () => {
    expect(fold([event(2, 'Waiting', 'warn'), event(1, 'Waiting')])).toHaveLength(2)
    expect(fold([event(2, 'Waiting'), event(1, 'Waiting')])).toMatchObject([
      { words: 'Waiting', count: 2, steps: null },
    ])
  })

  test('the first repeated step after a resume is marked, and starts a new group', () => {
    const events = [step(4, '0.50'), step(3, '0.50'), step(2, '0.50'), step(3, '0.50'), step(2, '0.60')]
    const lines = fold(events.map((event, index) => ({ ...event, seq: 10 - index })))
    expect(lines.map(({ steps, again }) => [steps, again])).toEqual([
      [[2, 4], true],
      [null, false],
      [null, false],
    ])
  })

  test('no events make no groups', () => expect(fold([])).toEqual([]))
})

const states = [
  { status: 'validating_files', at: 1_000 },
  { status: 'queued', at: 1_300 },
  { status: 'running', at: 1_400 },
]
const seen = (status: string, many = 3, finishedAt: number | null = null, now: number | null = 9_400) =>
  stagesOf({ status, states: states.slice(0, many), finishedAt, pausedMs: 0 }, now).map(({ state, ms }) => [
    state,
    ms,
  ])

describe('stages of a job', () => {
  test('the current one counts on', () => {
    expect(seen('running')).toEqual([
      ['done', 300],
      ['done', 100],
      ['now', 8_000],
    ])
  })

  test('a pause is part of running', () => expect(seen('paused')[2]).toEqual(['now', 8_000]))

  test('a pause stands still, and does not count afterwards', () => {
    const paused = [...states, { status: 'paused', at: 5_400 }]
    const job = { states: paused, finishedAt: null, pausedMs: 1_000 }
    expect(stagesOf({ ...job, status: 'paused' }, 9_400)[2]).toMatchObject({ state: 'now', ms: 3_000 })
    const waiting = stagesOf({ ...job, status: 'queued' }, 9_400)
    expect(waiting.map(({ state, ms }) => [state, ms])).toEqual([
      ['done', 300],
      ['now', null],
      ['later', null],
    ])
    expect(stagesOf({ ...job, status: 'running', pausedMs: 3_000 }, 9_400)[2]?.ms).toBe(5_000)
  })

  test('a finished job stops counting', () => {
    expect(seen('succeeded', 3, 19_000)).toEqual([
      ['done', 300],
      ['done', 100],
      ['done', 17_600],
    ])
  })

  test('a cancelled job ends at its last stage', () => {
    expect(seen('cancelled', 2, 1_900)).toEqual([
      ['done', 300],
      ['stopped', 600],
      ['never', null],
    ])
  })

  test('a stage that was never reported has no time', () => {
    expect(seen('succeeded', 0, 19_000)).toEqual([
      ['done', null],
      ['done', null],
      ['done', null],
    ])
    expect(seen('preparing', 0)).toEqual([
      ['later', null],
      ['later', null],
      ['later', null],
    ])
  })

  test("before the page's clock starts, only past stages have a time", () => {
    expect(seen('running', 3, null, null)[2]).toEqual(['now', null])
  })
})

describe('models of a job', () => {
  const checkpoint = (at: number, model: string, validLoss: number | null) => ({
    id: model,
    step: at,
    model,
    trainLoss: 0,
    validLoss,
    accuracy: 1,
    createdAt: 0,
  })
  const job = (checkpoints: JobDetail['checkpoints']) =>
    ({
      fineTunedModel: 'ft:a',
      totalSteps: 100,
      checkpoints,
      lastLoss: 0,
      diagnosis: { kind: 'learnt', validation: { last: 2.79 } },
      finalStep: null,
      best: null,
    }) as unknown as JobDetail

  test('the result gets its numbers from the curve when it has no checkpoint', () => {
    const rows = rowsOf(job([checkpoint(90, 'b', 2.72), checkpoint(80, 'c', 2.6)]))
    expect(rows.map(({ step, final, best }) => [step, final, best])).toEqual([
      [100, true, null],
      [90, false, null],
      [80, false, 'loss'],
    ])
    // Only one is the best: the one with the best score, once there is a score.
    const scored = rowsOf(job([checkpoint(90, 'b', 2.72), checkpoint(80, 'c', 2.6)]), 90)
    expect(scored.map(({ best }) => best)).toEqual([null, 'score', null])
  })

  test('a checkpoint better than the result is told, until scores say more', () => {
    const checkpoints = [checkpoint(90, 'b', 2.72), checkpoint(80, 'c', 2.6)]
    expect(betterThanFinal(rowsOf(job(checkpoints)))).toMatchObject({ best: { step: 80 }, final: 2.79 })
    expect(betterThanFinal(rowsOf(job(checkpoints), 90))).toBeNull()
    expect(betterThanFinal(rowsOf(job([checkpoint(90, 'b', 2.9)])))).toBeNull()
  })

  test('the result of early stopping is of its own step, with the best loss', () => {
    const stopped = {
      ...job([checkpoint(90, 'b', 2.72)]),
      step: 90,
      finalStep: 60,
      best: { step: 60, loss: 2.5 },
    }
    expect(rowsOf(stopped).map(({ step, final, validLoss, best }) => [step, final, validLoss, best])).toEqual(
      [
        [90, false, 2.72, null],
        [60, true, 2.5, 'loss'],
      ],
    )
  })

  test('the result is listed once when it has a checkpoint', () => {
    const rows = rowsOf(job([checkpoint(90, 'b', null), checkpoint(100, 'ft:a', null)]))
    expect(rows.map(({ model, best }) => [model, best])).toEqual([
      ['ft:a', null],
      ['b', null],
    ])
  })
})

describe('the view of a curve', () => {
  test('is in the address, without defaults', () => {
    const view = { range: [20, 60] as [number, number], smooth: 0.9, step: 33 }
    const query = write('?tab=1', addressOf(view))
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      tab: '1',
      from: '20',
      to: '60',
      smooth: '0.9',
      step: '33',
    })
    expect(viewOf(read(query))).toEqual(view)
    expect(write(query, addressOf({ range: null, smooth: 0.6, step: null }))).toBe('?tab=1')
  })

  test.each(['', 'from=9&to=3', 'from=-1&to=4', 'from=a&to=b', 'smooth=7', 'step=x', 'smooth=NaN'])(
    '"%s" is the whole of it',
    (query) => expect(viewOf(read(query))).toEqual({ range: null, smooth: 0.6, step: null }),
  )
})

describe('the measures of a step', () => {
  test('of preference pairs: margin, both rewards and the share in the right order', () => {
    const rewards = { chosen: 0.01234, rejected: -0.5, margin: 0.51234, accuracy: 0.75 }
    expect(measuresOf({ learningRate: 0.0000021, gradNorm: 1.5, rewards })).toEqual([
      { label: 'learningRate', value: '0.0000021' },
      { label: 'gradNorm', value: '1.5' },
      { label: 'rewardMargin', value: '0.512' },
      { label: 'rewardChosen', value: '0.0123' },
      { label: 'rewardRejected', value: '-0.5' },
      { label: 'rewardAccuracy', share: 0.75 },
    ])
  })

  test('what a provider does not tell is left out; zero is told', () => {
    expect(measuresOf({ learningRate: null, gradNorm: 0, rewards: null })).toEqual([
      { label: 'gradNorm', value: '0' },
    ])
  })
})
