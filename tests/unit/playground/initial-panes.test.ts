import { describe, expect, test } from 'vitest'
import { openJob, openModels } from '#lib/playground/initial-panes.ts'
import { kindOf } from '#lib/providers/model-kind.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'

const model = (id: string, createdAt = 0): CatalogModel => ({
  providerId: 'embedded',
  id,
  kind: kindOf(id),
  trainable: true,
  createdAt,
  shutdownDate: null,
  context: null,
  bits: null,
  training: null,
})
const ref = (id: string) => ({ providerId: 'embedded' as const, model: id, fewShot: 0 })

const run = {
  id: 'run_1',
  number: 3,
  status: 'succeeded',
  providerId: 'embedded' as const,
  model: 'limerick-base',
  name: null,
  suffix: 'elle',
  fineTunedModel: 'ft:limerick-base:limerick:elle:AbCd1234',
  systemPrompt: 'Be Elle.',
  question: 'Tell me about Neon',
  datasetId: 'data_1',
  datasetVersion: { id: 'ver_1', number: 1, name: null },
}

describe("the playground's initial state", () => {
  test('of a job: base model beside fine-tuned model, training prompt, held-out question', () => {
    expect(openJob(run)).toEqual({
      run: { id: 'run_1', number: 3, name: null, suffix: 'elle' },
      system: 'Be Elle.',
      prompt: 'Tell me about Neon',
      training: 'Be Elle.',
      heldOut: 'Tell me about Neon',
      panes: [ref('limerick-base'), ref('ft:limerick-base:limerick:elle:AbCd1234')],
      data: { datasetId: 'data_1', versionId: 'ver_1' },
      awaits: false,
      comparison: null,
      preset: null,
    })
  })

  test('of a job without a model, prompt or held-out row leaves them empty', () => {
    const opening = openJob({ ...run, fineTunedModel: null, systemPrompt: null, question: null })
    expect(opening).toMatchObject({ system: '', prompt: '', training: null, heldOut: null })
    expect(opening.panes).toEqual([ref('limerick-base'), null])
  })

  test('awaits the model of a running job, not of an ended one', () => {
    const awaits = (status: string) => openJob({ ...run, fineTunedModel: null, status }).awaits
    expect(['running', 'succeeded', 'failed'].map(awaits)).toEqual([true, false, false])
  })

  test('without a job: a base model beside the newest fine-tuned one', () => {
    const models = [
      model('limerick-base'),
      model('ft:limerick-base:l:a:1', 1),
      model('ft:limerick-base:l:b:2', 2),
    ]
    expect(openModels(models, []).panes).toEqual([ref('limerick-base'), ref('ft:limerick-base:l:b:2')])
  })

  test('without a fine-tuned model: the second pane is empty', () => {
    expect(openModels([model('limerick-base')], []).panes).toEqual([ref('limerick-base'), null])
    expect(openModels([], []).panes).toEqual([null, null])
  })

  test('one model in the address is put beside its counterpart', () => {
    const tuned = 'ft:limerick-base:l:a:1'
    const models = [model('limerick-base'), model(tuned, 1)]
    expect(openModels(models, [ref('other-base')]).panes).toEqual([ref('other-base'), ref(tuned)])
    expect(openModels(models, [ref(`${tuned}:ckpt-step-80`)]).panes).toEqual([
      ref('limerick-base'),
      ref(`${tuned}:ckpt-step-80`),
    ])
  })

  test('several models in the address are taken as they are', () => {
    const several = [ref('x'), ref('y'), ref('x')]
    expect(openModels([model('limerick-base')], several).panes).toEqual(several)
  })
})
