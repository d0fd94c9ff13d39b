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
      '{ "id": 9007199254740993, "messages":[{"role":"user","content":"caf\\u00e9"}, {"content": "b \\"q\\"\\n", "weight": 1.0, "role": "assistant"}] , "x": 1e400 }',
    )
  })

  it('gain and lose keys', () => {
    expect(setKey('{"role": "assistant"}', 'weight', 0)).toBe('{"role": "assistant", "weight": 0}')
    expect(setKey('{"role": "assistant", "weight": 0}', 'weight', undefined)).toBe('{"role": "assistant"}')
    expect(setKey('{"a": 1, "__proto__": {"b": 2}}', 'a', 3)).toBe('{"a": 3, "__proto__": {"b": 2}}')
  })

  it('are written as people write them', () => {
    const made = newLine([{ role: 'user', content: 'é' }])
    expect(made).toBe('{"messages": [{"role": "user", "content": "é"}]}')
    expect(writeTurns(made, [newTurn('system', 's'), ...(readTurns(made) ?? []).map(({ raw }) => raw)])).toBe(
      '{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "é"}]}',
    )
  })
})
