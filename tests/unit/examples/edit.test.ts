import { describe, expect, it } from 'vitest'
import { newLine, newTurn, readTurns, setKey, writeTurns } from '#lib/examples/edit.ts'

const line =
  '{ "id": 9007199254740993, "messages":[{"role":"user","content":"caf\\u00e9"} , {"content": "a", "weight": 1.0, "role": "assistant"}] , "x": 1e400 }'

describe('turns', () => {
  it('are read with their own text', () => {
    expect(readTurns(line)).toEqual([
      { raw: '{"role":"user","content":"caf\\u00e9"}', value: { role: 'user', content: 'café' } },
      {
        raw: '{"content": "a", "weight": 1.0, "role": "assistant"}',
        value: { content: 'a', weight: 1, role: 'assistant' },
      },
    ])
  })

  it.each(['', '{"messages": 1}', '[]', '{"messages": ["a"]}', '{"messages": [}', '"messages"'])(
    'are absent from %j',
    (text) => {
      expect(readTurns(text)).toBeNull()
    },
  )

  it('change nothing around themselves', () => {
    const turns = readTurns(line)?.map(({ raw }) => raw) ?? []
    const changed = writeTurns(line, [...turns.slice(0, 1), setKey(turns[1] ?? '', 'content', 'b "q"\n')])
    expect(changed).toBe(
      '{ "id": 9007199254740993, "messages":[{"role":"user","content":"caf\\u00e9"} , {"content": "b \\"q\\"\\n", "weight": 1.0, "role": "assistant"}] , "x": 1e400 }',
    )
  })

  it.each([
    ['{"role": "assistant"}', 'weight', 0, '{"role": "assistant", "weight": 0}'],
    ['{"role":"assistant"}', 'weight', 0, '{"role":"assistant","weight":0}'],
    ['{ }', 'weight', 0, '{"weight": 0}'],
    ['{"role": "assistant", "weight": 0}', 'weight', undefined, '{"role": "assistant"}'],
    ['{ "weight" : 0 , "role": "a"}', 'weight', undefined, '{ "role": "a"}'],
    ['{"weight": 0}', 'weight', undefined, '{}'],
    ['{"a": 1, "__proto__": {"b": 2}}', 'a', 3, '{"a": 3, "__proto__": {"b": 2}}'],
    ['{"a": 1}', 'b', undefined, '{"a": 1}'],
  ])('%s with %s = %j', (turn, key, value, expected) => {
    expect(setKey(turn, key, value)).toBe(expected)
  })

  it('come back to the same text after any change and its reverse', () => {
    const turns = (text: string) => readTurns(text)?.map(({ raw }) => raw) ?? []
    const [first = '', second = ''] = turns(line)
    const swapped = writeTurns(line, [second, first])
    expect(writeTurns(swapped, turns(swapped).toReversed())).toBe(line)
    const longer = writeTurns(line, [first, second, newTurn('user', 'c')])
    expect(writeTurns(longer, turns(longer).slice(0, 2))).toBe(line)
    const typed = writeTurns(line, [setKey(first, 'content', 'x'), second])
    expect(setKey(turns(typed)[0] ?? '', 'content', 'café')).toBe(first.replace('\\u00e9', 'é'))
  })

  it('are written as people write them', () => {
    const made = newLine([{ role: 'user', content: 'é' }])
    expect(made).toBe('{"messages": [{"role": "user", "content": "é"}]}')
    expect(writeTurns(made, [newTurn('system', 's'), ...(readTurns(made) ?? []).map(({ raw }) => raw)])).toBe(
      '{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "é"}]}',
    )
  })
})
