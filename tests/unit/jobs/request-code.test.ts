import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { changesOf } from '#components/jobs/form-changes.ts'
import { cleanSuffix, daysUntil, modelName, suffixFor } from '#components/jobs/suffix.ts'
import { newJobId } from '#lib/core/ids.ts'
import { codeOf } from '#lib/jobs/request-code.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'

const draft = (more: Partial<JobDraft> = {}): JobDraft => ({
  id: newJobId(),
  providerId: 'embedded',
  model: 'limerick-base',
  training: { datasetId: 'elle', split: 'train' },
  validation: { datasetId: 'elle', split: 'heldout' },
  version: null,
  suffix: 'elle',
  seed: 38,
  hyperparameters: { nEpochs: 5, batchSize: 'auto', learningRateMultiplier: 1.5 },
  beta: null,
  patience: null,
  tuning: null,
  learningRate: null,
  tier: null,
  confirmed: null,
  ...more,
})

const origin = 'http://localhost:3000'
const target = { baseURL: `${origin}/v1`, keyName: 'LIMERICK_KEY', origin }
const code = (language: 'curl' | 'python' | 'typescript', more: Partial<JobDraft> = {}, preference = false) =>
  codeOf(language, { draft: draft(more), target, preference })

const method = {
  type: 'supervised',
  supervised: { hyperparameters: { n_epochs: 5, learning_rate_multiplier: 1.5 } },
}

/** What the TypeScript sends: its arguments, with uploads answered by their names. */
async function sentBy(source: string): Promise<unknown> {
  const [, body] = /jobs\.create\((\{[\s\S]*?\n\})\)/.exec(source) ?? []
  const run = new Function('upload', `return (async () => (${body}))()`) as (
    upload: (name: string) => Promise<string>,
  ) => Promise<unknown>
  return run(async (name) => name)
}

/** What the shell sends, with each upload answered by the name of its file. */
function sentByShell(source: string): unknown {
  const stand = `jq() { cat; }
curl() { case "$*" in *fine_tuning/jobs*) cat;; *file=@*) printf '%s' "$*" | sed 's/.*file=@//';; esac; }
`
  const { stdout, status } = spawnSync('bash', ['-eu', '-c', stand + source], {
    encoding: 'utf8',
    env: { ...process.env, LIMERICK_KEY: 'lk-test' },
  })
  expect(status).toBe(0)
  return JSON.parse(stdout)
}

describe('the request as code', () => {
  test('TypeScript sends what the form would send', async () => {
    expect(await sentBy(code('typescript'))).toEqual({
      model: 'limerick-base',
      training_file: 'train.jsonl',
      validation_file: 'valid.jsonl',
      suffix: 'elle',
      seed: 38,
      method,
    })
  })

  test('of a version are its rows fetched, on both sides', () => {
    const curl = code('curl', { version: 'ver_1' })
    expect(curl).toContain('elle/export?split=train&version=ver_1')
    expect(curl).toContain('elle/export?split=heldout&version=ver_1')
    const other = { datasetId: 'other', split: 'train' } as const
    expect(code('curl', { version: 'ver_1', validation: other })).toContain('other/export?split=train"')
  })

  test('automatic values are not sent', async () => {
    const auto = { nEpochs: 'auto', batchSize: 'auto', learningRateMultiplier: 'auto' } as const
    const plain = { hyperparameters: auto, suffix: '', seed: null, validation: null }
    expect(await sentBy(code('typescript', plain))).toEqual({
      model: 'limerick-base',
      training_file: 'train.jsonl',
    })
    expect(await sentBy(code('typescript', plain, true))).toMatchObject({
      method: { type: 'dpo', dpo: { hyperparameters: {} } },
    })
  })

  test('beta is sent with pairs of answers, and with nothing else', async () => {
    const hyperparameters = { n_epochs: 5, learning_rate_multiplier: 1.5, beta: 0.3 }
    const dpo = { method: { type: 'dpo', dpo: { hyperparameters } } }
    expect(await sentBy(code('typescript', { beta: 0.3 }, true))).toMatchObject(dpo)
    expect(sentByShell(code('curl', { beta: 0.3 }, true))).toMatchObject(dpo)
    expect(code('python', { beta: 0.3 }, true)).toContain('"beta": 0.3')
    expect(await sentBy(code('typescript', { beta: 0.3 }))).toMatchObject({ method })
  })

  test('early stopping is said in each language, where it has an effect', async () => {
    const limerick = { early_stopping: { patience: 2 } }
    expect(await sentBy(code('typescript', { patience: 2 }))).toMatchObject({ limerick })
    expect(sentByShell(code('curl', { patience: 2 }))).toMatchObject({ limerick })
    expect(code('python', { patience: 2 })).toContain(
      'extra_body={\n      "limerick": {\n        "early_stopping"',
    )
    const tuning = { trainer: 'trl', launcher: 'ray', devices: 2, method: 'qlora', maxLength: 512 } as const
    const chosen = {
      ...limerick,
      trainer: 'trl',
      launcher: 'ray',
      devices: 2,
      method: 'qlora',
      max_length: 512,
    }
    expect(await sentBy(code('typescript', { patience: 2, tuning }))).toMatchObject({ limerick: chosen })
    expect(
      sentByShell(
        code('curl', { tuning: { ...tuning, trainer: null, launcher: null, devices: null, method: null } }),
      ),
    ).toMatchObject({
      limerick: { max_length: 512 },
    })
    // Other servers know no trainers.
    expect(await sentBy(code('typescript', { tuning, providerId: 'openai' }))).not.toHaveProperty('limerick')
    for (const none of [{ validation: null }, { providerId: 'openai' as const }])
      expect(await sentBy(code('typescript', { patience: 2, ...none }))).not.toHaveProperty('limerick')
  })

  test('Azure’s tier is no parameter that OpenAI’s libraries know', async () => {
    const azure = { providerId: 'azure-12345678', tier: 'developerTier' } as const
    expect(await sentBy(code('typescript', azure))).toMatchObject({ trainingType: 'developerTier' })
    expect(code('typescript', azure)).toMatch(/@ts-expect-error.*\n {2}trainingType:/)
    expect(code('python', azure)).toContain('extra_body={\n      "trainingType": "developerTier"\n    },\n)')
    expect(code('python', azure)).not.toContain('trainingType=')
  })

  test('curl sends the same JSON', () => {
    expect(sentByShell(code('curl'))).toEqual({
      model: 'limerick-base',
      suffix: 'elle',
      seed: 38,
      method,
      training_file: 'train.jsonl',
      validation_file: 'valid.jsonl',
    })
  })

  test('Python snippet', () => {
    const source = code('python')
    expect(source).toContain('"n_epochs": 5')
    expect(source).toContain(`job = client.fine_tuning.jobs.create(
    model="limerick-base",
    training_file=upload(
        "train.jsonl",
        "http://localhost:3000/api/datasets/elle/export?split=train",
    ),
    validation_file=upload(
        "valid.jsonl",
        "http://localhost:3000/api/datasets/elle/export?split=heldout",
    ),
    suffix="elle",
    seed=38,
    method={`)
  })

  test('a name with quotes is escaped', async () => {
    const model = 'a\\"); process.exit(1); ("$(exit 1)`exit 1`$HOME'
    expect(await sentBy(code('typescript', { model }))).toMatchObject({ model })
    expect(sentByShell(code('curl', { model }))).toMatchObject({ model })
    expect(code('python', { model })).toContain(`model=${JSON.stringify(model)},`)
  })

  test('has no retries and no key', () => {
    expect(code('typescript')).toContain('maxRetries: 0')
    expect(code('python')).toContain('max_retries=0')
    for (const language of ['curl', 'python', 'typescript'] as const)
      expect(code(language)).toMatch(/LIMERICK_KEY/)
  })
})

describe('a job made from another', () => {
  const name = { provider: (id: string) => id, dataset: (id: string) => id }

  test('lists the differences in the order of the form', () => {
    const after = draft({ seed: null, hyperparameters: { ...draft().hyperparameters, nEpochs: 10 } })
    expect(changesOf(draft(), after, name)).toEqual([
      { name: 'seed', before: '38', after: '–' },
      { name: 'epochs', before: '5', after: '10' },
    ])
    expect(changesOf(draft(), draft(), name)).toEqual([])
  })

  test('finds other rows of the same dataset', () => {
    const after = draft({ validation: { datasetId: 'elle', split: 'train' } })
    expect(changesOf(draft(), after, name)).toMatchObject([{ name: 'validation' }])
  })
})

describe('a name', () => {
  test.each([
    ['My Élle v2!', 'my-elle-v2'],
    ['--a--', 'a'],
    ['!!!', ''],
    ['x'.repeat(80), 'x'.repeat(64)],
    [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
  ])('%s becomes "%s"', (typed, clean) => expect(cleanSuffix(typed)).toBe(clean))

  test("becomes part of the model's name", () => {
    expect(modelName('embedded', 'limerick-base', 'elle')).toBe('ft:limerick-base:limerick:elle:…')
    expect(modelName('openai', 'ft:gpt-4o-mini-2024-07-18:acme::x', 'elle')).toBe(
      'ft:gpt-4o-mini-2024-07-18:…:elle:…',
    )
  })
})

test('a base model is shut down on the day itself', () => {
  const noon = Date.parse('2026-11-22T12:00:00Z')
  expect(daysUntil('2027-01-14', noon)).toBe(53)
  expect(daysUntil('2026-11-23', noon)).toBe(1)
  expect(daysUntil('2026-11-22', noon)).toBeLessThanOrEqual(0)
})

test.each([
  ['Elle', 'elle'],
  ['support questions of the year, and all of their answers', 'support-questions-of-the-year-and-all-of'],
  ['a-name-that-would-be-cut-in-the-middle-of-a-word', 'a-name-that-would-be-cut-in-the-middle'],
  ['x'.repeat(60), 'x'.repeat(40)],
  ['قصائد', ''],
])('%s is proposed as the suffix %s', (name, suffix) => expect(suffixFor(name)).toBe(suffix))
