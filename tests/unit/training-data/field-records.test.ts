import { describe, expect, it } from 'vitest'
import type { Mapping } from '#lib/training-data/formats/plan.ts'
import { A, CHAT, lines, PAIR, Q } from '../../support/field-kinds.ts'
import { problems, rowsIn, say, text } from '../../support/field-previews.ts'

interface Kind {
  of: string
  records: unknown[]
  shape: Mapping['shape']
  first: object
  notes?: object
  left?: string[]
}

const kinds: Kind[] = [
  {
    of: 'Reddit’s preferences, counted from the second',
    records: [{ history: Q, human_ref_A: 'Who knows.', human_ref_B: A, labels: 0, score_A: 1, score_B: 9 }],
    shape: 'preference',
    first: PAIR,
    left: ['score_A', 'score_B'],
  },
  {
    of: 'a preference with a sign',
    records: [{ context: [say('user', Q)], response1: A, response2: 'Who knows.', overall_preference: -2 }],
    shape: 'preference',
    first: PAIR,
  },
  {
    of: 'answers with scores',
    records: [
      {
        instruction: Q,
        completions: [
          { response: 'Who knows.', overall_score: 2.5 },
          { response: 'Glass.', overall_score: 5 },
          { response: A, overall_score: 8.5 },
        ],
      },
    ],
    shape: 'ranked',
    first: PAIR,
    notes: { 'best-and-worst': 1 },
    left: ['completions'],
  },
  {
    of: 'answers with scores beside them',
    records: [{ prompt: Q, responses: ['Glass.', A, 'Who knows.'], scores: [0.5, 1.0, 0.1] }],
    shape: 'ranked',
    first: PAIR,
    notes: { 'best-and-worst': 1 },
    left: ['responses'],
  },
  {
    of: 'answers with ranks',
    records: [
      {
        prompt: Q,
        answers: [
          { answer: A, rank: 1 },
          { answer: 'Who knows.', rank: 2 },
        ],
      },
    ],
    shape: 'ranked',
    first: PAIR,
  },
  {
    of: 'texts in turn',
    records: [{ conversations: [Q, A, 'And neon?'] }],
    shape: 'sharegpt',
    first: CHAT,
    notes: { 'in-turn': 1, 'unanswered-turn': 1 },
  },
  {
    of: 'UltraChat',
    records: [{ id: '1', data: [Q, A] }],
    shape: 'sharegpt',
    first: CHAT,
    left: ['id'],
    notes: { 'in-turn': 1 },
  },
  {
    of: 'pairs in a list',
    records: [{ conversation: [{ human: Q, assistant: A }] }],
    shape: 'sharegpt',
    first: CHAT,
  },
  {
    of: 'Cohere’s roles',
    records: [{ messages: [say('User', Q), say('Chatbot', A)] }],
    shape: 'sharegpt',
    first: CHAT,
  },
  {
    of: 'Vertex chats',
    records: [
      {
        messages: [
          { author: 'user', content: Q },
          { author: 'bot', content: A },
        ],
      },
    ],
    shape: 'sharegpt',
    first: CHAT,
  },
  {
    of: 'segments with marks, one of them not learnt',
    records: [
      {
        segments: [
          { label: false, text: '<s>[INST] Hi [/INST] Hello</s>' },
          { label: false, text: `<s>[INST] ${Q} [/INST]` },
          { label: true, text: ` ${A}</s>` },
        ],
      },
    ],
    shape: 'marked-text',
    first: {
      messages: [
        say('user', 'Hi'),
        { ...say('assistant', 'Hello'), weight: 0 },
        say('user', Q),
        say('assistant', A),
      ],
    },
  },
  {
    of: 'segments without marks',
    records: [
      {
        segments: [
          { label: false, text: Q },
          { label: true, text: A },
        ],
      },
    ],
    shape: 'marked-text',
    first: CHAT,
  },
  ...[
    `<｜begin▁of▁sentence｜><｜User｜>${Q}<｜Assistant｜>${A}<｜end▁of▁sentence｜>`,
    `<|start|>user<|message|>${Q}<|end|><|start|>assistant<|channel|>final<|message|>${A}<|return|>`,
    `<|begin_of_text|><|header_start|>user<|header_end|>\n\n${Q}<|eot|><|header_start|>assistant<|header_end|>\n\n${A}<|eot|>`,
    `<|prompter|>${Q}<|endoftext|><|assistant|>${A}<|endoftext|>`,
    `<HUMAN>: ${Q}\n<ASSISTANT>: ${A}`,
  ].map(
    (said): Kind => ({ of: said.slice(0, 12), records: [{ text: said }], shape: 'marked-text', first: CHAT }),
  ),
  {
    of: 'thoughts in a channel',
    records: [
      {
        text: `<|start|>user<|message|>${Q}<|end|><|start|>assistant<|channel|>analysis<|message|>Glass.<|end|><|start|>assistant<|channel|>final<|message|>${A}<|return|>`,
      },
    ],
    shape: 'marked-text',
    first: { messages: [say('user', Q), { ...say('assistant', A), reasoning_content: 'Glass.' }] },
  },
  {
    of: 'calls as text, in the manner of Hermes',
    records: [
      {
        conversations: [
          { from: 'human', value: Q },
          {
            from: 'gpt',
            value: 'I look.\n<tool_call>\n{"name": "look", "arguments": {"of": "boron"}}\n</tool_call>',
          },
          { from: 'tool', value: '<tool_response>\n{"use": "glass"}\n</tool_response>' },
          { from: 'gpt', value: A },
        ],
      },
    ],
    shape: 'sharegpt',
    notes: { 'made-ids': 1 },
    first: {
      messages: [
        say('user', Q),
        {
          ...say('assistant', 'I look.'),
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"of":"boron"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '{"use": "glass"}' },
        say('assistant', A),
      ],
    },
  },
]

describe('a record', () => {
  it.each(kinds)('of $of is read', async ({ records, shape, first, notes = {}, left = [] }) => {
    const preview = await text('a.jsonl', lines(records))
    expect(preview.plan.mapping.shape).toBe(shape)
    expect(rowsIn(preview)[0]).toEqual(first)
    expect(preview.notes).toEqual(notes)
    expect(preview.left.map(({ path }) => path)).toEqual(left)
  })

  it('with the usual roles comes in among others with names of their own', async () => {
    const renamed = { messages: [say('human', Q), say('ai', A)] }
    const preview = await text('a.jsonl', lines([renamed, renamed, CHAT]))
    expect(rowsIn(preview)).toEqual([CHAT, CHAT, CHAT])
  })

  it('of answers that are worth the same has no better one', async () => {
    const completions = [
      { response: A, overall_score: 5 },
      { response: 'Glass.', overall_score: 5 },
    ]
    expect(problems(await text('a.jsonl', lines([{ instruction: Q, completions }])))).toEqual(['same-scores'])
  })

  it('of paragraphs with questions is unfolded, and the unanswerable ones are refused', async () => {
    const qas = [
      { id: '1', question: Q, answers: [{ text: A, answer_start: 0 }], is_impossible: false },
      { id: '2', question: 'Who knows?', answers: [], is_impossible: true },
    ]
    const squad = { version: 'v2.0', data: [{ title: 'Boron', paragraphs: [{ context: 'Handbook.', qas }] }] }
    const preview = await text('dev.json', JSON.stringify(squad))
    expect(rowsIn(preview)).toEqual([{ messages: [say('user', `Handbook.\n\n${Q}`), say('assistant', A)] }])
    expect(problems(preview)).toEqual(['empty-cell'])
    expect(preview.left.map(({ path }) => path)).toEqual(['id', 'is_impossible', 'title', 'version'])
  })
})

describe('a table', () => {
  it.each([
    ['one line above its headings', `Our questions,,\nquestion,answer,id\n${Q},${A},1\n`, 1],
    ['two of them', `Our questions\n\nquestion,answer\n${Q},${A}\n`, 1],
    ['remarks in its headings', `Question [EN]:,Answer [EN]:\n${Q},${A}\n`, 0],
  ])('with %s is read', async (_, content, titles) => {
    const preview = await text('a.csv', content)
    expect(rowsIn(preview)).toEqual([CHAT])
    expect(problems(preview)).toEqual([])
    expect(preview.notes).toEqual(titles > 0 ? { 'title-lines': titles } : {})
  })
})

describe('records that a server or a tool wraps', () => {
  const two = [
    { question: Q, answer: A },
    { question: 'And neon?', answer: 'It glows.' },
  ]
  it.each([
    ['an answer with data', { status: 'ok', data: { items: two, total: 2 } }],
    ['GraphQL', { data: { faqs: { edges: two.map((node) => ({ node })) } } }],
    ['a search', { took: 1, hits: { hits: two.map((_source) => ({ _source })) } }],
    ['a list of questions', { title: 'FAQ', faqs: two }],
  ])('in %s are rows of their own', async (_, wrapped) => {
    const preview = await text('a.json', JSON.stringify(wrapped))
    expect(rowsIn(preview)).toHaveLength(2)
    expect(rowsIn(preview)[0]).toEqual(CHAT)
  })

  it('of two questions with their answers are no conversation', async () => {
    const preview = await text('a.json', JSON.stringify({ items: two }))
    expect(rowsIn(preview)).toHaveLength(2)
  })

  it('as intents are named', async () => {
    const intents = { intents: [{ tag: 'a', patterns: [Q], responses: [A] }] }
    expect(problems(await text('intents.json', JSON.stringify(intents)))).toEqual(['foreign-intents'])
  })
})

describe('a table of bars or of empty cells', () => {
  it.each([
    ['Markdown', `| Question | Answer |\n|:---|---:|\n| ${Q} | ${A} |\n`],
    ['a database', ` question | answer \n----------+--------\n ${Q} | ${A}\n`],
    ['a spreadsheet', `question,answer,\n${Q},${A},\n,,\n,,\n`],
  ])('of %s has one row', async (_, content) => {
    const preview = await text('table.csv', content)
    expect(rowsIn(preview)).toEqual([CHAT])
    expect(problems(preview)).toEqual([])
  })
})
