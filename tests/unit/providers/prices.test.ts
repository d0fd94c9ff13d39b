import { describe, expect, test } from 'vitest'
import {
  chatCostOf,
  chatPrice,
  costOf,
  SHIPPED_CHAT_PRICES,
  SHIPPED_PRICES,
  trainingPrice,
} from '#lib/providers/prices.ts'
import { type Price, PriceDraft, type ProviderId } from '#lib/providers/schema.ts'

const own = (model: string, perMillion: number, providerId: ProviderId = 'openai'): Price => ({
  providerId,
  model,
  perMillion,
  asOf: '2026-11-22',
  source: 'an invoice',
  own: true,
})
const perMillion = (prices: readonly Price[], providerId: ProviderId, model: string) =>
  trainingPrice(prices, providerId, model)?.perMillion

describe('the price of a model', () => {
  test.each([
    ['gpt-4o-mini-2024-07-18', 3_000_000],
    ['gpt-4o-2024-08-06', 25_000_000],
    ['gpt-4.1-nano-2025-04-14', 1_500_000],
    ['gpt-4.1-mini-2025-04-14.ft-0f3a9c', 5_000_000],
    ['ft:gpt-4.1-2025-04-14:org:elle:AbCd1234', 25_000_000],
    ['gpt-6-luna', undefined],
  ])('%s, as published: %s', (model, price) =>
    expect(perMillion(SHIPPED_PRICES, 'openai', model)).toBe(price),
  )

  test('at Azure is found by either spelling of a name', () => {
    const azure = 'azure-AbCd1234'
    const prices = [own('gpt-3.5-turbo', 3, azure), own('gpt-35-turbo-0613', 4, azure)]
    expect(perMillion(prices, azure, 'gpt-35-turbo-0125.ft-0f3a9c-poems')).toBe(3)
    expect(perMillion(prices, azure, 'gpt-3.5-turbo-0613')).toBe(4)
  })

  test('training here is free, the price at a compatible server is unknown', () => {
    expect(perMillion(SHIPPED_PRICES, 'embedded', 'any')).toBe(0)
    expect(trainingPrice(SHIPPED_PRICES, 'compatible', 'gpt-4o-mini')).toBeNull()
  })

  test('the user’s price replaces a shipped one, and a longer name wins over a shorter one', () => {
    const prices = [...SHIPPED_PRICES, own('gpt-4o', 1), own('gpt-4o-mini-2024-07-18', 2), own('gpt', 9)]
    expect(perMillion(prices, 'openai', 'gpt-4o-2024-08-06')).toBe(1)
    expect(perMillion(prices, 'openai', 'gpt-4o-mini-2024-07-18')).toBe(2)
    expect(perMillion(prices, 'openai', 'gpt-4o-mini-2025-01-01')).toBe(3_000_000)
    expect(perMillion(prices, 'openai', 'gpt-6-luna')).toBe(9)
  })

  test('an empty name applies to all models of a provider', () => {
    expect(perMillion([...SHIPPED_PRICES, own('', 4, 'compatible')], 'compatible', 'Qwen/Qwen3')).toBe(4)
  })
})

test('a hundred thousand tokens in three epochs of the small model cost ninety cents', () => {
  expect(costOf({ perMillion: 3_000_000 }, 300_000)).toBe(900_000)
  expect(costOf({ perMillion: 3_000_000 }, 1)).toBe(3)
  expect(costOf({ perMillion: 1 }, 1)).toBe(1)
})

test.each([
  ['perMillion', { perMillion: -1 }],
  ['perMillion', { perMillion: 0.5 }],
  ['asOf', { asOf: '22.11.2026' }],
  ['asOf', { asOf: '2026-02-30' }],
  ['source', { source: ' ' }],
])('a price with a wrong %s is refused: %o', (field, wrong) => {
  const { error } = PriceDraft.safeParse({ ...own('gpt-4o', 1), ...wrong })
  expect(error?.issues.map(({ path }) => path[0])).toEqual([field])
})

describe('answers', () => {
  test.each([
    ['gpt-4o-mini-2024-07-18', 0.15, 0.6],
    ['ft:gpt-4o-mini-2024-07-18:org:elle:AbCd1234', 0.3, 1.2],
    ['ft:gpt-4o-mini-2024-07-18:org:elle:AbCd1234:ckpt-step-90', 0.3, 1.2],
    ['gpt-4.1-mini-2025-04-14.ft-0f3a9c', 0.8, 3.2],
    ['gpt-4o-2024-08-06', 2.5, 10],
    ['gpt-4o-2024-05-13', 5, 15],
    ['ft:gpt-4.1-2025-04-14:org:elle:AbCd1234', 3, 12],
    ['babbage-002', 0.4, 0.4],
    ['ft:babbage-002:org::AbCd1234', 1.6, 1.6],
  ])('%s has the price that was published for it', (model, input, output) => {
    const price = chatPrice(SHIPPED_CHAT_PRICES, 'openai', model)
    expect(price).toMatchObject({ input: input * 1_000_000, output: output * 1_000_000 })
  })

  test('cost more of a fine-tuned model than of its base model, for every trainable model', () => {
    for (const { model } of SHIPPED_PRICES.filter(({ providerId }) => providerId === 'openai')) {
      const [base, tuned] = [model, `ft:${model}:org:elle:AbCd1234`].map((name) =>
        chatPrice(SHIPPED_CHAT_PRICES, 'openai', name),
      )
      expect(tuned?.input, model).toBeGreaterThan(base?.input ?? Number.POSITIVE_INFINITY)
      expect(tuned?.output, model).toBeGreaterThan(base?.output ?? Number.POSITIVE_INFINITY)
      for (const price of [base, tuned])
        expect(price).toMatchObject({
          asOf: expect.stringMatching(/^2026-/),
          source: expect.stringMatching(/OpenAI/),
        })
    }
  })

  test("of a fine-tuned model take the base model's price everywhere but at OpenAI", () => {
    const price = (providerId: ProviderId, model: string) => ({
      providerId,
      model,
      input: 7,
      cachedInput: null,
      output: 9,
      asOf: '2026-11-22',
      source: 'an invoice',
      own: true,
    })
    const prices = [price('openai', 'gpt-6'), price('compatible', 'Qwen/Qwen3'), price('compatible', '')]
    expect(chatPrice(prices, 'openai', 'gpt-6-luna')?.input).toBe(7)
    expect(chatPrice(prices, 'openai', 'ft:gpt-6-luna:org::AbCd1234')).toBeNull()
    expect(chatPrice(prices, 'compatible', 'ft:Qwen/Qwen3:org::AbCd1234')?.model).toBe('Qwen/Qwen3')
    expect(chatPrice(prices, 'compatible', 'ft:other:org::AbCd1234')?.model).toBe('')
  })

  test('are free here, and unpriced at a compatible server', () => {
    expect(chatPrice(SHIPPED_CHAT_PRICES, 'embedded', 'limerick-base')).toMatchObject({ input: 0, output: 0 })
    expect(chatPrice(SHIPPED_CHAT_PRICES, 'compatible', 'gpt-4o')).toBeNull()
  })

  test('cost less for cached tokens, and are rounded up to a micro-dollar', () => {
    const price = { input: 300_000, cachedInput: 150_000, output: 1_200_000 }
    expect(chatCostOf(price, { prompt: 1_000, cached: 400, completion: 100 })).toBe(180 + 60 + 120)
    expect(chatCostOf(price, { prompt: 1, completion: 0 })).toBe(1)
    expect(chatCostOf({ ...price, cachedInput: null }, { prompt: 10, cached: 10, completion: 0 })).toBe(3)
  })
})
