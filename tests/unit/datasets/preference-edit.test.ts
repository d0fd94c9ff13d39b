import { describe, expect, it } from 'vitest'
import { openCalls } from '#components/datasets/conversation/calls.ts'
import { endsWithAnswer, swapAnswers, toChat, toPair } from '#components/datasets/conversation/preference.ts'

const chat =
  '{"messages": [{"role": "user", "content": "caf\\u00e9?"}, {"role": "assistant", "content": "S\\u00ed", "weight": 1}], "tools": [{"n": 9007199254740993}]}'
const pair =
  '{"input": {"messages": [{"role": "user", "content": "caf\\u00e9?"}], "tools": [{"n": 9007199254740993}]}, "preferred_output": [{"role": "assistant", "content": "S\\u00ed"}], "non_preferred_output": [{"role": "assistant", "content": ""}]}'

describe('preference pairs', () => {
  it('are made from the last answer; everything else keeps its bytes', () => {
    expect(toPair(chat)).toBe(pair)
  })

  it('are converted back to a conversation', () => {
    expect(toChat(pair)).toBe(
      '{"messages": [{"role": "user", "content": "caf\\u00e9?"}, {"role": "assistant", "content": "S\\u00ed"}], "tools": [{"n": 9007199254740993}]}',
    )
  })

  it('swap their answers; twice gives the original', () => {
    const swapped = swapAnswers(pair)
    expect(JSON.parse(swapped)).toMatchObject({
      preferred_output: [{ content: '' }],
      non_preferred_output: [{ content: 'Sí' }],
    })
    expect(swapAnswers(swapped)).toBe(pair)
  })

  it.each([
    [chat, true],
    ['{"messages": [{"role": "assistant", "content": "a"}]}', false],
    ['{"messages": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}]}', false],
    [pair, false],
    ['{', false],
  ])('need a question and an answer: %s', (line, expected) => {
    expect(endsWithAnswer(line)).toBe(expected)
  })
})

describe('open calls', () => {
  const call = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{}' } })
  const turns = [
    { value: { role: 'assistant', tool_calls: [call('a', 'weather'), call('b', 'time')] } },
    { value: { role: 'tool', tool_call_id: 'a', content: '' } },
    { value: { role: 'tool', tool_call_id: 'b', content: '' } },
    { value: { role: 'user', tool_calls: [call('c', 'no')] } },
  ]

  it('are earlier calls without an answer in between', () => {
    expect(openCalls(turns, 1)).toEqual([
      { id: 'a', name: 'weather' },
      { id: 'b', name: 'time' },
    ])
    expect(openCalls(turns, 2)).toEqual([{ id: 'b', name: 'time' }])
    expect(openCalls(turns, 4)).toEqual([])
    expect(openCalls(turns, 0)).toEqual([])
  })
})
