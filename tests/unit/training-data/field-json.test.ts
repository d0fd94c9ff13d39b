import { describe, expect, it } from 'vitest'
import { A, CHAT, lines, PAIR, Q } from '../../support/field-kinds.ts'
import { problems, rowsIn, say, text } from '../../support/field-previews.ts'

describe('a tree of messages', () => {
  const message = (
    id: string,
    parent: string | null,
    role: string,
    said: string,
    rank: number | null = null,
  ) => ({
    message_id: id,
    parent_id: parent,
    text: said,
    role,
    rank,
    deleted: false,
    message_tree_id: 'p',
  })
  const flat = lines([
    message('p', null, 'prompter', Q),
    message('b', 'p', 'assistant', 'Who knows.', 1),
    message('a', 'p', 'assistant', A, 0),
    message('q', 'a', 'prompter', 'And neon?'),
  ])
  const nested = lines([
    {
      message_tree_id: 'p',
      prompt: {
        text: Q,
        role: 'prompter',
        replies: [
          { text: 'Who knows.', role: 'assistant', rank: 1, replies: [] },
          {
            text: A,
            role: 'assistant',
            rank: 0,
            replies: [{ text: 'And neon?', role: 'prompter', replies: [] }],
          },
        ],
      },
    },
  ])

  it.each([
    ['flat', flat, 'message-tree'],
    ['nested', nested, 'chat-tree'],
  ] as const)('that is %s: the best branch is the row, the others are counted', async (_, content, shape) => {
    const preview = await text('oasst.jsonl', content)
    expect(preview.plan.mapping).toEqual({ shape, retries: 'leave' })
    expect(rowsIn(preview)).toEqual([CHAT])
    expect(preview.notes).toEqual({ 'unanswered-turn': 1, 'other-branches': 1 })
    const pairs = await text('oasst.jsonl', content, {
      container: 'jsonl',
      mapping: { shape, retries: 'pairs' },
    })
    expect(rowsIn(pairs)).toEqual([PAIR])
  })
})

describe('a number', () => {
  it('as an answer is written as it stood', async () => {
    const preview = await text(
      'a.jsonl',
      '{"question": "How much?", "answer": 3.0}\n{"question": "And?", "answer": 1e3}\n',
    )
    expect(rowsIn(preview).map((row) => (row as typeof CHAT).messages[1]?.content)).toEqual(['3.0', '1e3'])
  })

  it('such as 1.0 still counts as a verdict, a weight or a place in a list', async () => {
    const thumbs = await text('a.jsonl', `{"prompt": "${Q}", "completion": "${A}", "label": 1.0}\n`)
    expect(thumbs.plan.mapping.shape).toBe('thumbs')
    const choice = await text(
      'a.jsonl',
      `{"question": "${Q}", "choices": ["Salt", "Glass"], "answer": 1.0}\n`,
    )
    expect((rowsIn(choice)[0] as typeof CHAT).messages[1]).toEqual(say('assistant', 'B. Glass'))
  })
})

describe('JSON among code', () => {
  const row = JSON.stringify(CHAT)
  it.each([
    ['// lines and ends', `// data\n${row} // first\n${row}\n`, { comments: 2 }],
    ['# lines', `# data\n${row}\n${row}\n`, { comments: 1 }],
    ['a block', `/* data:\n "{" */\n[${row},\n${row}]`, { comments: 1 }],
    ['a name of Python', `data = [${row}, ${row}]\n`, {}],
    ['a name of JavaScript', `export const data = [\n${row},\n${row}\n];\n`, {}],
    [
      'an address in a text',
      `// data\n${row.replace('boron', 'http://boron //')}\n${row}\n`,
      { comments: 1 },
    ],
  ])('with %s is read', async (_, content, notes) => {
    const preview = await text('a.jsonl', content)
    expect(rowsIn(preview)).toHaveLength(2)
    expect(rowsIn(preview)[1]).toEqual(CHAT)
    expect(problems(preview)).toEqual([])
    expect(preview.notes).toEqual(notes)
  })

  it('keeps the lines of a text that was written with its line breaks', async () => {
    const raw = `{"messages": [{"role": "user", "content": "${Q}"}, {"role": "assistant", "content": "Uses:\n# Glass\n// and soap"}]}\n`
    const list = await text('a.json', `[${raw},\n${row}]`)
    expect(list.plan.code).toBeUndefined()
    expect(JSON.stringify(rowsIn(list))).toContain('# Glass')
    const behind = await text('a.json', `// data\n${row}\n${raw}`)
    expect(JSON.stringify(behind.rows)).toContain('# Glass')
  })

  it('keeps what only looks like a comment', async () => {
    const address = `{"messages": [{"role": "user", "content": "See "http://a.org" and say"}]}\n`
    expect((await text('a.jsonl', `${row}\n${address}`)).plan).toEqual({
      container: 'jsonl',
      mapping: { shape: 'lines' },
    })
    const said = `// data\n${row.replace('boron', 'http://boron // # /* good')}\n`
    expect(rowsIn(await text('a.jsonl', said))).toEqual([
      { messages: [say('user', Q.replace('boron', 'http://boron // # /* good')), say('assistant', A)] },
    ])
  })
})
