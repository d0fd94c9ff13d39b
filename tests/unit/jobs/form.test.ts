import { describe, expect, test } from 'vitest'
import { draftErrors } from '#components/jobs/draft-errors.ts'
import { changesOf, earlierDraft, versionChange } from '#components/jobs/form-changes.ts'
import { choiceKey, choiceOf, type Earlier, firstDraft } from '#components/jobs/form-draft.ts'
import { blockerOf, planOf, problemsOf } from '#components/jobs/form-plan.ts'
import { sweepOf, sweepProblem } from '#components/jobs/form-sweep.tsx'
import { written } from '#components/jobs/persisted-draft.ts'
import { readKept } from '#components/jobs/read-kept.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { combinationsOf, combined } from '#lib/jobs/combinations.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import type { CatalogModel, ProviderWithHealth } from '#lib/providers/schema.ts'

const split = (examples: number, errors = 0) => ({
  examples,
  tokens: examples * 80,
  trainedTokens: examples * 30,
  errors,
  warnings: 0,
})

const dataset = (id: string, train = split(10), heldout = split(0), sample: string | null = null) =>
  ({
    id,
    name: id,
    sample,
    revision: 1,
    createdAt: 0,
    updatedAt: 0,
    train,
    heldout,
    rejected: 0,
    state: train.errors + heldout.errors > 0 ? 'blocked' : 'ready',
    method: 'supervised',
    version: null,
    dirty: true,
    splitLocked: false,
    undo: null,
    redo: null,
    archivedAt: null,
    busy: false,
  }) as const satisfies DatasetSummary

const elle = dataset('elle', split(10), split(30), 'elle')
const broken = dataset('broken', split(6, 5))
const short = dataset('short', split(4, 1))
const datasets = [broken, dataset('mine'), elle, short]

const model = (providerId: CatalogModel['providerId'], id: string, kind: CatalogModel['kind'] = 'base') =>
  ({
    providerId,
    id,
    kind,
    trainable: kind !== 'checkpoint',
    createdAt: null,
    shutdownDate: null,
    context: null,
    bits: null,
    training: null,
  }) as const
const tuned = 'ft:limerick-base:limerick:elle:AbCd1234'
const models = [
  model('embedded', tuned, 'fine-tuned'),
  model('embedded', 'limerick-base'),
  model('openai', 'gpt-4o-mini-2024-07-18'),
]

const provider = (id: ProviderWithHealth['id']): ProviderWithHealth => ({
  id,
  name: id,
  address: '',
  keyEnd: null,
  own: false,
  deployments: {},
  capabilities: capabilitiesOf('openai'),
  health: { state: 'ok', message: null, ms: 1, checkedAt: 0 },
  hold: null,
})
const known = { datasets, models, providers: [provider('embedded'), provider('openai')] }

const begin = (wish = {}) => firstDraft(null, wish, known)
const blocker = (draft = begin()) => blockerOf(draft, datasets, draftErrors(draft))

describe('the first draft', () => {
  test('trains the sample on the built-in base model and validates on its held-out rows', () => {
    expect(begin()).toMatchObject({
      providerId: 'embedded',
      model: 'limerick-base',
      training: { datasetId: 'elle', split: 'train' },
      validation: { datasetId: 'elle', split: 'heldout' },
      suffix: 'elle',
    })
  })

  test('takes data, epochs and model from the address, with the provider of that model', () => {
    const draft = begin({ dataset: 'mine', epochs: 5, model: 'gpt-4o-mini-2024-07-18' })
    expect(draft).toMatchObject({ providerId: 'openai', training: { datasetId: 'mine' }, validation: null })
    expect(draft.hyperparameters.nEpochs).toBe(5)
  })

  test('does not replace a deleted dataset by another', () => {
    expect(blocker(begin({ dataset: 'gone' }))).toEqual({ kind: 'dataset' })
  })

  const made = {
    ...({
      id: 'run_1',
      name: 'broken',
      number: 3,
      providerId: 'embedded',
      model: tuned,
      seed: null,
    } as const),
    datasetId: null,
    trainingFile: 'file-1',
    datasetVersion: null,
    validationDatasetId: null,
    suffix: 'broken',
    beta: null,
    tuning: null,
    learningRate: null,
    patience: null,
    hyperparameters: { nEpochs: 3, batchSize: 'auto', learningRateMultiplier: 2 } as const,
  }

  test.each([
    ['a file that is no dataset here', null],
    ['a dataset that was deleted', 'gone'],
  ])('a job of %s asks for its data, and takes the rest', (_, datasetId) => {
    const draft = firstDraft({ ...made, datasetId }, {}, known)
    expect(draft).toMatchObject({ suffix: 'broken', training: { datasetId: '' }, validation: null })
    expect(blocker(draft)).toEqual({ kind: 'dataset' })
  })

  test('a model that cannot be trained here is left to be chosen, not replaced', () => {
    expect(blocker(begin({ model: 'gpt-9' }))).toEqual({ kind: 'model' })
  })

  test("keeps an earlier job's automatic values, and its validation data", () => {
    const hyperparameters = { nEpochs: 3, batchSize: 'auto', learningRateMultiplier: 2 } as const
    const earlier = {
      id: 'run_1',
      trainingFile: 'file-1',
      name: 'elle',
      number: 1,
      providerId: 'embedded',
      model: tuned,
      seed: 7,
      patience: 3,
      beta: 0.3,
      tuning: null,
      learningRate: null,
    } as const
    const data = { datasetId: 'mine', datasetVersion: 1, validationDatasetId: 'elle', suffix: 'again' }
    const draft = firstDraft({ ...earlier, ...data, hyperparameters }, {}, known)
    expect(draft).toMatchObject({
      model: tuned,
      suffix: 'again',
      seed: 7,
      patience: 3,
      beta: 0.3,
      tuning: null,
      learningRate: null,
      hyperparameters,
    })
    expect(draft.validation).toEqual({ datasetId: 'elle', split: 'heldout' })
  })
})

test('issues of training and held-out rows are counted', () => {
  expect(problemsOf(elle)).toEqual({ examples: 10, errors: 0, warnings: 0 })
  expect(problemsOf({ ...elle, heldout: { ...split(30), warnings: 1 } })).toMatchObject({ warnings: 1 })
})

describe('the plan of a draft', () => {
  test('resolves auto, and multiplies rows by epochs', () => {
    expect(planOf(begin(), datasets)).toMatchObject({ rows: 10, steps: 140, billed: 11_200, cost: 0 })
  })

  test('has a price if it is published, else null', () => {
    const openai = begin({ model: 'gpt-4o-mini-2024-07-18' })
    expect(planOf(openai, datasets)?.cost).toBe(24_000)
    expect(planOf({ ...openai, providerId: 'compatible' }, datasets)?.cost).toBeNull()
  })

  test('uses a price that the user has set', () => {
    const price = { providerId: 'compatible', model: '', perMillion: 1_000_000, own: true } as const
    const prices = [{ ...price, asOf: '2026-11-22', source: 'an invoice' }]
    expect(planOf({ ...begin(), providerId: 'compatible' }, datasets, prices)?.cost).toBe(8_000)
  })
})

describe('what blocks a draft', () => {
  test.each([
    ['broken', { kind: 'problems', count: 5, datasetId: 'broken' }],
    ['short', { kind: 'few', count: 4, datasetId: 'short' }],
    ['elle', null],
  ])('%s', (id, expected) => expect(blocker(begin({ dataset: id }))).toEqual(expected))

  test('preference pairs are trained by the built-in engine and elsewhere', () => {
    const pairs = { ...elle, id: 'pairs', method: 'preference' as const }
    const draft = { ...begin(), training: { datasetId: 'pairs', split: 'train' as const } }
    expect(blockerOf(draft, [...datasets, pairs], {})).toBeNull()
    expect(blockerOf({ ...draft, providerId: 'openai' }, [...datasets, pairs], {})).toBeNull()
  })

  test('errors in the rows chosen for validation', () => {
    const draft = { ...begin(), validation: { datasetId: 'broken', split: 'train' } as const }
    expect(blocker(draft)).toEqual({ kind: 'validation', count: 5, datasetId: 'broken' })
  })

  test('an invalid field is named with its error', () => {
    const draft = begin({ dataset: 'elle' })
    const wrong = {
      ...draft,
      suffix: 'Bad Suffix',
      hyperparameters: { ...draft.hyperparameters, nEpochs: 99 },
    }
    expect(draftErrors(wrong)).toMatchObject({
      suffix: { message: 'Use lowercase letters, digits and hyphens.' },
      'hyperparameters.nEpochs': { message: 'At most 50 epochs.', values: { maximum: 50 } },
    })
    expect(blocker(wrong)).toEqual({ kind: 'draft', fields: ['suffix', 'hyperparameters.nEpochs'] })
  })
})

describe('the provider of a draft', () => {
  const draft = begin({ dataset: 'elle' })
  const at = (place: Parameters<typeof blockerOf>[3]) => blockerOf(draft, datasets, {}, place)
  const base = model('embedded', 'limerick-base')
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

  test('a base model that was shut down is blocked, one that will be is not', () => {
    expect(at({ model: { ...base, shutdownDate: day(0) } })).toEqual({ kind: 'closed' })
    expect(at({ model: { ...base, shutdownDate: day(30) } })).toBeNull()
  })

  test('a provider in backoff, or not configured, blocks the draft', () => {
    const hold = { reason: 'quota', message: 'No money.', until: null, since: 0 } as const
    const held = { provider: { ...provider('openai'), hold } }
    expect(at(held)).toEqual({ kind: 'hold' })
    expect(blockerOf({ ...draft, model: '' }, datasets, {}, held)).toEqual({ kind: 'hold' })
    expect(at({ provider: null })).toEqual({ kind: 'provider' })
    expect(at({ provider: provider('openai') })).toBeNull()
  })

  test("the last epochs' checkpoints are kept; unknown at compatible servers", () => {
    const kept = (part: Partial<typeof draft>) => planOf({ ...draft, ...part }, datasets)?.kept
    expect(kept({})).toBe(3)
    expect(kept({ hyperparameters: { ...draft.hyperparameters, nEpochs: 2 } })).toBe(2)
    expect(kept({ providerId: 'compatible' })).toBe(0)
  })
})

describe('a stored draft', () => {
  const draft = { ...begin(), suffix: 'Not right yet!', confirmed: 12 }
  const tooMany = { ...draft, hyperparameters: { ...draft.hyperparameters, nEpochs: 99 } }

  test('is restored as typed, with its id and without a confirmed sum', () => {
    expect(readKept(written('', tooMany), '')).toEqual({ ...tooMany, confirmed: null })
  })

  test('is restored for the same address, or for one without parameters', () => {
    const text = written('{"run":12}', draft)
    expect(readKept(text, '{"run":12}')?.id).toBe(draft.id)
    expect(readKept(text, '')?.id).toBe(draft.id)
    expect(readKept(text, '{"run":13}')).toBeNull()
    expect(readKept(written('', draft), '{"run":12}')).toBeNull()
  })

  test.each([null, '', 'no JSON', '{}', '{"origin":"","draft":{"id":"run_1"}}'])('%j is no draft', (text) =>
    expect(readKept(text, '')).toBeNull(),
  )
})

describe('a draft made from a job', () => {
  const hyperparameters = { nEpochs: 3, batchSize: 'auto', learningRateMultiplier: 2 } as const
  const earlier: Earlier = {
    id: 'run_12',
    trainingFile: 'file-1',
    name: 'elle',
    number: 12,
    providerId: 'openai',
    model: tuned,
    suffix: null,
    seed: 7,
    beta: null,
    tuning: null,
    learningRate: null,
    patience: null,
    datasetId: 'elle',
    datasetVersion: 1,
    validationDatasetId: 'elle',
    hyperparameters,
  }
  const names = { provider: (id: string) => `at ${id}`, dataset: (id: string) => id || '–' }
  const changed = (of: Earlier, wish = {}, part = {}) => {
    const first = firstDraft(of, {}, known)
    return changesOf(earlierDraft(of, first), { ...firstDraft(of, wish, known), ...part }, names)
  }

  test('has no differences until something is changed, then all of them', () => {
    expect(changed(earlier)).toEqual([])
    const part = { providerId: 'embedded', seed: null, suffix: 'x', beta: 0.5 }
    expect(changed(earlier, { epochs: 5 }, part)).toEqual([
      { name: 'provider', before: 'at openai', after: 'at embedded' },
      { name: 'suffix', before: '–', after: 'x' },
      { name: 'seed', before: '7', after: '–' },
      { name: 'epochs', before: '3', after: '5' },
      { name: 'beta', before: 'auto', after: '0.5' },
    ])
  })

  test('of a job whose data is gone has no data yet', () => {
    const gone = { ...earlier, datasetId: 'gone', validationDatasetId: null }
    expect(changed(gone)).toEqual([{ name: 'training', before: 'gone', after: '–' }])
  })

  test('elsewhere keeps what fits there; the rate is automatic, the model one of its own', () => {
    expect(changed(earlier, { provider: 'embedded' })).toEqual([
      { name: 'provider', before: 'at openai', after: 'at embedded' },
      { name: 'model', before: earlier.model, after: 'limerick-base' },
      { name: 'multiplier', before: '2', after: 'auto' },
    ])
    const ours = { ...earlier, providerId: 'embedded', model: 'limerick-base', patience: 3 } as const
    expect(changed(ours, { provider: 'openai' })).toEqual([
      { name: 'provider', before: 'at embedded', after: 'at openai' },
      { name: 'model', before: 'limerick-base', after: 'gpt-4o-mini-2024-07-18' },
      { name: 'multiplier', before: '2', after: 'auto' },
      { name: 'patience', before: '3', after: '–' },
    ])
  })

  test('of a job whose rows were edited since has that difference', () => {
    const now = firstDraft(earlier, {}, known)
    expect(versionChange(earlier, now, 2)).toEqual([{ name: 'training', before: 'v1', after: 'v2' }])
    expect(versionChange(earlier, now, 1)).toEqual([])
    expect(versionChange({ ...earlier, datasetId: 'mine' }, now, 2)).toEqual([])
  })
})

describe('several values', () => {
  const sweep = (epochs: string, rates: string) => sweepOf({ epochs, rates }, begin())

  test('are a job for each combination, each value once', () => {
    expect(sweep('5, 10 10', '0.5;1')).toEqual({ epochs: [5, 10, 10], rates: [0.5, 1] })
    expect(combinationsOf({ epochs: [5, 10, 10], rates: [] })).toHaveLength(2)
    expect(sweepOf({ epochs: '5, 10', rates: '' }, { ...begin(), providerId: 'openai' })).toBeNull()
  })

  test.each([
    ['', '', null],
    ['5', '', 'single'],
    ['5, x', '', 'values'],
    ['0, 1', '', 'values'],
    ['1, 2', '0', 'values'],
    ['1 2 3 4', '1 2 3', 'many'],
    ['1, 2', '1', null],
  ] as const)('%s and %s: %s', (epochs, rates, problem) => {
    expect(sweepProblem({ epochs, rates })).toBe(problem)
    expect(sweep(epochs, rates) === null).toBe(problem !== null || epochs === '')
  })

  test('are named in the suffix, however long it is', () => {
    const draft = { ...begin(), suffix: 'x'.repeat(64) }
    const { suffix, hyperparameters } = combined(draft, { epochs: 5, rate: 0.25 })
    expect(suffix).toBe(`${'x'.repeat(55)}-e5-r0-25`)
    expect(hyperparameters).toMatchObject({ nEpochs: 5, learningRateMultiplier: 0.25 })
    expect(draftErrors(combined(draft, { epochs: 5, rate: 0.25 }))).toEqual({})
  })
})

test('a choice of rows survives as an option value, whatever its id', () => {
  const choice = { datasetId: 'data_a/b', split: 'heldout' } as const
  expect(choiceOf(choiceKey(choice))).toEqual(choice)
  expect(choiceOf(choiceKey(null))).toBeNull()
})
