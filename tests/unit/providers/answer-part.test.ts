import { describe, expect, test } from 'vitest'
import { noteUsage, readPart, tokensOfPart, type WirePart } from '#lib/providers/answer-part.ts'

/** As a server may send it: every field can be missing or be something else. */
const read = (part: unknown) => readPart(part as WirePart)

const SAYS_NOTHING = {
  id: null,
  model: null,
  fingerprint: null,
  finishReason: null,
  text: '',
  written: 0,
  usage: null,
  failed: false,
}

describe('a part of an answer', () => {
  test('of a chat has text, names and finish reason', () => {
    const delta = { content: 'Ne', reasoning_content: 'hm' }
    const part = { id: 'a', model: 'm', system_fingerprint: 'f', choices: [{ delta, finish_reason: 'stop' }] }
    expect(read(part)).toEqual({
      ...SAYS_NOTHING,
      id: 'a',
      model: 'm',
      fingerprint: 'f',
      finishReason: 'stop',
      text: 'Ne',
      written: 4,
    })
  })

  test('has the text of the first choice, and counts the characters of all', () => {
    const choices = [{ delta: { refusal: 'no' } }, { delta: { content: 'yes' } }, { text: 'x' }, null]
    expect(read({ choices })).toEqual({ ...SAYS_NOTHING, text: 'no', written: 6 })
  })

  test('of a whole chat has its message, and counts tool calls', () => {
    const message = { content: null, tool_calls: [{ id: 'c' }] }
    expect(read({ choices: [{ message, finish_reason: 'tool_calls' }] })).toEqual({
      ...SAYS_NOTHING,
      finishReason: 'tool_calls',
      written: '[{"id":"c"}]'.length,
    })
  })

  test('of a response has the added text, and how it ended', () => {
    expect(read({ type: 'response.output_text.delta', delta: 'abc' })).toMatchObject({ written: 3 })
    expect(read({ object: 'response', status: 'completed' }).finishReason).toBe('completed')
    const cut = {
      object: 'response',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    }
    expect(read(cut).finishReason).toBe('max_output_tokens')
    expect(read({ object: 'response', status: 'failed' }).failed).toBe(true)
    expect(read({ type: 'error', message: 'boom' }).failed).toBe(true)
  })

  test.each([
    [{ prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } }, [3, 1, 2]],
    [{ input_tokens: 3, output_tokens: 2, input_tokens_details: { cached_tokens: 1 } }, [3, 1, 2]],
    [{ prompt_tokens: '3', completion_tokens: -2 }, [null, null, null]],
  ])('counts tokens as %j', (usage, [promptTokens, cachedTokens, completionTokens]) => {
    expect(read({ usage }).usage).toEqual({ promptTokens, cachedTokens, completionTokens })
  })

  test('without usage keeps earlier counts', () => {
    const known = { promptTokens: 3, cachedTokens: null, completionTokens: 1 }
    noteUsage(known, read({ usage: { completion_tokens: 2 } }))
    noteUsage(known, read({ usage: null }))
    expect(known).toEqual({ promptTokens: 3, cachedTokens: null, completionTokens: 2 })
  })

  test.each([
    {},
    { choices: 'none', usage: 7, model: 5, id: {} },
    { choices: [null, 'a', { delta: 'b', finish_reason: '' }], usage: [] },
  ])('in another shape says nothing: %j', (part) => {
    expect({ ...read(part), usage: null }).toEqual(SAYS_NOTHING)
  })
})

describe('the tokens of a part', () => {
  const tokensIn = (logprobs: unknown) => tokensOfPart({ choices: [{ logprobs }] } as WirePart)

  test('have their probability and the likeliest in their place', () => {
    const top_logprobs = [
      { token: 'Ne', logprob: 0 },
      { token: 'He', logprob: Math.log(0.00004) },
    ]
    expect(tokensIn({ content: [{ token: 'Ne', logprob: Math.log(1 / 3), top_logprobs }] })).toEqual([
      {
        text: 'Ne',
        probability: 0.3333,
        likeliest: [
          { text: 'Ne', probability: 1 },
          { text: 'He', probability: 0 },
        ],
      },
    ])
  })

  test.each([
    undefined,
    null,
    'none',
    { content: null },
    { content: 'text' },
    { content: [null, 7, { token: 7, logprob: 0 }, { token: 'a', logprob: Number.NaN }, { token: 'a' }] },
  ])('are none in %j', (logprobs) => {
    expect(tokensIn(logprobs)).toEqual([])
    expect(tokensOfPart({} as WirePart)).toEqual([])
  })
})
