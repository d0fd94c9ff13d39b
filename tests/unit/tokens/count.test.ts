import { describe, expect, it } from 'vitest'
import { exampleTokens } from '#lib/tokens/chat.ts'
import { countExample, countTokens } from '#lib/tokens/count.ts'
import { encodingOf } from '#lib/tokens/encoding.ts'

describe('countTokens', () => {
  it.each([
    ['tiktoken is great!', 6, 6],
    ['antidisestablishmentarianism', 6, 6],
    ['2 + 2 = 4', 7, 7],
    ['お誕生日おめでとう', 8, 9],
    ['', 0, 0],
  ])('counts %j like the published encodings', (text, o200k, cl100k) => {
    expect([countTokens(text, 'o200k_base'), countTokens(text, 'cl100k_base')]).toEqual([o200k, cl100k])
  })

  it('counts a special token as plain text', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(1)
    expect(countTokens('<|im_end|>')).toBeGreaterThan(1)
  })
})

describe('exampleTokens', () => {
  const messages = [
    { role: 'system', content: 'be kind' },
    { role: 'user', content: 'hi', name: 'Ann' },
    { role: 'assistant', content: 'hello there', weight: 0 },
    { role: 'assistant', content: 'hello again dear' },
  ]
  const words = (text: string) => text.split(' ').length

  it('adds 3 per message, 1 per name and 3 per example', () => {
    const tokens = exampleTokens({ messages }, words)
    expect(tokens.messages).toEqual([3 + 1 + 2, 3 + 1 + 1 + 1 + 1, 3 + 1 + 2, 3 + 1 + 3])
    expect(tokens.total).toBe(6 + 7 + 6 + 7 + 3)
  })

  it('trains on the text and end marker of assistant messages of weight 1', () => {
    expect(exampleTokens({ messages }, words).trained).toBe(3 + 1)
  })

  it('counts a whole preference pair, and trains on both answers only', () => {
    const answer = (content: string) => [{ role: 'assistant', content }]
    const pair = {
      input: { messages },
      preferred_output: answer('good answer'),
      non_preferred_output: answer('a bad answer'),
    }
    const tokens = exampleTokens(pair, words)
    expect(tokens.messages).toEqual([6, 7, 6, 7, 3 + 1 + 2, 3 + 1 + 3])
    expect(tokens.total).toBe(6 + 7 + 6 + 7 + 6 + 7 + 3)
    expect(tokens.trained).toBe(2 + 1 + 3 + 1)
  })

  it('counts tool definitions and calls as their JSON text', () => {
    const plain = countExample({ messages })
    const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }]
    const call = [{ id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{}' } }]
    const withTools = countExample({
      messages: [...messages, { role: 'assistant', tool_calls: call }],
      tools,
    })
    expect(withTools.total).toBeGreaterThan(plain.total + 20)
    expect(withTools.messages).toHaveLength(5)
  })
})

describe('encodingOf', () => {
  it.each([
    ['gpt-3.5-turbo-0125', 'cl100k_base'],
    ['gpt-4-0613', 'cl100k_base'],
    ['ft:gpt-3.5-turbo:acme::abc', 'cl100k_base'],
    ['gpt-35-turbo', 'cl100k_base'],
    ['gpt-4o-mini-2024-07-18', 'o200k_base'],
    ['gpt-4.1-nano', 'o200k_base'],
    ['ft:gpt-4o-2024-08-06:acme::abc', 'o200k_base'],
    ['gpt-5', 'o200k_base'],
    ['meta-llama/Llama-3', 'o200k_base'],
  ])('of %s is %s', (model, encoding) => {
    expect(encodingOf(model)).toBe(encoding)
  })
})
