import { describe, expect, it } from 'vitest'
import { previewImport } from '#lib/datasets/preview.ts'
import { RecordWriter } from '#lib/datasets/record-writer.ts'
import { type WriteTarget, writeTargets } from '#lib/training-data/formats/write-target.ts'

const say = (role: string, content: string, more: object = {}) => ({ role, content, ...more })
const call = {
  role: 'assistant',
  tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'melt', arguments: '{"of":"tin"}' } }],
}
const result = { role: 'tool', tool_call_id: 'call_1', content: '505 K' }
const tools = [{ type: 'function', function: { name: 'melt', parameters: { type: 'object' } } }]
const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }

const rows = {
  plain: {
    messages: [say('system', 'S'), say('user', 'Say "hi",\nplease '), say('assistant', '- =1+1, ترحيب')],
  },
  long: { messages: [say('user', 'Q1'), say('assistant', 'A1'), say('user', 'Q2'), say('assistant', 'A2')] },
  weighted: { messages: [say('user', 'Q'), say('assistant', 'A', { weight: 0 })] },
  tools: { messages: [say('user', 'When?'), call, result, say('assistant', 'At 505 K.')], tools },
  picture: {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'What?' }, picture] },
      say('assistant', 'A cat'),
    ],
  },
  pair: {
    input: { messages: [say('user', 'Q')] },
    preferred_output: [say('assistant', 'good')],
    non_preferred_output: [say('assistant', 'bad')],
  },
}
type Row = keyof typeof rows

/** For each format and row: unchanged after export and import, with losses, or not exported. */
const held: Record<WriteTarget, Record<Row, true | string | [string]>> = {
  openai: { plain: true, long: true, weighted: true, tools: true, picture: true, pair: true },
  huggingface: {
    plain: true,
    long: true,
    weighted: 'weights',
    tools: true,
    picture: true,
    pair: ['preference'],
  },
  anthropic: {
    plain: true,
    long: true,
    weighted: 'weights',
    tools: true,
    picture: true,
    pair: ['preference'],
  },
  gemini: {
    plain: true,
    long: true,
    weighted: 'weights',
    tools: true,
    picture: true,
    pair: ['preference'],
  },
  sharegpt: {
    plain: true,
    long: true,
    weighted: true,
    tools: true,
    picture: ['images'],
    pair: ['preference'],
  },
  alpaca: {
    plain: true,
    long: true,
    weighted: 'weights',
    tools: ['tools'],
    picture: ['images'],
    pair: ['preference'],
  },
  trl: {
    plain: ['chat'],
    long: ['chat'],
    weighted: ['chat'],
    tools: ['chat'],
    picture: ['chat'],
    pair: true,
  },
  csv: {
    plain: true,
    long: ['several-turns'],
    weighted: true,
    tools: ['tools'],
    picture: ['images'],
    pair: true,
  },
}

const without = (row: object): unknown =>
  JSON.parse(JSON.stringify(row, (key, value) => (key === 'weight' ? undefined : value)))

async function readAgain(target: WriteTarget, text: string): Promise<unknown[]> {
  const preview = await previewImport(Buffer.from(text), { name: target === 'csv' ? 'a.csv' : 'a.jsonl' })
  return preview.rows.map(({ after, ...row }) => (after === null ? row : JSON.parse(after)))
}

const cases = writeTargets.flatMap((target) =>
  (Object.keys(rows) as Row[]).map((row) => [target, row] as const),
)

describe('a row written in another format', () => {
  it.each(cases)('%s, %s', async (target, name) => {
    const row = rows[name]
    const holds = held[target][name]
    const { text, lost } = new RecordWriter(target).row(JSON.stringify(row))
    if (Array.isArray(holds)) {
      expect(text).toBeNull()
      expect(lost).toEqual(holds)
      return
    }
    expect(lost).toEqual(holds === true ? [] : [holds])
    expect(await readAgain(target, text ?? '')).toEqual([holds === true ? row : without(row)])
  })

  it('converts the old form of tools to the new one', () => {
    const legacy = {
      messages: [
        say('user', 'When?'),
        { role: 'assistant', content: null, function_call: { name: 'melt', arguments: '{"of":"tin"}' } },
        { role: 'function', name: 'melt', content: '505 K' },
        say('assistant', 'At 505 K.'),
      ],
      functions: [{ name: 'melt', parameters: { type: 'object' } }],
    }
    const { text, lost } = new RecordWriter('huggingface').row(JSON.stringify(legacy))
    expect(lost).toEqual([])
    expect(JSON.parse(text ?? '')).toEqual(rows.tools)
  })

  it.each<[string, unknown, string[], boolean]>([
    ['a field that nobody knows', { ...rows.plain, note: 'x' }, ['other-fields'], true],
    [
      'reasoning beside an answer',
      { messages: [say('user', 'Q'), say('assistant', 'A', { reasoning_content: 'R' })] },
      ['other-fields'],
      true,
    ],
    ['a name', { messages: [say('user', 'Q', { name: 'Ann' }), say('assistant', 'A')] }, ['names'], true],
    [
      'a late system prompt',
      { messages: [say('user', 'Q'), say('system', 'S'), say('assistant', 'A')] },
      ['system-inside'],
      false,
    ],
    ['what is no example', { prompt: 'Q' }, ['invalid'], false],
  ])('%s is told', (_, row, losses, kept) => {
    const { text, lost } = new RecordWriter('gemini').row(JSON.stringify(row))
    expect(lost).toEqual(losses)
    expect(text !== null).toBe(kept)
  })

  it('leaves chats out of a table of pairs', () => {
    const writer = new RecordWriter('csv')
    expect(writer.row(JSON.stringify(rows.pair)).text).toBe(
      'system,question,answer,rejected\r\n,Q,good,bad\r\n',
    )
    expect(writer.row(JSON.stringify(rows.plain))).toEqual({ text: null, lost: ['chat'] })
  })
})
