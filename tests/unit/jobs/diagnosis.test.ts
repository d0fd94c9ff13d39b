import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { curveFacts } from '#lib/jobs/curve-store.ts'
import { betterEpochs, diagnose, stepsPerEpoch } from '#lib/jobs/diagnosis.ts'
import { keepPoints } from '#lib/jobs/points-store.ts'
import { insertJob } from '#lib/jobs/store.ts'
import { setUpStudio } from '../../support/set-up.ts'

await setUpStudio()

const JOB = 'run_diagnosis'

beforeAll(async () => {
  await insertJob({
    id: JOB,
    provider_id: 'embedded',
    launch: 'known',
    request_hash: '',
    request_json: '{}',
    status: 'running',
    model: 'limerick-base',
    created_at: 0,
    updated_at: 0,
  })
})
beforeEach(() => studio().deleteFrom('job_points').execute())

type Told = [step: number, train: number | null, fullValid?: number, valid?: number]

type Run = Parameters<typeof diagnose>[0]
const run: Run = { status: 'succeeded', launch: 'known', rows: 10, stepsPerEpoch: 10, pairs: null }

/** The verdict on a curve, as the database computes it. */
async function verdict(curve: readonly Told[], more: Partial<Run> = {}) {
  const points = curve.map(([step, train, full, valid]) => ({
    job_id: JOB,
    step,
    train_loss: train,
    full_valid_loss: full ?? null,
    valid_loss: valid ?? null,
  }))
  await keepPoints(points, studio())
  return diagnose({ ...run, ...more }, await curveFacts(JOB))
}

const flat = (steps: number, loss: (step: number) => number): Told[] =>
  Array.from({ length: steps }, (_, index) => [index + 1, loss(index + 1)])

/** 100 steps in 10 epochs; the last 16 as in the lesson's job: 12 of them exactly zero. */
const lesson = ((): Told[] => {
  const tail = [0.14, 0, 0, 0.07, 0, 0, 0, 0, 0, 0, 0.08, 0.05, 0, 0, 0, 0]
  const valid = [4.9, 3.4, 2.7, 2.34, 2.22, 2.27, 2.4, 2.6, 2.72, 2.79]
  return Array.from({ length: 100 }, (_, index) => {
    const step = index + 1
    const loss = step > 84 ? (tail[step - 85] ?? 0) : 6.67 * 0.95 ** step
    return step % 10 === 0 ? [step, loss, valid[step / 10 - 1]] : [step, loss]
  })
})()

describe('a diagnosis', () => {
  test('a tail of zeros is memorised, with their number, the best epoch and the rise since', async () => {
    const found = await verdict(lesson)
    expect(found).toMatchObject({ kind: 'memorised', zeros: 4, rows: 10, steps: 100, last: 0 })
    expect(found).toMatchObject({ validation: { best: 2.22, last: 2.79, step: 50, epoch: 5, risen: true } })
    expect(betterEpochs(found)).toBe(5)
  })

  test('eight zeros in the last sixteen losses are memorised, seven are not', async () => {
    const zeros = (count: number) => flat(40, (step) => (step > 40 - count ? 0.004 : 1 / step))
    expect(await verdict(zeros(8))).toMatchObject({ kind: 'memorised', zeros: 8 })
    expect(await verdict(zeros(7))).toMatchObject({ kind: 'learnt', zeros: 7 })
  })

  test('40 steps at 0.00 are counted as 40', async () => {
    expect(await verdict(flat(100, (step) => (step > 60 ? 0 : 2)))).toMatchObject({
      kind: 'memorised',
      zeros: 40,
    })
  })

  test.each([2, 10, 40])('only losses of 0.00, %i of them, mean that nothing was trained', async (steps) => {
    expect(await verdict(flat(steps, () => 0))).toMatchObject({ kind: 'nothing', first: 0, last: 0 })
    expect(diagnose({ ...run, status: 'running' }, await curveFacts(JOB))).toMatchObject({ kind: 'learning' })
  })

  test('NaN losses are reported at the first of them, unless training recovered', async () => {
    const lost = (step: number) => ({ job_id: JOB, step, not_a_number: 1 })
    await keepPoints([4, 5, 7].map(lost), studio())
    expect(
      await verdict([
        [1, 0.9],
        [2, 0.9],
        [3, 0.9],
        [6, 0],
      ]),
    ).toEqual({
      kind: 'notANumber',
      step: 4,
      count: 3,
    })
    expect(await verdict(flat(19, (step) => 1 / step).slice(8))).toMatchObject({ kind: 'notANumber' })
    expect(await verdict(flat(20, (step) => 1 / step).slice(8))).toMatchObject({ kind: 'learnt' })
  })

  test('a NaN step that is trained again after a resume has its new loss', async () => {
    await keepPoints([{ job_id: JOB, step: 4, not_a_number: 1 }], studio())
    expect(await verdict([[1, 0.9]])).toMatchObject({ kind: 'notANumber', step: 4 })
    expect(await verdict([[4, 0.8]])).toMatchObject({ kind: 'unclear', last: 0.8 })
  })

  test('a short job is never memorised', async () => {
    expect(
      await verdict([
        [1, 0.5],
        [2, 0],
      ]),
    ).toMatchObject({ kind: 'learnt' })
  })

  test('rising validation comes before falling training loss', async () => {
    const found = await verdict([
      [10, 3, 2],
      [20, 2, 1.5],
      [30, 1, 1.7],
      [40, 0.5, 1.9],
    ])
    expect(found).toMatchObject({ kind: 'risen', validation: { epoch: 2, best: 1.5, last: 1.9 } })
  })

  test('validation has risen at 5 % above its best, in two whole validations in a row', async () => {
    const whole = (...values: number[]) =>
      verdict(
        values.map((value, index) => [(index + 1) * 10, 3 - index / 2, value] as Told),
        { status: 'running' },
      )
    expect(await whole(1.5, 1.9)).toMatchObject({ kind: 'learning', validation: { risen: false } })
    expect(await whole(1.5, 1.9, 1.52)).toMatchObject({ kind: 'learning' })
    expect(await whole(1.5, 1.56, 1.57)).toMatchObject({ kind: 'learning' })
    expect(await whole(1.5, 1.58, 1.58)).toMatchObject({ kind: 'risen' })
  })

  test('nine steps of batches in the first epoch are no rise', async () => {
    const noisy = [6.9, 6.62, 6.8, 6.7, 6.9, 6.75, 6.85, 6.7, 6.78]
    const found = await verdict(
      noisy.map((value, index) => [index + 1, 7 - index / 3, undefined, value] as Told),
      { status: 'running' },
    )
    expect(found).toMatchObject({ kind: 'learning', validation: { risen: false } })
  })

  test('batches of the validation file count only if the whole file was never measured', async () => {
    const found = await verdict(
      flat(24, (step) => 3 - step / 10).map(
        ([step, loss]) => [step, loss, 2, (step > 12 ? 3 : 1) + (step % 3) / 10] as Told,
      ),
    )
    expect(found).toMatchObject({ kind: 'learnt', validation: { best: 2 } })
    await studio().updateTable('job_points').set({ full_valid_loss: null }).execute()
    expect(diagnose(run, await curveFacts(JOB))).toMatchObject({ kind: 'risen', validation: { best: 1 } })
  })

  test('batches that vary more than they rise are no rise', async () => {
    const found = await verdict(
      flat(24, (step) => 3 - step / 10).map(
        ([step, loss]) => [step, loss, undefined, (step % 2 ? 1 : 3) + step / 60] as Told,
      ),
    )
    expect(found).toMatchObject({ kind: 'learnt', validation: { risen: false } })
  })

  test('validation that never improved is reported, but one epoch is not advised', async () => {
    const found = await verdict([
      [10, 3, 1.5],
      [20, 2, 1.6],
      [30, 1, 1.7],
    ])
    expect(found).toMatchObject({ kind: 'risen', validation: { epoch: 1 } })
    expect(betterEpochs(found)).toBeNull()
  })

  test('a rise below two decimals is no rise', async () => {
    const found = await verdict([
      [10, 3, 1.5],
      [20, 2, 1.504],
    ])
    expect(found).toMatchObject({ kind: 'unclear', validation: { risen: false } })
    expect(betterEpochs(found)).toBeNull()
  })

  test('a diverging job is reported while it runs', async () => {
    const apart = flat(30, (step) => (step > 20 ? 8 : 2))
    expect(await verdict(apart, { status: 'running' })).toMatchObject({ kind: 'diverged', first: 2, last: 8 })
    expect(await verdict(flat(30, (step) => (step > 20 ? 2.9 : 2)))).toMatchObject({ kind: 'unclear' })
    expect(await verdict(flat(30, (step) => (step > 20 ? 0.04 : 0.02)))).toMatchObject({ kind: 'learnt' })
  })

  test('a constant loss is learning while the job runs and stuck when it has ended', async () => {
    const still = flat(60, (step) => 3 + (step % 2) / 100)
    expect(await verdict(still)).toMatchObject({ kind: 'stuck' })
    expect(diagnose({ ...run, status: 'running' }, await curveFacts(JOB))).toMatchObject({ kind: 'learning' })
    expect(await verdict(flat(60, (step) => 3 - step / 200))).toMatchObject({ kind: 'learnt' })
  })

  test('few steps show no direction', async () => {
    expect(await verdict(flat(3, (step) => 7.6 - step / 5))).toMatchObject({ kind: 'unclear' })
    expect(await verdict(flat(6, (step) => 3 / step))).toMatchObject({ kind: 'learnt' })
    expect(await verdict(flat(11, () => 3))).toMatchObject({ kind: 'unclear' })
    expect(await verdict(flat(12, () => 3))).toMatchObject({ kind: 'stuck' })
  })

  test('a running job has its first and last loss', async () => {
    const found = await verdict(
      [
        [1, 6.67],
        [2, null],
        [47, 0.37],
      ],
      { status: 'running' },
    )
    expect(found).toEqual({
      kind: 'learning',
      first: 6.67,
      last: 0.37,
      steps: 47,
      zeros: 0,
      tail: { zeros: 0, of: 2 },
      rows: 10,
      heldOutPairs: null,
      validation: null,
    })
  })

  test.each([
    ['queued', 'known', 'waiting'],
    ['some-new-word', 'known', 'waiting'],
    ['succeeded', 'known', 'noMetrics'],
    ['failed', 'known', 'failed'],
    ['cancelled', 'known', 'cancelled'],
    ['unknown', 'unknown', 'unknown'],
  ])('without a point, %s is %s', async (status, launch, kind) => {
    expect(await verdict([], { status, launch })).toEqual({ kind })
  })

  test('a failed job stays failed however good its curve', async () => {
    expect(await verdict(lesson, { status: 'failed' })).toEqual({ kind: 'failed' })
  })
})

test('steps per epoch are null unless every epoch has the same number', () => {
  expect(stepsPerEpoch(100, 10)).toBe(10)
  expect(stepsPerEpoch(101, 10)).toBeNull()
  expect(stepsPerEpoch(100, null)).toBeNull()
})

describe('of preference pairs', () => {
  /** The loss of DPO: log 2 at the start, 0.00 soon; validation on the whole file rises. */
  const told = flat(40, (step) => (step > 10 ? 0.002 : Math.LN2 / step)).map(
    ([step, loss]): Told => (step % 10 === 0 ? [step, loss, step / 20] : [step, loss]),
  )
  const of = (accuracy: number, margin: number, heldOut: number | null = 20, status = 'succeeded') =>
    verdict(told, { status, pairs: { heldOut, rewards: { accuracy, margin } } })

  test('0.00 and a rising validation loss are no faults: held-out pairs in the right order count', async () => {
    const found = await of(0.9, 1.2)
    expect(found).toMatchObject({ kind: 'preferring', heldOutPairs: { accuracy: 0.9, margin: 1.2 } })
    expect(betterEpochs(found)).toBeNull()
    expect((await verdict(told)).kind).toBe('memorised')
  })

  test.each([
    ['half of them', 0.5, 0.3, 20],
    ['a share that may be chance', 0.65, 0.3, 20],
    ['all of three', 1, 0.3, 3],
    ['a margin below zero', 0.9, -0.1, 20],
    ['less than two thirds of an unknown number', 0.6, 0.3, null],
  ])('%s in the right order: only the training pairs were learnt', async (_, accuracy, margin, heldOut) => {
    expect((await of(accuracy, margin, heldOut)).kind).toBe('trainingPairs')
  })

  test('two thirds of an unknown number are in the right order', async () => {
    expect((await of(0.7, 0.3, null)).kind).toBe('preferring')
  })

  test('a job that still runs is learning, with the held-out pairs so far', async () => {
    expect(await of(0.9, 1, 20, 'running')).toMatchObject({
      kind: 'learning',
      heldOutPairs: { accuracy: 0.9 },
    })
  })

  test('without held-out pairs the training loss decides, and it can diverge or stand still', async () => {
    const pairs = { heldOut: null, rewards: null }
    expect(await verdict(told, { pairs })).toMatchObject({ kind: 'learnt', heldOutPairs: null })
    expect(
      (
        await verdict(
          flat(40, (step) => 0.6 + step / 20),
          { pairs },
        )
      ).kind,
    ).toBe('diverged')
    expect(
      (
        await verdict(
          flat(40, () => Math.LN2),
          { pairs },
        )
      ).kind,
    ).toBe('stuck')
  })
})
