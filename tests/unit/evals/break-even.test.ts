import { describe, expect, test } from 'vitest'
import { breakEven } from '#lib/evals/break-even.ts'
import type { Quality } from '#lib/evals/cost-schema.ts'
import {
  chatPrice,
  costOf,
  meanChatCost,
  SHIPPED_CHAT_PRICES,
  SHIPPED_PRICES,
  trainingPrice,
} from '#lib/providers/prices.ts'

/** Micro-dollars of a call with the shipped price of a model. */
function call(model: string, prompt: number, completion: number): number {
  const price = chatPrice(SHIPPED_CHAT_PRICES, 'openai', model)
  return price ? meanChatCost(price, { prompt, completion }) : expect.fail(`no price of ${model}`)
}

function training(model: string, tokens: number): number {
  const price = trainingPrice(SHIPPED_PRICES, 'openai', model)
  return price ? costOf(price, tokens) : expect.fail(`no training price of ${model}`)
}

const clear: Quality = { before: 0, after: 1, mean: false, better: 'after', p: 2e-9 }
const alike: Quality = { before: 0.5, after: 0.6, mean: false, better: null, p: 0.6 }

/** docs/lesson.md §5: tokens as counted there, at the shipped prices of gpt-4o-mini. */
describe('the lesson', () => {
  const tuned = call('ft:gpt-4o-mini-2024-07-18:org:elle:AbCd1234', 38, 47.67)
  const base = call('gpt-4o-mini-2024-07-18', 38, 24.6)
  const three = call('gpt-4o-mini-2024-07-18', 231, 60.47)
  const ten = call('gpt-4o-mini-2024-07-18', 38 + 10 * 64.3, 60.47)
  const costs = { training: training('gpt-4o-mini-2024-07-18', 12_362), after: tuned, callsPerDay: 1_000 }

  test('a call costs $0.000020, with three examples $0.000071, fine-tuned $0.000069, with ten $0.000138', () => {
    expect([base, three, tuned, ten].map(Math.round)).toEqual([20, 71, 69, 138])
    expect((costs.training / 1e6).toFixed(3)).toBe('0.037')
  })

  test('against the bare base it costs more and answers better', () => {
    const found = breakEven({ ...costs, before: base }, clear)
    expect(found).toMatchObject({
      verdict: 'buys',
      calls: null,
      quality: { before: 0, after: 1, better: 'after' },
    })
    expect(((found.saving ?? 0) / 1e6).toFixed(6)).toBe('-0.000048')
    expect(breakEven({ ...costs, before: base }, alike).verdict).toBe('never')
    expect(breakEven({ ...costs, before: base }, null).verdict).toBe('never')
  })

  test('against three examples training is paid back after about 16,000 calls', () => {
    const found = breakEven({ ...costs, before: three }, clear)
    expect(found.verdict).toBe('after')
    expect(Math.round((found.calls ?? 0) / 1_000)).toBe(16)
  })

  test('against ten examples training is paid back after about 530 calls', () => {
    const found = breakEven({ ...costs, before: ten }, clear)
    expect(found.verdict).toBe('after')
    expect(Math.round((found.calls ?? 0) / 10)).toBe(53)
    expect(((found.saving ?? 0) / 1e6).toFixed(6)).toBe('0.000070')
  })

  test('on this computer it is free', () => {
    const nothing = { training: 0, before: 0, after: 0, callsPerDay: 1_000 }
    expect(breakEven(nothing, clear)).toMatchObject({ verdict: 'free', quality: clear })
  })
})

test('a missing sum makes the verdict unknown and keeps the quality', () => {
  const costs = { training: null, before: 1, after: 2, callsPerDay: 1 }
  expect(breakEven(costs, clear)).toMatchObject({ verdict: 'unknown', quality: clear })
})

test('calls of equal cost never pay training back', () => {
  expect(breakEven({ training: 5, before: 2, after: 2, callsPerDay: 1 }, clear).verdict).toBe('never')
})
