import { describe, expect, it } from 'vitest'
import { exampleTokens } from '#lib/tokens/chat.ts'
import { countExample, countTokens, MAX_RUN } from '#lib/tokens/count.ts'

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

  it('takes what looks like a special token as text', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(1)
    expect(countTokens('<|im_end|>')).toBeGreaterThan(1)
  })

  it.each([['a'], ['='], ['𐐀'], ['\u0301'], [' ']])('cuts a long run of %j and comes back', (character) => {
    const short = countTokens(character.repeat(MAX_RUN))
    const long = countTokens(character.repeat(MAX_RUN * 40))
    expect(long).toBeGreaterThan(short * 30)
    expect(long).toBeLessThan(short * 50)
  })

  it('leaves the words around a long run as they are', () => {
    const words = 'Tell me about Strontium, please. '
    const run = 'x'.repeat(MAX_RUN)
    expect(countTokens(`${words}${run}${run}`) - countTokens(words)).toBeLessThan(2 * countTokens(run) + 4)
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

  it('trains on assistant turns of weight 1 only', () => {
    expect(exampleTokens({ messages }, words).trained).toBe(7)
  })

  it('counts tool definitions and calls as their text', () => {
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
