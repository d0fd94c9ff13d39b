import { describe, expect, test } from 'vitest'
import { readModel } from '#lib/providers/catalog.ts'
import { kindOf } from '#lib/providers/model-kind.ts'

describe('kinds of models', () => {
  test.each([
    ['limerick-base', 'base'],
    ['gpt-4o-mini-2024-07-18', 'base'],
    ['Qwen/Qwen3-32B', 'base'],
    ['ft:limerick-base:limerick:elle:AbCd1234', 'fine-tuned'],
    ['gpt-4.1-mini-2025-04-14.ft-0f3a9c', 'fine-tuned'],
    ['gpt-35-turbo-0125.ft-0e208cf33a6a466994aff31a08aba678-poems', 'fine-tuned'],
    ['gpt-35-turbo-0125.ft-0e208cf33a6a:ckpt-step-90', 'checkpoint'],
    ['ft:limerick-base:limerick:elle:AbCd1234:ckpt-step-80', 'checkpoint'],
  ])('%s is %s', (id, kind) => expect(kindOf(id)).toBe(kind))
})

describe('a served model', () => {
  const served = {
    id: 'gpt-4o-2024-08-06',
    object: 'model',
    created: 1_722_814_719,
    shutdown_date: '2027-01-14',
  }

  test('keeps the known fields', () => {
    expect(readModel('openai', served)).toEqual({
      providerId: 'openai',
      id: 'gpt-4o-2024-08-06',
      kind: 'base',
      trainable: true,
      createdAt: 1_722_814_719_000,
      shutdownDate: '2027-01-14',
      context: 65_536,
      bits: null,
      training: null,
    })
  })

  test.each([
    ['gpt-35-turbo-0125', 16_385],
    ['gpt-35-turbo-0613', 4_096],
    ['gpt-4.1-2025-04-14', 65_536],
    ['Ministral-3B', null],
  ])('at Azure reads as much as at OpenAI: %s', (id, context) => {
    expect(readModel('azure', { id })).toMatchObject({ trainable: true, context })
  })

  test('of a server that only answers is not trained', () => {
    expect(readModel('vllm', { id: 'Qwen/Qwen3-8B' })).toMatchObject({ kind: 'base', trainable: false })
  })

  test('of the engine has its context length and training speed', () => {
    const limerick = {
      base: 'limerick-base',
      context: 512,
      decoding: { bits: 8 },
      training: { tokens_per_second: 2_190 },
    }
    expect(readModel('embedded', { id: 'limerick-base', limerick })).toMatchObject({
      context: 512,
      bits: 8,
      training: { tokensPerSecond: 2_190, measuredAt: null, needs: null },
    })
    const memory = { fixed: 3, per_token: 2, per_token_squared: 1 }
    const needs = { memory, preference_memory: memory, disk: 4, free: { memory: 5, disk: 6 } }
    const told = { ...limerick, training: { ...limerick.training, ...needs } }
    const read = { fixed: 3, perToken: 2, perTokenSquared: 1 }
    expect(readModel('embedded', { id: 'limerick-base', limerick: told })?.training?.needs).toEqual({
      ...{ memory: read, preferenceMemory: read, disk: 4, free: { memory: 5, disk: 6 } },
    })
    const odd = { context: 'long', training: { tokens_per_second: 0 } }
    expect(readModel('embedded', { id: 'limerick-base', limerick: odd })).toMatchObject({
      context: null,
      training: null,
    })
  })

  test.each([[{ id: 'm', created: 'yesterday', shutdown_date: 'soon' }], [{ id: 'm' }]])(
    'survives odd fields: %o',
    (odd) =>
      expect(readModel('compatible', odd)).toMatchObject({ id: 'm', createdAt: null, shutdownDate: null }),
  )

  test.each([[null], ['m'], [{}], [{ id: '' }], [{ id: 7 }]])('without a valid id is skipped: %o', (odd) =>
    expect(readModel('compatible', odd)).toBeNull(),
  )

  test.each(['text-embedding-3-small', 'whisper-1', 'gpt-4o-realtime-preview', 'tts-1-hd', 'dall-e-3'])(
    'that does not chat is left out of OpenAI: %s',
    (id) => expect(readModel('openai', { id })).toBeNull(),
  )

  test.each([
    ['openai', 'gpt-4o-mini-2024-07-18', true],
    ['openai', 'ft:gpt-4.1-mini-2025-04-14:org:x:1', true],
    ['openai', 'gpt-4.1-nano-2025-04-14', false],
    ['openai', 'gpt-6-luna', false],
    ['compatible', 'any', true],
    ['embedded', 'ft:limerick-base:limerick:elle:A:ckpt-step-80', true],
    ['compatible', 'ft:base:org:elle:A:ckpt-step-80', false],
  ] as const)('of %s, %s: trainable %s', (providerId, id, trainable) =>
    expect(readModel(providerId, { id })?.trainable).toBe(trainable),
  )
})
