import { describe, expect, it } from 'vitest'
import {
  newLine,
  newPair,
  newTurn,
  rawAt,
  readItems,
  readTurns,
  setAt,
  setKey,
  setRaw,
  turnListsOf,
  writeItems,
  writeTurns,
} from '#lib/training-data/edit.ts'

const line =
  '{ "id": 9007199254740993, "messages":[{"role":"user","content":"caf\\u00e9"} , {"content": "a", "weight": 1.0, "role": "assistant"}] , "x": 1e400 }'

describe('turns', () => {
  it('are read with their JSON text', () => {
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

  it('are written without changes around them', () => {
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

  it('have the same text after any change and its reverse', () => {
    const turns = (text: string) => readTurns(text)?.map(({ raw }) => raw) ?? []
    const [first = '', second = ''] = turns(line)
    const swapped = writeTurns(line, [second, first])
    expect(writeTurns(swapped, turns(swapped).toReversed())).toBe(line)
    const longer = writeTurns(line, [first, second, newTurn('user', 'c')])
    expect(writeTurns(longer, turns(longer).slice(0, 2))).toBe(line)
    const typed = writeTurns(line, [setKey(first, 'content', 'x'), second])
    expect(setKey(turns(typed)[0] ?? '', 'content', 'café')).toBe(first.replace('\\u00e9', 'é'))
  })

  it('are written with spaces after commas and colons', () => {
    const made = newLine([{ role: 'user', content: 'é' }])
    expect(made).toBe('{"messages": [{"role": "user", "content": "é"}]}')
    expect(writeTurns(made, [newTurn('system', 's'), ...(readTurns(made) ?? []).map(({ raw }) => raw)])).toBe(
      '{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "é"}]}',
    )
  })
})

describe('a preference pair', () => {
  const pair = newPair([{ role: 'user', content: 'q' }], 'good', 'bad')

  it('has three lists of turns, each changed separately', () => {
    expect(turnListsOf(pair)).toEqual(['input.messages', 'preferred_output', 'non_preferred_output'])
    expect(turnListsOf(line)).toEqual(['messages'])
    expect(readTurns(pair, 'preferred_output')?.map(({ value }) => value.content)).toEqual(['good'])
    expect(readTurns(pair)).toBeNull()
    const turns = readTurns(pair, 'input.messages')?.map(({ raw }) => raw) ?? []
    expect(writeTurns(pair, [newTurn('system', 's'), ...turns], 'input.messages')).toBe(
      newPair(
        [
          { role: 'system', content: 's' },
          { role: 'user', content: 'q' },
        ],
        'good',
        'bad',
      ),
    )
    expect(writeTurns(pair, turns)).toBe(pair)
  })

  it.each<[string, string[], unknown, string]>([
    ['{"input":{"messages":[]}}', ['input', 'tools'], [1], '{"input":{"messages":[],"tools":[1]}}'],
    ['{"input": {"tools": [1], "a": 2}}', ['input', 'tools'], undefined, '{"input": {"a": 2}}'],
    ['{"messages": []}', ['tools'], [], '{"messages": [], "tools": []}'],
    ['{"messages": []}', ['input', 'tools'], [], '{"messages": []}'],
    ['{"a": ', ['a'], 1, '{"a": '],
  ])('%s with %j = %j', (text, path, value, expected) => {
    expect(setAt(text, path, value)).toBe(expected)
  })

  it('gives the JSON text at a path', () => {
    expect(rawAt('{"input": {"tools": [1e2, 1.0]}}', ['input', 'tools'])).toBe('[1e2, 1.0]')
    expect(rawAt('{"input": 1}', ['input', 'tools'])).toBeNull()
    expect(rawAt('{', ['input'])).toBeNull()
  })
})

describe('lists inside a turn', () => {
  const turn = '{"content":[ {"type":"text","text":"a"} ,{"n": 9007199254740993} ],"x":1e400}'

  it('are read and written like turns, and the text around them stays', () => {
    const items = readItems(turn, ['content'])?.map(({ raw }) => raw) ?? []
    expect(items).toEqual(['{"type":"text","text":"a"}', '{"n": 9007199254740993}'])
    expect(writeItems(turn, items, ['content'])).toBe(turn)
    expect(writeItems(turn, items.slice(1), ['content'])).toBe(
      '{"content":[ {"n": 9007199254740993} ],"x":1e400}',
    )
  })

  it('are null where there are none', () => {
    expect(readItems(turn, ['x'])).toBeNull()
    expect(readItems('{"content": ["a"]}', ['content'])).toBeNull()
    expect(writeItems(turn, [], ['y'])).toBe(turn)
  })

  it('take JSON text at a path, also through indexes', () => {
    expect(setRaw(turn, ['content', 1, 'n'], '[ 1.0 ]')).toBe(turn.replace('9007199254740993', '[ 1.0 ]'))
    expect(setRaw(turn, ['content', 5, 'n'], '1')).toBe(turn)
  })
})
