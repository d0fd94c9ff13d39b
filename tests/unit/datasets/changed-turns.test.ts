import { describe, expect, it } from 'vitest'
import { changedTurns } from '#components/datasets/issues/changed-turns.ts'

const line = (...turns: [role: string, content: unknown][]): string =>
  JSON.stringify({ messages: turns.map(([role, content]) => ({ role, content })) })

describe('the messages that a change rewrites', () => {
  it('are those whose text differs, with their role', () => {
    const before = line(['system', 'Be brief.'], ['user', 'Which colour?'], ['assistant', 'Red'])
    expect(changedTurns(before, before.replace('colour', 'color'))).toEqual([
      { index: 1, role: 'user', before: 'Which colour?', after: 'Which color?' },
    ])
  })

  it('may be a system prompt that comes or goes', () => {
    const [bare, prompted] = [
      line(['user', 'Q'], ['assistant', 'A']),
      line(['system', 'S'], ['user', 'Q'], ['assistant', 'A']),
    ]
    expect(changedTurns(bare, prompted)).toEqual([{ index: 0, role: 'system', before: '', after: 'S' }])
    expect(changedTurns(prompted, bare)).toEqual([{ index: 0, role: 'system', before: 'S', after: '' }])
  })

  it('have the text of their parts', () => {
    const parts = (text: string) => line(['user', [{ type: 'text', text }]], ['assistant', 'A'])
    expect(changedTurns(parts('one'), parts('two'))).toEqual([
      { index: 0, role: 'user', before: 'one', after: 'two' },
    ])
  })

  it('are left to the JSON where more than texts differ', () => {
    const weighed = '{"messages": [{"role": "assistant", "content": "A", "weight": 1}]}'
    expect(changedTurns(weighed, weighed.replace('1', '0'))).toBeNull()
    expect(changedTurns('no JSON', 'nor this')).toBeNull()
    expect(changedTurns(line(['user', 'a']), line(['user', 'a'], ['user', 'b'], ['user', 'c']))).toBeNull()
  })
})
