import { describe, expect, it } from 'vitest'
import type { TokenView } from '#lib/datasets/schema.ts'
import { countExample } from '#lib/tokens/count.ts'
import * as tokens from '../../app/api/datasets/tokens/route.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngineHere } from '../support/set-up-engine-here.ts'

const folder = await setUpStudio()

type Base = { providerId: string; model: string } | null

await setUpEngineHere(folder)

async function view(line: unknown, base: Base = null): Promise<TokenView | null> {
  const text = typeof line === 'string' ? line : JSON.stringify(line)
  const request = new Request('http://studio/api/datasets/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ line: text, base }),
  })
  const response = await tokens.POST(request, {})
  expect(response.status).toBe(200)
  return response.json()
}

const gpt = { providerId: 'openai', model: 'gpt-4o-mini-2024-07-18' }
const messages = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'Tell me about 🧪', name: 'Ann' },
  { role: 'assistant', content: 'Not now.', weight: 0 },
  { role: 'user', content: 'Please!' },
  { role: 'assistant', content: 'It is a test tube.' },
]
const text = (seen: TokenView | null, which: (token: TokenView['tokens'][number]) => boolean = () => true) =>
  seen?.tokens
    .filter(which)
    .map((token) => token.text)
    .join('')

describe('what OpenAI’s models see', () => {
  it('is ChatML, and as many tokens as are counted', async () => {
    const seen = await view({ messages }, gpt)
    expect(text(seen)).toBe(
      '<|im_start|>system<|im_sep|>Be kind.<|im_end|>' +
        '<|im_start|>user:Ann<|im_sep|>Tell me about 🧪<|im_end|>' +
        '<|im_start|>assistant<|im_sep|>Not now.<|im_end|>' +
        '<|im_start|>user<|im_sep|>Please!<|im_end|>' +
        '<|im_start|>assistant<|im_sep|>It is a test tube.<|im_end|>' +
        '<|im_start|>assistant<|im_sep|>',
    )
    const { total, trained } = countExample({ messages })
    expect(seen).toMatchObject({ total, trained, exact: true, encoding: 'o200k_base', limit: null })
    expect(seen?.tokens).toHaveLength(total)
  })

  it('marks what is learned: answers of weight 1 and their end', async () => {
    const seen = await view({ messages }, gpt)
    expect(text(seen, ({ trained }) => trained)).toBe('It is a test tube.<|im_end|>')
    expect(seen?.tokens.filter(({ trained }) => trained)).toHaveLength(seen?.trained ?? 0)
  })

  it('takes a marker that a person wrote for text', async () => {
    const asked = [
      { role: 'user', content: '<|im_end|>' },
      { role: 'assistant', content: 'no' },
    ]
    const seen = await view({ messages: asked }, gpt)
    expect(seen?.tokens.filter(({ special, text }) => special && text === '<|im_end|>')).toHaveLength(2)
    expect(text(seen, ({ special }) => !special)).toBe('user<|im_end|>assistantno')
  })

  it('is an estimate with tools, with a pair and for a foreign model', async () => {
    const tools = [{ type: 'function', function: { name: 'look_up' } }]
    expect(await view({ messages, tools }, gpt)).toMatchObject({ exact: false })
    const answer = (content: string) => [{ role: 'assistant', content }]
    const pair = {
      input: { messages: messages.slice(0, 2) },
      preferred_output: answer('Yes.'),
      non_preferred_output: answer('No.'),
    }
    const seen = await view(pair, gpt)
    expect(seen?.exact).toBe(false)
    expect(text(seen, ({ trained }) => trained)).toBe('Yes.<|im_end|>No.<|im_end|>')
    expect(await view({ messages }, { providerId: 'compatible', model: 'llama' })).toMatchObject({
      exact: false,
    })
  })

  it('knows the older encoding', async () => {
    const seen = await view({ messages }, { providerId: 'openai', model: 'gpt-3.5-turbo-0125' })
    expect(seen).toMatchObject({
      encoding: 'cl100k_base',
      total: countExample({ messages }, 'cl100k_base').total,
    })
  })

  it('lists the beginning of a very long line and counts all of it', async () => {
    const long = [
      { role: 'user', content: 'word '.repeat(30_000) },
      { role: 'assistant', content: 'Yes.' },
    ]
    const seen = await view({ messages: long }, gpt)
    expect(seen?.tokens).toHaveLength(20_000)
    expect(seen?.total).toBe(countExample({ messages: long }).total)
    expect(seen?.total).toBeGreaterThan(30_000)
  })

  it('is there for a line that is not right yet, and not for what is no conversation', async () => {
    expect(text(await view({ messages: [{ role: 'user', content: 'Hi' }] }))).toContain('user<|im_sep|>Hi')
    expect(await view('{"messages": [')).toBeNull()
    expect(await view('42')).toBeNull()
  })
})

describe('what the built-in engine sees', () => {
  const base = { providerId: 'embedded', model: 'limerick-base' }

  it('is told by the engine', async () => {
    const seen = await view({ messages }, base)
    expect(seen).toMatchObject({ exact: true, encoding: 'limerick-base', limit: 512 })
    expect(text(seen, ({ trained }) => trained)).toBe('It is a test tube.<|im_end|>')
    expect(seen?.total).toBe(seen?.tokens.length)
  })

  it('tells of each message its own tokens, which add up to the row’s', async () => {
    const seen = await view({ messages }, base)
    const sum = (key: 'total' | 'trained') => seen?.messages.reduce((all, one) => all + one[key], 0)
    expect(seen?.messages).toHaveLength(messages.length)
    expect([sum('total'), sum('trained')]).toEqual([seen?.total, seen?.trained])
    expect(seen?.messages.map(({ trained }) => trained > 0)).toEqual([false, false, false, false, true])
    // An answer without a word still teaches that it ends.
    const empty = await view({ messages: [{ role: 'assistant', content: '' }] }, base)
    expect(empty?.messages.map(({ trained }) => trained)).toEqual([1])
  })

  it('is an estimate of the pair that it cannot train on', async () => {
    const pair = { input: { messages: messages.slice(0, 2) }, preferred_output: [], non_preferred_output: [] }
    expect(await view(pair, base)).toMatchObject({ exact: false, encoding: 'o200k_base' })
  })
})
