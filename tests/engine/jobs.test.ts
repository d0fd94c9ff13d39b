import { readFileSync } from 'node:fs'
import type OpenAI from 'openai'
import type { FineTuningJobEvent } from 'openai/resources/fine-tuning/jobs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cleanSuffix } from '#lib/engine/job-request.ts'
import type { StepData, WireJob } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  eventsOf,
  limericks,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  upload,
} from '#tests/support/engine.ts'

let engine: TestEngine
let client: OpenAI
let training: string
let validation: string

beforeAll(async () => {
  engine = await startEngine(await newFolder())
  client = engine.client
  training = await upload(client, elle.slice(0, 10))
  validation = await upload(client, elle.slice(10, 15))
})
afterAll(() => stopEngine(engine))

describe('a job on ten examples with everything automatic', () => {
  let created: WireJob
  let atCreation: FineTuningJobEvent[]
  let job: WireJob
  let events: FineTuningJobEvent[]

  beforeAll(async () => {
    created = (await client.fineTuning.jobs.create({
      model: 'gpt-3.5-turbo-0125',
      training_file: training,
      validation_file: validation,
      suffix: ' My Elle! ',
      seed: 7,
      metadata: { intent: 'first', 'a"b': "it's" },
    })) as WireJob
    atCreation = (await client.fineTuning.jobs.listEvents(created.id)).data
    await client.files.delete(validation) // the job has its own copy
    job = await ended(client, created.id)
    events = await eventsOf(client, created.id)
  })

  test('starts out validating, with two events and nothing resolved', () => {
    expect(created).toMatchObject({
      object: 'fine_tuning.job',
      status: 'validating_files',
      model: 'limerick-base',
      fine_tuned_model: null,
      finished_at: null,
      trained_tokens: null,
      error: null,
      result_files: [],
      seed: 7,
      hyperparameters: { n_epochs: 'auto', batch_size: 'auto', learning_rate_multiplier: 'auto' },
      metadata: { intent: 'first', 'a"b': "it's" },
    })
    expect(created.id).toMatch(/^ftjob-[A-Za-z0-9]{24}$/)
    expect(atCreation.slice(-2).map(({ message }) => message)).toEqual([
      `Validating training file: ${training} and validation file: ${validation}`,
      `Created fine-tuning job: ${created.id}`,
    ])
  })

  test('succeeds with automatic values as numbers', () => {
    const hyperparameters = { n_epochs: 14, batch_size: 1, learning_rate_multiplier: 1 }
    expect(job).toMatchObject({
      status: 'succeeded',
      error: null,
      estimated_finish: null,
      hyperparameters,
      method: { type: 'supervised', supervised: { hyperparameters } },
    })
    expect(job.fine_tuned_model).toMatch(/^ft:limerick-base:limerick:my-elle:[A-Za-z0-9]{8}$/)
    expect(job.trained_tokens).toBeGreaterThan(1000)
    const { validating_files = 0, queued = 0, running = 0, succeeded = 0 } = job.limerick.status_times
    expect([validating_files, queued, running, succeeded]).toEqual(
      [validating_files, queued, running, succeeded].sort((a, b) => a - b),
    )
    expect(validating_files).toBeGreaterThan(1e12)
  })

  /** The step with the least loss on the whole validation file. */
  const best = () => {
    const validated = events.flatMap(({ data }) => {
      const { step, full_valid_loss } = data as StepData
      return full_valid_loss === undefined ? [] : [{ step, full_valid_loss }]
    })
    return validated.toSorted((a, b) => a.full_valid_loss - b.full_valid_loss)[0]?.step ?? 0
  }

  test('tells its whole life in OpenAI’s words and order', async () => {
    const { data: checkpoints } = await client.fineTuning.jobs.checkpoints.list(job.id)
    const snapshot = (step: number) =>
      checkpoints.find(({ step_number }) => step_number === step)?.fine_tuned_model_checkpoint
    const around = events
      .filter(({ type }) => type !== 'metrics')
      .map(({ level, message }) => `${level}: ${message}`)
    expect(around).toEqual([
      `info: Created fine-tuning job: ${job.id}`,
      `info: Validating training file: ${training} and validation file: ${validation}`,
      'info: Files validated, moving job to queued state',
      'info: Fine-tuning job started',
      `info: Checkpoint created at step ${best()} with Snapshot ID: ${snapshot(best())}`,
      `info: Checkpoint created at step 120 with Snapshot ID: ${snapshot(120)}`,
      `info: Checkpoint created at step 130 with Snapshot ID: ${snapshot(130)}`,
      `info: New fine-tuned model created: ${job.fine_tuned_model}`,
      'info: The job has successfully completed',
    ])
    const steps = events.slice(4, 144)
    expect(steps.every(({ type }) => type === 'metrics')).toBe(true)
    expect(steps.map(({ data }) => (data as StepData).step)).toEqual(
      Array.from({ length: 140 }, (_, index) => index + 1),
    )
    expect(events.every(({ object }) => object === 'fine_tuning.job.event')).toBe(true)
  })

  test('says the numbers of every step in full, and rounded in its message', () => {
    for (const { message, data } of events.slice(4, 144)) {
      const step = data as StepData
      const valid = step.valid_loss === undefined ? '' : `, validation loss=${step.valid_loss.toFixed(2)}`
      const full =
        step.full_valid_loss === undefined ? '' : `, full validation loss=${step.full_valid_loss.toFixed(2)}`
      expect(message).toBe(
        `Step ${step.step}/140: training loss=${step.train_loss?.toFixed(2)}${valid}${full}`,
      )
      expect(step.total_steps).toBe(140)
      expect(step.limerick.rows).toHaveLength(1)
      expect(step.limerick.losses).toHaveLength(1)
      expect(step.limerick.learning_rate).toBeGreaterThan(0)
      expect(step.limerick.grad_norm).toBeGreaterThan(0)
      expect('full_valid_loss' in step).toBe(step.step % 10 === 0)
      expect(Object.values(step).includes(null as never)).toBe(false)
    }
  })

  test('learns', () => {
    const losses = events.slice(4, 144).map(({ data }) => (data as StepData).train_loss ?? Number.NaN)
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 10)) / 5)
  })

  test('keeps the last three epochs and the best one, each under an id of its own', async () => {
    const { data } = await client.fineTuning.jobs.checkpoints.list(job.id)
    expect(data.map(({ step_number }) => step_number)).toEqual([130, 120, best()])
    const names = data.map(({ fine_tuned_model_checkpoint: name }) => name)
    for (const [index, name] of names.entries())
      expect(name).toMatch(
        new RegExp(
          `^ft:limerick-base:limerick:my-elle:[A-Za-z0-9]{8}:ckpt-step-${data[index]?.step_number}$`,
        ),
      )
    const ids = [...names, job.fine_tuned_model ?? ''].map((name) => name.split(':')[4])
    expect(new Set(ids).size).toBe(4)
    for (const { id, metrics, step_number } of data) {
      expect(id).toMatch(/^ftckpt_/)
      expect(metrics).toMatchObject({
        step: step_number,
        train_loss: expect.any(Number),
        full_valid_loss: expect.any(Number),
      })
    }
    const one = await client.fineTuning.jobs.checkpoints.list(job.id, { limit: 1 })
    expect(one.has_more).toBe(true)
    expect((await one.getNextPage()).data.map(({ step_number }) => step_number)).toEqual([120])
  })

  test('leaves its metrics as a file', async () => {
    const [id = ''] = job.result_files
    expect(await client.files.retrieve(id)).toMatchObject({
      purpose: 'fine-tune-results',
      filename: 'step_metrics.csv',
    })
    const lines = (await (await client.files.content(id)).text()).trimEnd().split('\n')
    expect(lines[0]).toBe(
      'step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy,learning_rate,grad_norm',
    )
    expect(lines).toHaveLength(141)
    expect(lines[1]).toMatch(/^1,\d+\.\d{5},\d\.\d{5},,,0\.0001\d*,\d+\.\d+$/)
    expect(lines[140]).toMatch(/^140,\d+\.\d{5},\d\.\d{5},\d+\.\d{5},\d\.\d{5},[\d.e-]+,[\d.]+$/)
  })

  test('has its events in pages, newest first', async () => {
    const seen = []
    let page = await client.fineTuning.jobs.listEvents(job.id, { limit: 30 })
    for (;;) {
      seen.push(...page.data)
      if (!page.hasNextPage()) break
      page = await page.getNextPage()
    }
    expect(seen.toReversed()).toEqual(events)
    expect((await client.fineTuning.jobs.listEvents(job.id)).data).toHaveLength(20)
  })

  test('has no page behind an id of another list, not even a deleted one', async () => {
    const file = await upload(client, limericks(1))
    await client.files.delete(file)
    const other = await client.fineTuning.jobs.create({ model: 'limerick-base', training_file: training })
    await client.fineTuning.jobs.cancel(other.id)
    const [event] = (await client.fineTuning.jobs.listEvents(other.id)).data
    const refused = { status: 400, param: 'after' }
    for (const after of [file, event?.id ?? '']) {
      await expect(client.fineTuning.jobs.listEvents(job.id, { after })).rejects.toMatchObject(refused)
      await expect(client.fineTuning.jobs.checkpoints.list(job.id, { after })).rejects.toMatchObject(refused)
    }
    await expect(client.fineTuning.jobs.list({ after: file })).rejects.toMatchObject(refused)
  })

  test('is found by its metadata', async () => {
    const ids = async (query: string) => {
      const answer = await fetch(`${engine.baseURL}/fine_tuning/jobs?${query}`, {
        headers: { authorization: `Bearer ${engine.key}` },
      })
      return ((await answer.json()) as { data: WireJob[] }).data.map(({ id }) => id)
    }
    const bySdk = await client.fineTuning.jobs.list({ metadata: { intent: 'first', 'a"b': "it's" } })
    expect(bySdk.data.map(({ id }) => id)).toEqual([job.id])
    expect(await ids('metadata[intent]=first')).toEqual([job.id])
    expect(await ids('metadata[intent]=second')).toEqual([])
    expect(await ids('metadata[intent]=first&metadata[x]=y')).toEqual([])
    expect(await ids('metadata=null')).not.toContain(job.id)
  })

  test('makes a model that is listed, can be trained further, and deleted', async () => {
    const name = job.fine_tuned_model ?? ''
    const { data } = await client.models.list()
    expect(data.map(({ id }) => id)).toEqual(['limerick-base', name])
    expect(await client.models.retrieve(name)).toMatchObject({
      id: name,
      object: 'model',
      owned_by: 'limerick',
    })
    const snapshot =
      (await client.fineTuning.jobs.checkpoints.list(job.id)).data[0]?.fine_tuned_model_checkpoint ?? ''
    expect(await client.models.retrieve(snapshot)).toMatchObject({ id: snapshot })

    const again = await client.fineTuning.jobs.create({
      model: name,
      training_file: training,
      hyperparameters: { n_epochs: 1, batch_size: 5 },
      limerick: { method: 'lora', weight_decay: 0.01 },
    } as OpenAI.FineTuning.JobCreateParams)
    expect(again.model).toBe(name)
    await expect(client.models.delete(name)).rejects.toMatchObject({ status: 400 })
    const second = await ended(client, again.id)
    expect(second).toMatchObject({
      status: 'succeeded',
      limerick: { method: 'lora', weight_decay: 0.01, total_steps: 2 },
    })
    expect(second.fine_tuned_model).toMatch(/^ft:limerick-base:limerick::[A-Za-z0-9]{8}$/)
    const first = (await eventsOf(client, again.id)).find(({ type }) => type === 'metrics')?.data as StepData
    expect(first.train_loss).toBeLessThan(1) // it starts from what the first job learned

    const tuned = second.fine_tuned_model ?? ''
    await expect(client.models.delete(name)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(tuned),
    })
    expect(await client.models.delete(tuned)).toEqual({ id: tuned, object: 'model', deleted: true })
    await expect(client.models.retrieve(tuned)).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
    expect((await client.fineTuning.jobs.retrieve(again.id)).fine_tuned_model).toBe(tuned)
    await expect(client.models.delete('limerick-base')).rejects.toMatchObject({ status: 400 })
  })

  test('cannot be cancelled, paused or resumed any more', async () => {
    await expect(client.fineTuning.jobs.cancel(job.id)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('already succeeded'),
    })
    const refused = { status: 400, message: expect.stringContaining('already succeeded') }
    await expect(client.fineTuning.jobs.pause(job.id)).rejects.toMatchObject(refused)
    await expect(client.fineTuning.jobs.resume(job.id)).rejects.toMatchObject(refused)
  })
})

const field = (name: string) => readFileSync(`tests/fixtures/field/${name}`, 'utf8').trim().split('\n')

describe('examples longer than the model reads', () => {
  const asked = (question: string, answer: string) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: question },
        { role: 'assistant', content: answer },
      ],
    })
  const all = asked('Is it so? '.repeat(200), 'It is.')
  const part = asked('Is it so?', 'It is so. '.repeat(200))

  test('are refused by their number if nothing of their answer is left', async () => {
    const job = await client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file: await upload(client, [...limericks(10), all, part]),
    })
    const failed = await ended(client, job.id)
    expect(failed.error?.message).toMatch(
      /Example 11 has \d+ tokens, of which the model reads 512: its whole answer is cut off, and nothing is left to learn\./,
    )
    expect((await eventsOf(client, job.id)).at(-1)?.data).toMatchObject({
      error_param: 'training_file',
      limerick: { rule: 'over-context', row: 11, line: 11 },
    })
  })

  test('are named with what they lose, and a step without anything to learn has no loss', async () => {
    const weightless = JSON.parse(limericks(1)[0] ?? '')
    weightless.messages[2].weight = 0
    const lines = [...limericks(8), JSON.stringify(weightless), part]
    const job = await client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file: await upload(client, lines),
      method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 1, batch_size: 1 } } },
    })
    const done = await ended(client, job.id)
    expect(done.status).toBe('succeeded')
    const events = await eventsOf(client, job.id)
    const cut = events.find(({ level }) => level === 'warn')
    expect(cut?.message).toMatch(
      /^The model reads 512 tokens .* cut off in 1 of 10 examples \(example 10: the last \d+ tokens of the answer\)$/,
    )
    const examples = [{ row: 10, line: 10, lost: expect.any(Number) }]
    expect(cut?.data).toMatchObject({
      limerick: { cut: { context: 512, rows: 10, part: 1, all: 0, examples } },
    })
    const steps = events.filter(({ type }) => type === 'metrics')
    const silent = steps.find(({ message }) => message.endsWith('nothing to learn in this batch'))
    const step = (silent?.data as StepData | undefined)?.step ?? 0
    expect(silent?.data).toMatchObject({ limerick: { rows: [8], losses: [null] } })
    expect(silent?.data).not.toHaveProperty('train_loss')
    expect(steps.filter(({ data }) => 'train_loss' in (data as StepData))).toHaveLength(9)
    const csv = (await (await client.files.content(done.result_files[0] ?? '')).text()).split('\n')
    expect(csv[step]).toMatch(/^\d+,,,,,[\d.e-]+,$/)
  })
})

describe('a file that cannot be trained on', () => {
  const [good = '', ...others] = limericks(10)
  const withBad = (line: object) => [good, JSON.stringify(line), ...others]

  test.each([
    [
      'too few',
      limericks(5),
      'invalid_n_examples',
      'Training file has 5 example(s), but must have at least 10 examples',
    ],
    [
      'a role missing',
      withBad({ messages: [{ role: 'user', content: 'a' }, { content: 'b' }] }),
      'invalid_training_file',
      "The job failed due to an invalid training file. Invalid file format. Example 2, message 2 Discriminator 'role' is missing in value",
    ],
    [
      'no messages',
      withBad({ prompt: 'a', completion: 'b' }),
      'invalid_file_format',
      "The job failed due to a file format error in the training file. Invalid file format. Example 2 is missing key 'messages'.",
    ],
    [
      'a tool call',
      withBad({
        messages: [
          { role: 'user', content: 'a' },
          {
            role: 'assistant',
            tool_calls: [{ id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'x', content: 'y' },
          { role: 'assistant', content: 'z' },
        ],
      }),
      'invalid_training_file',
      'Example 2, message 2 Tool calls and function calls are not known to this model',
    ],
    [
      'functions of 2023',
      field('22-legacy-function-call.jsonl'),
      'invalid_training_file',
      'Example 1, message 2 Tool calls and function calls are not known to this model',
    ],
    [
      'answers that all stand beyond the context',
      field('41-answer-beyond-context.jsonl'),
      'invalid_training_file',
      'of which the model reads 512: its whole answer is cut off, and nothing is left to learn. So it is in 10 of 10 examples (1, 2, 3, 4, 5, …).',
    ],
  ])('fails in validation: %s', async (_, lines, code, message) => {
    const job = await client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file: await upload(client, lines),
    })
    const failed = await ended(client, job.id)
    expect(failed).toMatchObject({
      status: 'failed',
      fine_tuned_model: null,
      error: { code, param: 'training_file' },
    })
    expect(failed.error?.message).toContain(message)
    expect(Object.keys(failed.limerick.status_times)).toEqual(['validating_files', 'failed'])
    const last = (await eventsOf(client, job.id)).at(-1)
    expect(last).toMatchObject({
      level: 'error',
      message: failed.error?.message,
      data: { error_code: code, error_param: 'training_file' },
    })
  })

  test('says where, when it is the validation file', async () => {
    const bad = await upload(client, [good, '{"messages":[]}'])
    const job = await client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file: training,
      validation_file: bad,
    })
    expect((await ended(client, job.id)).error).toMatchObject({ param: 'validation_file' })
    expect((await eventsOf(client, job.id)).at(-1)?.data).toMatchObject({
      limerick: { line: 2, row: 2, excerpt: { text: '{"messages":[]}', at: expect.any(Number) } },
    })
  })
})

describe('a request for a job', () => {
  const refused = (more: object) =>
    client.fineTuning.jobs
      .create({
        model: 'limerick-base',
        training_file: training,
        ...more,
      } as OpenAI.FineTuning.JobCreateParams)
      .then(
        () => 'accepted',
        (error) => [error.status, error.type, error.param, error.code],
      )

  const dpo = (hyperparameters: object) => ({ method: { type: 'dpo', dpo: { hyperparameters } } })

  test.each([
    [{ model: 'gpt-9' }, 'model', 'model_not_available'],
    [{ model: undefined }, 'model', 'missing_required_parameter'],
    [{ training_file: 'file-nothing' }, 'training_file', 'file_not_found'],
    [{ training_file: '../../engine.db' }, 'training_file', 'file_not_found'],
    [{ validation_file: 'file-nothing' }, 'validation_file', 'file_not_found'],
    [{ hyperparameters: { n_epochs: 51 } }, 'hyperparameters.n_epochs', 'integer_above_max_value'],
    [{ hyperparameters: { n_epochs: 0 } }, 'hyperparameters.n_epochs', 'integer_below_min_value'],
    [{ hyperparameters: { batch_size: 257 } }, 'hyperparameters.batch_size', 'integer_above_max_value'],
    [
      { hyperparameters: { learning_rate_multiplier: 0 } },
      'hyperparameters.learning_rate_multiplier',
      'decimal_below_min_value',
    ],
    [{ hyperparameters: { n_epochs: 'many' } }, 'hyperparameters.n_epochs', 'invalid_type'],
    [{ suffix: 'x'.repeat(65) }, 'suffix', 'string_above_max_length'],
    [{ seed: -1 }, 'seed', 'integer_below_min_value'],
    [{ method: { type: 'reinforcement' } }, 'method.type', 'unsupported_method'],
    [dpo({ beta: 0 }), 'method.dpo.hyperparameters.beta', 'decimal_below_min_value'],
    [dpo({ beta: 2.1 }), 'method.dpo.hyperparameters.beta', 'decimal_above_max_value'],
    [dpo({ loss_type: 'ipo' }), 'method.dpo.hyperparameters.loss_type', 'unknown_parameter'],
    [{ method: { type: 'dpo', supervised: {} } }, 'method.supervised', 'unsupported_parameter'],
    [
      { method: { type: 'supervised', supervised: { hyperparameters: { beta: 0.1 } } } },
      'method.supervised.hyperparameters.beta',
      'unknown_parameter',
    ],
    [
      { integrations: [{ type: 'wandb', wandb: { project: 'x' } }] },
      'integrations',
      'unsupported_integration',
    ],
    [{ metadata: { a: 'x'.repeat(513) } }, 'metadata.a', 'string_above_max_length'],
    [{ metadata: { ['x'.repeat(65)]: 'a' } }, `metadata.${'x'.repeat(65)}`, 'string_above_max_length'],
    [
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) },
      'metadata',
      'object_above_max_properties',
    ],
    [{ hyperparameters: { n_epochs: '3' } }, 'hyperparameters.n_epochs', 'invalid_type'],
    [{ hyperparameters: { n_epochs: 2.5 } }, 'hyperparameters.n_epochs', 'invalid_type'],
    [{ hyperparameters: { learning_rate: 1e-4 } }, 'hyperparameters.learning_rate', 'unknown_parameter'],
    [{ n_epochs: 4 }, 'n_epochs', 'unknown_parameter'],
    [{ batch_size: 4 }, 'batch_size', 'unknown_parameter'],
    [{ learning_rate_multiplier: 2 }, 'learning_rate_multiplier', 'unknown_parameter'],
    [{ hyperparamters: { n_epochs: 4 } }, 'hyperparamters', 'unknown_parameter'],
    [{ weight_decay: 0.1 }, 'weight_decay', 'unknown_parameter'],
    [{ limerick: { rank: 4 } }, 'limerick.rank', 'unknown_parameter'],
    [{ limerick: { weight_decay: 1.5 } }, 'limerick.weight_decay', 'decimal_above_max_value'],
    [{ limerick: { weight_decay: -0.1 } }, 'limerick.weight_decay', 'decimal_below_min_value'],
    [{ limerick: { early_stopping: { patience: 2 } } }, 'validation_file', 'missing_required_parameter'],
    [
      { limerick: { early_stopping: { patience: 0 } } },
      'limerick.early_stopping.patience',
      'integer_below_min_value',
    ],
    [
      { limerick: { early_stopping: { epochs: 2 } } },
      'limerick.early_stopping.patience',
      'missing_required_parameter',
    ],
    [
      { method: { type: 'supervised', hyperparameters: { n_epochs: 4 } } },
      'method.hyperparameters',
      'unknown_parameter',
    ],
    [
      { method: { type: 'supervised', supervised: { n_epochs: 4 } } },
      'method.supervised.n_epochs',
      'unknown_parameter',
    ],
    [
      { method: { type: 'supervised', dpo: { hyperparameters: { beta: 0.1 } } } },
      'method.dpo',
      'unsupported_parameter',
    ],
    [{ suffix: '' }, 'suffix', 'string_below_min_length'],
    [{ method: { supervised: {} } }, 'method.type', 'missing_required_parameter'],
  ])('%j is refused', async (more, param, code) => {
    expect(await refused(more)).toEqual([400, 'invalid_request_error', param, code])
  })

  test('for a model that is not here names those that are', async () => {
    const asked = client.fineTuning.jobs.create({ model: 'my-gpt35', training_file: training })
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('limerick-base') })
  })

  /** Creates a job and stops it at once: only what it was made of matters. */
  async function made(more: object, headers: Record<string, string> = {}): Promise<WireJob> {
    const body = { model: 'limerick-base', training_file: training, ...more }
    const job = await client.fineTuning.jobs.create(body as OpenAI.FineTuning.JobCreateParams, { headers })
    await client.fineTuning.jobs.cancel(job.id)
    return job as WireJob
  }

  test('takes each hyperparameter from its method, else from the top', async () => {
    const job = await made({
      hyperparameters: { n_epochs: 3, batch_size: 2 },
      method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 5 } } },
    })
    expect(job.hyperparameters).toMatchObject({
      n_epochs: 5,
      batch_size: 2,
      learning_rate_multiplier: 'auto',
    })
    const empty = await made({
      hyperparameters: { n_epochs: 3 },
      method: { type: 'supervised', supervised: { hyperparameters: {} } },
    })
    expect(empty.hyperparameters?.n_epochs).toBe(3)
  })

  test.each([
    ['My Model v1.2', 'my-model-v1-2'],
    ['قصائد', 'قصائد'],
    ['ünïcödé', 'ünïcödé'],
    ['--', ''],
  ])('echoes its suffix %j, and names its model by it', async (suffix, clean) => {
    expect((await made({ suffix })).user_provided_suffix).toBe(suffix)
    expect(cleanSuffix(suffix)).toBe(clean)
  })

  test.each([
    [{ validation_file: () => training }, 'is the training file'],
    [{ hyperparameters: () => ({ learning_rate_multiplier: 2e-5 }) }, '1 is the usual value'],
  ])('that was probably not meant so is warned (case %#)', async (more, words) => {
    const [[field = '', value] = []] = Object.entries(more)
    const job = await made({ [field]: value?.() })
    const warnings = (await eventsOf(client, job.id)).filter(({ level }) => level === 'warn')
    expect(warnings).toMatchObject([{ message: expect.stringContaining(words) }])
  })

  test('with what only Azure’s own address needs, and with nulls, is a job like any other', async () => {
    const job = await made({ trainingType: 1, compute: null, hyperparameters: null, validation_file: null })
    expect(job.hyperparameters?.n_epochs).toBe('auto')
  })

  test('with an empty key is a request like any other', async () => {
    const [one, other] = [
      await made({}, { 'idempotency-key': '' }),
      await made({}, { 'idempotency-key': ' ' }),
    ]
    expect(one.id).not.toBe(other.id)
  })

  test('for a job that is not there', async () => {
    await expect(client.fineTuning.jobs.retrieve('ftjob-x')).rejects.toMatchObject({ status: 404 })
    await expect(client.fineTuning.jobs.listEvents('ftjob-x')).rejects.toMatchObject({ status: 404 })
    await expect(client.fineTuning.jobs.cancel('ftjob-x')).rejects.toMatchObject({ status: 404 })
  })

  test('sent twice under one key is one job', async () => {
    const body = { model: 'limerick-base', training_file: await upload(client, limericks(2)) }
    const options = { headers: { 'idempotency-key': 'once' } }
    const twice = await Promise.all([1, 2].map(() => client.fineTuning.jobs.create(body, options)))
    const later = await client.fineTuning.jobs.create(body, options)
    expect(new Set([...twice, later].map(({ id }) => id)).size).toBe(1)
    const { model, training_file } = body
    expect((await client.fineTuning.jobs.create({ training_file, model }, options)).id).toBe(later.id)
    const other = await client.fineTuning.jobs
      .create({ ...body, seed: 1 }, { ...options, maxRetries: 0 })
      .catch((error: unknown) => error)
    expect(other).toMatchObject({ status: 409, code: 'idempotency_key_reused' })
    expect((other as { headers: Headers }).headers.get('x-should-retry')).toBe('false')
  })
})
