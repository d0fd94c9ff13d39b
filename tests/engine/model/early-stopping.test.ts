/** Which checkpoint is the best, that it stays, and when training ends because no better one comes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listCheckpoints, readState } from '#lib/engine/model/checkpoint.ts'
import { weightsHash } from '#lib/engine/model/model-folder.ts'
import type { TrainerReport, TrainOrder } from '#lib/engine/worker/protocol.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { writeByteModel } from './small-model.ts'

let folder: string
const inside = (name: string) => path.join(folder, name)

const rows = (answers: string[]) =>
  answers
    .map((answer) =>
      JSON.stringify({
        messages: [
          { role: 'user', content: 'count' },
          { role: 'assistant', content: answer },
        ],
      }),
    )
    .join('\n')

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-stopping-'))
  writeByteModel(inside('base'), 3)
  writeFileSync(inside('training.jsonl'), rows(['aaaa', 'aaab', 'aaba', 'abaa']))
  // Nothing like the rows above: the more they are learnt, the less likely this is.
  writeFileSync(inside('validation.jsonl'), rows(['zyxw']))
})
afterEach(() => rmSync(folder, { recursive: true }))

const order = (run: string, patience: number | null): TrainOrder => ({
  kind: 'train',
  preference: null,
  weightDecay: 0,
  base: inside('base'),
  folder: inside(run),
  training: inside('training.jsonl'),
  validation: inside('validation.jsonl'),
  method: 'full',
  epochs: 8,
  batchSize: 2,
  learningRate: 1e-2,
  patience,
  seed: 7,
  date: 0,
  threads: 1,
  memoryLimit: null,
})

async function reportsOf(given: TrainOrder, until?: (report: TrainerReport) => boolean) {
  const stop = new AbortController()
  const reports: TrainerReport[] = []
  for await (const report of train(given, stop.signal)) {
    reports.push(report)
    if (until?.(report)) stop.abort()
  }
  return reports
}

const lossesOf = (reports: TrainerReport[]) =>
  reports.flatMap((report) =>
    report.kind === 'checkpoint' ? [{ step: report.step, loss: report.metrics.fullValidLoss ?? NaN }] : [],
  )

const bestOf = (losses: { step: number; loss: number }[]) =>
  losses.reduce((best, each) => (each.loss < best.loss ? each : best))

it('keeps the best checkpoint beside the last three', async () => {
  const given = order('all', null)
  const best = bestOf(lossesOf(await reportsOf(given)))
  expect(best.step).toBeLessThan(12) // else this shows nothing
  expect(listCheckpoints(given.folder).map(({ step }) => step)).toEqual([16, 14, 12, best.step])
  expect(readState(path.join(given.folder, 'checkpoint-16')).best).toEqual(best)
})

it('ends after as many full validations as it was given patience, interrupted or not', async () => {
  const whole = lossesOf(await reportsOf(order('all', null)))
  const best = bestOf(whole)
  const given = order('stopped', 2)
  const reports = await reportsOf(given)
  const last = best.step + 2 * 2
  expect(lossesOf(reports)).toEqual(whole.filter(({ step }) => step <= last))
  const { trainedTokens } = reports.at(-1) as Extract<TrainerReport, { kind: 'done' }>
  const { tokensPerEpoch } = reports[0] as Extract<TrainerReport, { kind: 'started' }>
  expect(reports.at(-1)).toEqual({ kind: 'done', step: last, trainedTokens })
  expect(trainedTokens).toBe((tokensPerEpoch * last) / 2)

  const broken = order('broken', 2)
  await reportsOf(broken, (report) => report.kind === 'step' && report.step === last - 1)
  expect((await reportsOf(broken)).at(-1)).toEqual(reports.at(-1))
  const made = (run: TrainOrder) => weightsHash(path.join(run.folder, `checkpoint-${best.step}`))
  expect(await made(broken)).toBe(await made(given))
  // One that had its last checkpoint, and was not heard to be done, has nothing left to train.
  expect((await reportsOf(broken)).at(-1)).toEqual(reports.at(-1))
})

it('tells the rate and the norm of the gradients of each step', async () => {
  const steps = (await reportsOf(order('rates', 1))).flatMap((report) =>
    report.kind === 'step' ? [report] : [],
  )
  expect(steps[0]?.learningRate).toBeCloseTo(1e-2 / 5)
  for (const { gradNorm } of steps) expect(gradNorm).toBeGreaterThan(0)
})
