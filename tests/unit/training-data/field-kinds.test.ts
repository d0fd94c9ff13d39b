import { describe, expect, it } from 'vitest'
import { undecided } from '#components/datasets/import/mapping.ts'
import { previewImport } from '#lib/datasets/preview.ts'
import type { ImportPreview } from '#lib/datasets/schema.ts'
import type { ImportPlan, Mapping } from '#lib/training-data/formats/plan.ts'
import type { TrainingLine } from '#lib/training-data/schema.ts'

/** Kinds of files that people drop in, each with what its first row must be. */

const text = (name: string, content: string, plan?: ImportPlan) =>
  previewImport(Buffer.from(content), { name, plan })
const lines = (records: readonly unknown[]) => records.map((one) => JSON.stringify(one)).join('\n')

const rowsIn = ({ rows }: ImportPreview) =>
  rows.flatMap(({ after }) => (after === null ? [] : [JSON.parse(after) as TrainingLine]))
const problems = ({ rows }: ImportPreview) => rows.flatMap((row) => ('problem' in row ? [row.problem] : []))
const say = (role: string, content: string) => ({ role, content })

const [Q, A] = ['What is boron good for?', 'It stiffens glass.']
const CHAT = { messages: [say('user', Q), say('assistant', A)] }
const PAIR = {
  input: { messages: [say('user', Q)] },
  preferred_output: [say('assistant', A)],
  non_preferred_output: [say('assistant', 'Who knows.')],
}

/** The same file once somebody has said who answers. */
const answeredBy = (
  preview: ImportPreview,
  assistant: string,
  rows: 'conversation' | 'exchange' = 'conversation',
) => ({
  ...preview.plan,
  mapping: { shape: 'chat-log', assistant, rows } satisfies Mapping,
})

describe('a chat between people', () => {
  const telegram = JSON.stringify({
    name: 'Shop',
    type: 'personal_chat',
    id: 1,
    messages: [
      { id: 1, type: 'service', date: '2024-05-01T09:00:00', actor: 'Amal', action: 'phone_call' },
      {
        id: 2,
        type: 'message',
        date: '2024-05-01T10:00:00',
        date_unixtime: '1714557600',
        from: 'Amal',
        from_id: 'user1',
        text: 'What is boron',
      },
      {
        id: 3,
        type: 'message',
        date: '2024-05-01T10:00:09',
        date_unixtime: '1714557609',
        from: 'Amal',
        from_id: 'user1',
        text: 'good for?',
      },
      {
        id: 4,
        type: 'message',
        date: '2024-05-01T10:01:00',
        date_unixtime: '1714557660',
        from: 'Shop',
        from_id: 'user2',
        text: ['It stiffens ', { type: 'link', text: 'glass.' }],
      },
      {
        id: 5,
        type: 'message',
        date: '2024-05-02T10:00:00',
        date_unixtime: '1714644000',
        from: 'Amal',
        from_id: 'user1',
        text: 'And neon?',
      },
      {
        id: 6,
        type: 'message',
        date: '2024-05-02T10:01:00',
        date_unixtime: '1714644060',
        from: 'Shop',
        from_id: 'user2',
        text: 'It glows.',
      },
      {
        id: 7,
        type: 'message',
        date: '2024-05-02T10:02:00',
        date_unixtime: '1714644120',
        from: 'Amal',
        from_id: 'user1',
        text: 'Thanks',
      },
    ],
  })
  const slack = JSON.stringify([
    { client_msg_id: 'a', type: 'message', text: Q, user: 'U1', ts: '1714557600.0001' },
    { type: 'message', subtype: 'channel_join', text: '<@U3> has joined', user: 'U3', ts: '1714557601.0001' },
    { client_msg_id: 'b', type: 'message', text: A, user: 'U2', ts: '1714557602.0001' },
  ])
  const discord = JSON.stringify({
    guild: { id: '1' },
    messages: [
      {
        id: '1',
        type: 'Default',
        timestamp: '2024-05-01T10:00:00Z',
        content: Q,
        author: { id: '1', name: 'amal', isBot: false },
      },
      {
        id: '2',
        type: 'Reply',
        timestamp: '2024-05-01T10:01:00Z',
        content: A,
        author: { id: '2', name: 'bot', isBot: true },
      },
    ],
    messageCount: 2,
  })
  const messenger = JSON.stringify({
    participants: [{ name: 'Amal' }],
    messages: [
      { sender_name: 'Shop', timestamp_ms: 1714557660000, content: A },
      { sender_name: 'Amal', timestamp_ms: 1714557600000, content: Q },
    ],
  })
  const whatsapp = `01/05/2024, 10:00 - Messages are encrypted.\n01/05/2024, 10:00 - Amal: ${Q}\n01/05/2024, 10:01 - Shop: It stiffens\nglass.\n`
  const iphone = `\u200e[01.05.24, 10:00:00] Amal: ${Q}\r\n[01.05.24, 10:01:00] Shop: ${A}\r\n`

  it.each([
    ['Telegram', 'result.json', telegram, ['Amal', 'Shop']],
    ['Slack', '2024-05-01.json', slack, ['U1', 'U3', 'U2']],
    ['Discord', 'help.json', discord, ['bot', 'amal']],
    ['Messenger', 'message_1.json', messenger, ['Shop', 'Amal']],
    ['WhatsApp', 'WhatsApp Chat.txt', whatsapp, ['Amal', 'Shop']],
    ['WhatsApp of an iPhone', '_chat.txt', iphone, ['Amal', 'Shop']],
  ])('of %s asks who writes the answers', async (_, name, content, speakers) => {
    const preview = await text(name, content)
    expect(preview.plan.mapping.shape).toBe('chat-log')
    expect(preview.columns).toEqual(speakers)
    if (speakers.includes('bot')) return
    expect(undecided(preview.plan, preview.left)).toBe('speaker')
    expect(new Set(problems(preview))).toEqual(new Set(['no-assistant']))
  })

  it.each([
    [
      'Telegram',
      'result.json',
      telegram,
      'Shop',
      [say('user', 'What is boron\ngood for?'), say('assistant', A)],
    ],
    ['Slack', '2024-05-01.json', slack, 'U2', CHAT.messages],
    ['Discord', 'help.json', discord, 'bot', CHAT.messages],
    ['Messenger, which writes the newest first', 'message_1.json', messenger, 'Shop', CHAT.messages],
    [
      'WhatsApp',
      'WhatsApp Chat.txt',
      whatsapp,
      'Shop',
      [say('user', Q), say('assistant', 'It stiffens\nglass.')],
    ],
    ['WhatsApp of an iPhone', '_chat.txt', iphone, 'Shop', CHAT.messages],
  ])('of %s becomes conversations then', async (_, name, content, assistant, messages) => {
    const asked = await text(name, content)
    const preview = await text(name, content, answeredBy(asked, assistant))
    expect(rowsIn(preview)[0]).toEqual({ messages })
    expect(problems(preview)).toEqual([])
    expect(undecided(preview.plan, preview.left)).toBeNull()
  })

  it('is parted by pauses, and says what was left out', async () => {
    const asked = await text('result.json', telegram)
    const preview = await text('result.json', telegram, answeredBy(asked, 'Shop'))
    expect(rowsIn(preview)).toHaveLength(2)
    expect(preview.notes).toEqual({ notices: 1, 'unanswered-turn': 1 })
    expect(preview.left.map(({ path }) => path)).toEqual(expect.arrayContaining(['from_id', 'actor', 'name']))
  })

  it('that nobody of the chosen name speaks in is refused message by message', async () => {
    const asked = await text('result.json', slack)
    const preview = await text('result.json', slack, answeredBy(asked, 'Nobody'))
    expect(problems(preview)).toEqual(['no-answer'])
  })

  it('of WhatsApp leaves out what stands in place of a file', async () => {
    const chat = `01/05/2024, 10:00 - Amal: ${Q}\n01/05/2024, 10:01 - Shop: <Media omitted>\n01/05/2024, 10:02 - Shop: image omitted\n01/05/2024, 10:03 - Shop: ${A}\n`
    const preview = await text(
      'WhatsApp Chat.txt',
      chat,
      answeredBy(await text('WhatsApp Chat.txt', chat), 'Shop'),
    )
    expect(rowsIn(preview)).toEqual([CHAT])
    expect(preview.notes).toEqual({ notices: 2 })
  })

  it('of many chats in one archive is named', async () => {
    const archive = JSON.stringify({ about: '', chats: { list: [{ messages: [] }, { messages: [] }] } })
    expect(problems(await text('result.json', archive))).toEqual(['foreign-chat-archive'])
  })
})

describe('a chat that is written down', () => {
  it.each([
    [
      '**User:** and breaks',
      `**User:** ${Q}\n\n**Assistant:** ${A}\n\n---\n\n**User:** And neon?\n\n**Assistant:** It glows.\n`,
      2,
    ],
    [
      '## User',
      `## User\n\n${Q}\n\n## Assistant\n\n${A}\n\n## User\nAnd neon?\n## Assistant\nIt glows.\n`,
      1,
    ],
    ['### Human:', `### Human: ${Q}\n### Assistant: ${A}\n`, 1],
    ['User:', `User: ${Q}\nAssistant: ${A}\n`, 1],
    ['You said:', `You said:\n${Q}\nChatGPT said:\n${A}\n`, 1],
    [
      'breaks between all turns',
      `**User:** ${Q}\n\n---\n\n**Assistant:** ${A}\n\n---\n\n**User:** And neon?\n\n---\n\n**Assistant:** It glows.`,
      1,
    ],
    ['Q and A, each a row of its own', `Q: ${Q}\nA: ${A}\n\nQ: And neon?\nA: It glows.\n`, 2],
  ])('with %s is read', async (_, content, count) => {
    const preview = await text('chat.md', content)
    const rows = rowsIn(preview)
    expect(rows).toHaveLength(count)
    expect((rows[0] as typeof CHAT).messages.slice(0, 2)).toEqual(CHAT.messages)
    expect(problems(preview)).toEqual([])
  })

  it('keeps breaks and blank lines inside of a turn, and names what stands before the first', async () => {
    const preview = await text('chat.md', `# A title\n\nUser: ${Q}\nAssistant: One\n\n---\n\nTwo\n`)
    expect(rowsIn(preview)).toEqual([{ messages: [say('user', Q), say('assistant', 'One\n\n---\n\nTwo')] }])
    expect(problems(preview)).toEqual(['no-speaker'])
  })

  it('is no chat where only one side speaks, or names stand in a text', async () => {
    for (const content of ['Note: buy milk\nTodo: sleep\n', 'User: hi\nUser: ho\n'])
      expect((await text('notes.txt', content)).plan.container).not.toBe('text')
  })
})

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

describe('turns with parts', () => {
  it('in a log of an agent are read, and calls are refused by name', async () => {
    const log = [
      { type: 'user', uuid: '1', message: { role: 'user', content: Q } },
      { type: 'assistant', uuid: '2', message: { role: 'assistant', content: [{ type: 'text', text: A }] } },
      {
        type: 'assistant',
        uuid: '3',
        message: { role: 'assistant', content: [{ type: 'tool_use', name: 'x', input: {} }] },
      },
    ]
    const preview = await text('session.jsonl', lines(log))
    expect(rowsIn(preview)).toEqual([CHAT])
    expect(problems(preview)).toEqual(['bad-part'])
  })
})

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

describe('a chat that is a whole file', () => {
  it.each([
    ['a list of turns', 'a.json', JSON.stringify(CHAT.messages), 'conversation'],
    ['a turn a line', 'a.jsonl', lines(CHAT.messages), 'conversation'],
    [
      'marks at the beginning of lines',
      'a.txt',
      `<|im_start|>user\n${Q}<|im_end|>\n<|im_start|>assistant\n${A}<|im_end|>\n`,
      'conversation',
    ],
    ['German questions', 'a.txt', `Frage: ${Q}\nAntwort: ${A}\n`, 'exchange'],
    ['Arabic letters', 'a.txt', `س: ${Q}\nج: ${A}\n`, 'exchange'],
  ])('as %s is read', async (_, name, content, rows) => {
    const preview = await text(name, content)
    expect(rowsIn(preview)).toEqual([CHAT])
    expect(preview.plan.mapping).toMatchObject({ shape: 'chat-log', rows })
  })
})
