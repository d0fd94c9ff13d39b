/** Direct preference optimisation through the official SDK, on the shipped base. */
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StepData, WireCheckpoint, WireJob } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  eventsOf,
  newFolder,
  reachedStep,
  startEngine,
  stopEngine,
  type TestEngine,
  upload,
} from '#tests/support/engine.ts'

let engine: TestEngine
let client: OpenAI

beforeAll(async () => {
  engine = await startEngine(await newFolder())
  client = engine.client
})
afterAll(() => stopEngine(engine))

const said = (content: string) => [{ role: 'assistant', content }]

/** A limerick is preferred to prose about the same element. */
const pairOf = (line: string): string => {
  const { messages } = JSON.parse(line) as { messages: { role: string; content: string }[] }
  const element = messages.at(-2)?.content.split(' ').at(-1)
  return JSON.stringify({
    input: { messages: messages.slice(0, -1) },
    preferred_output: messages.slice(-1),
    non_preferred_output: said(`${element} is a chemical element. It is used in many things.`),
  })
}
const pairs = elle.map(pairOf)

const create = async (
  training: string[],
  { hyperparameters = {}, ...more }: Record<string, unknown> = {},
): Promise<WireJob> =>
  (await client.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: await upload(client, training),
    method: { type: 'dpo', dpo: { hyperparameters } },
    seed: 3,
    ...more,
  } as OpenAI.FineTuning.JobCreateParams)) as WireJob

const failureOf = async (training: string[], more?: Record<string, unknown>) => {
  const { id, training_file } = await create(training, more)
  const { status, error } = await ended(client, id)
  return { status, error, training_file }
}

describe('a job on ten pairs', () => {
  let created: WireJob
  let job: WireJob
  let steps: StepData[]

  beforeAll(async () => {
    created = await create(pairs.slice(0, 10), {
      hyperparameters: { n_epochs: 3 },
      validation_file: await upload(client, pairs.slice(10, 14)),
    })
    job = await ended(client, created.id)
    const events = await eventsOf(client, job.id)
    steps = events.filter(({ type }) => type === 'metrics').map(({ data }) => data as StepData)
    expect(events.find(({ type }) => type === 'metrics')?.message).toMatch(
      /^Step 1\/30: training loss=0\.69, reward margin=-?0\.00$/,
    )
  })

  test('succeeds, with an automatic beta as a number, and no deprecated hyperparameters', () => {
    expect(created).toMatchObject({
      method: { type: 'dpo', dpo: { hyperparameters: { n_epochs: 3, batch_size: 'auto', beta: 'auto' } } },
    })
    expect(job).toMatchObject({
      status: 'succeeded',
      error: null,
      hyperparameters: null,
      method: {
        type: 'dpo',
        dpo: {
          hyperparameters: { n_epochs: 3, batch_size: 1, learning_rate_multiplier: 1, beta: 0.1 },
        },
      },
    })
  })

  test('learns the preference: also of pairs that it has not seen, the chosen answer gains on the other', () => {
    const [first, last] = [steps[0], steps.at(-1)]
    expect(first?.train_loss).toBeCloseTo(Math.LN2, 3)
    expect(last?.full_valid_loss).toBeLessThan(0.5)
    expect(last?.limerick.full_valid_rewards?.accuracy).toBe(1)
    const margins = steps.flatMap(({ limerick }) => limerick.full_valid_rewards?.margin ?? [])
    expect(margins).toHaveLength(3)
    expect(margins).toEqual(margins.toSorted((a, b) => a - b))
    for (const { limerick, train_loss } of steps) {
      const { chosen = 0, rejected = 0, margin = 0, accuracy } = limerick.train_rewards ?? {}
      expect(margin).toBeCloseTo(chosen - rejected, 6)
      expect(accuracy).toBe(Number(margin > 0))
      expect(train_loss).toBeCloseTo(Math.log1p(Math.exp(-margin)), 6)
      expect(limerick.losses[0]).toBeCloseTo(train_loss ?? Number.NaN, 6)
    }
  })

  test('its checkpoints and its result file have the rewards', async () => {
    const { data } = await client.fineTuning.jobs.checkpoints.list(job.id)
    for (const { metrics, limerick } of data as WireCheckpoint[]) {
      expect(Object.keys(metrics)).not.toContain('limerick')
      expect(limerick.full_valid_rewards?.margin).toBeGreaterThan(0)
    }
    const file = await client.files.content(job.result_files[0] ?? '')
    const [header = '', ...lines] = (await file.text()).trimEnd().split('\n')
    expect(header).toBe(
      'step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy,learning_rate,grad_norm,train_rewards_chosen,train_rewards_rejected,train_rewards_accuracy,train_rewards_margin,valid_rewards_chosen,valid_rewards_rejected,valid_rewards_accuracy,valid_rewards_margin',
    )
    expect(lines).toHaveLength(30)
    for (const line of lines) expect(line.split(',')).toHaveLength(header.split(',').length)
  })
})

test('killed with its engine, a job ends with the same losses as one that is not', async () => {
  const folder = await newFolder()
  let own = await startEngine(folder)
  const start = async (target: OpenAI) =>
    target.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file: await upload(target, pairs.slice(0, 10)),
      method: { type: 'dpo', dpo: { hyperparameters: { n_epochs: 2, beta: 0.5 } } },
      seed: 5,
    })
  const lossesOf = async (target: OpenAI, id: string) =>
    (await eventsOf(target, id)).flatMap(({ data }) => {
      const { step, train_loss } = data as StepData
      return step ? [[step, train_loss]] : []
    })
  const { id } = await start(own.client)
  await reachedStep(own.client, id, 12)
  await own.kill()
  own = await startEngine(folder)
  const other = await start(own.client)
  expect((await ended(own.client, id)).status).toBe('succeeded')
  expect((await ended(own.client, other.id)).status).toBe('succeeded')
  expect(await lossesOf(own.client, id)).toEqual(await lossesOf(own.client, other.id))
  await stopEngine(own)
})

test('an adapter is trained by preference, and further from there', async () => {
  const limerick = { method: 'lora' }
  const short = { hyperparameters: { n_epochs: 1 }, limerick }
  const first = await ended(client, (await create(pairs.slice(0, 10), short)).id)
  expect(first.status).toBe('succeeded')
  const again = await create(pairs.slice(0, 10), { ...short, model: first.fine_tuned_model })
  const second = await ended(client, again.id)
  expect(second.status).toBe('succeeded')
  // The reference is the model that the job starts from, with its adapter.
  const [step] = (await eventsOf(client, again.id)).filter(({ type }) => type === 'metrics')
  const data = step?.data as StepData | undefined
  expect(data?.train_loss).toBeCloseTo(Math.LN2, 3)
})

describe('a file is refused in OpenAI’s words', () => {
  const frame = 'The job failed due to an invalid training file. Invalid file format.'

  test('of conversations, for preference', async () => {
    const { error, training_file } = await failureOf(elle.slice(0, 10))
    expect(error).toEqual({
      code: 'invalid_training_file',
      param: 'training_file',
      message: `${frame} Input file ${training_file} is in the fine-tune-chat format, but the specified fine-tuning job is not using 'supervised' as the training method (provided method=dpo).`,
    })
  })

  test('of pairs, for supervised training', async () => {
    const { error, training_file } = await failureOf(pairs.slice(0, 10), { method: { type: 'supervised' } })
    expect(error).toMatchObject({
      code: 'invalid_training_file',
      message: `${frame} Input file ${training_file} is in the fine-tune-preference format, but the specified fine-tuning job is not using 'dpo' as the training method (provided method=supervised).`,
    })
  })

  const row = (change: object) => JSON.stringify({ ...JSON.parse(pairs[0] as string), ...change })
  test.each([
    [{ input: undefined }, "is missing key 'input.messages'."],
    [{ preferred_output: undefined }, "is missing key 'preferred_output'."],
    [
      { preferred_output: [...said('a'), ...said('b')] },
      "'preferred_output' must be a list with exactly one message from the assistant.",
    ],
    [
      { preferred_output: said('same'), non_preferred_output: said('same') },
      "'preferred_output' and 'non_preferred_output' must differ.",
    ],
    [{ weight: 1 }, 'contains an extra "weight".'],
  ])('with %j', async (change, words) => {
    const { error } = await failureOf([...pairs.slice(0, 10), row(change)])
    expect(error).toMatchObject({
      code: 'invalid_file_format',
      param: 'training_file',
      message: expect.stringContaining(`Example 11 ${words}`),
    })
  })

  test('with an answer that is cut off', async () => {
    const long = row({ input: { messages: [{ role: 'user', content: 'neon '.repeat(600) }] } })
    const { error } = await failureOf([...pairs.slice(0, 10), long])
    expect(error?.message).toMatch(/Example 11 has \d+ tokens, .* its whole answer is cut off/)
  })

  test('with too few pairs', async () => {
    expect((await failureOf(pairs.slice(0, 9))).error).toMatchObject({ code: 'invalid_n_examples' })
  })
})
