import { describe, expect, it } from 'vitest'
import { undecided } from '#components/datasets/import/mapping.ts'
import type { ImportPreview } from '#lib/datasets/schema.ts'
import type { Mapping } from '#lib/training-data/formats/plan.ts'
import { A, CHAT, lines, Q } from '../../support/field-kinds.ts'
import { problems, rowsIn, say, text } from '../../support/field-previews.ts'

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
