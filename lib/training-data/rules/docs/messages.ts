import { asked, assistant, chat, lines, plain, type RuleEntry, system, user } from '../entry.ts'

const [good = ''] = plain
const question = user('What is neon?')
const answer = assistant('A noble gas.')
const soundAnswer = asked('What is neon?', 'A noble gas.')
const call = { id: 'call_1', type: 'function', function: { name: 'weigh', arguments: '{"element":"neon"}' } }
const calling = { role: 'assistant', tool_calls: [call] }
const result = { role: 'tool', tool_call_id: 'call_1', content: '20.18' }
const tool = (name: string) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { element: { type: 'string' } } } },
})
const talk = [user('How heavy is neon?'), calling, result, assistant('20.18 u.')]
const withTools = (messages: unknown, ...tools: unknown[]) => JSON.stringify({ messages, tools })
const withTool = withTools(talk, tool('weigh'))
const legacy = JSON.stringify({
  messages: [
    user('How heavy is neon?'),
    { role: 'assistant', function_call: call.function },
    { role: 'function', name: 'weigh', content: '20.18' },
    assistant('20.18 u.'),
  ],
  functions: [tool('weigh').function],
})
const picture = { type: 'image_url', image_url: { url: 'https://example.org/neon.png' } }

/** Rules on the messages of a conversation. */
export const messages: readonly RuleEntry[] = [
  {
    id: 'bad-role',
    severity: 'error',
    group: 'messages',
    repair: 'review',
    bad: chat({ role: 'human', content: 'What is neon?' }, answer),
    good: soundAnswer,
  },
  {
    id: 'system-not-first',
    severity: 'warning',
    group: 'messages',
    repair: 'review',
    bad: chat(question, system('Be brief.'), answer),
    good: chat(system('Be brief.'), question, answer),
  },
  {
    id: 'no-user',
    severity: 'warning',
    group: 'messages',
    repair: 'by hand',
    bad: chat(system('Be brief.'), answer),
    good: chat(system('Be brief.'), question, answer),
  },
  {
    id: 'last-not-assistant',
    severity: 'error',
    group: 'messages',
    repair: 'by hand',
    bad: chat(question, answer, user('Thank you!')),
    good: soundAnswer,
  },
  {
    id: 'empty-content',
    severity: 'either',
    group: 'messages',
    repair: 'by hand',
    bad: chat(question, assistant('')),
    good: soundAnswer,
  },
  {
    id: 'no-trained-assistant',
    severity: 'either',
    group: 'messages',
    repair: 'by hand',
    bad: lines(chat(question, assistant('A noble gas.', { weight: 0 })), good.replace('neon', 'krypton')),
    good: lines(chat(question, assistant('A noble gas.', { weight: 1 })), good.replace('neon', 'krypton')),
  },
  {
    id: 'two-answers-in-a-row',
    severity: 'warning',
    group: 'messages',
    repair: 'review',
    bad: chat(question, assistant('A noble gas.', { weight: 1 }), assistant('No idea.', { weight: 0 })),
    good: soundAnswer,
  },
  {
    id: 'turns-not-alternating',
    severity: 'either',
    group: 'messages',
    repair: 'review',
    bad: chat(user('I have a question.'), question, answer),
    good: chat(user('I have a question.\n\nWhat is neon?'), answer),
  },
  {
    id: 'reasoning',
    severity: 'either',
    group: 'messages',
    repair: 'review',
    bad: chat(question, assistant('A noble gas.', { reasoning_content: 'Group 18.' })),
    good: chat(question, assistant('<think>Group 18.</think>A noble gas.')),
  },
  {
    id: 'weight-not-0-1',
    severity: 'error',
    group: 'messages',
    repair: 'review',
    bad: chat(question, assistant('A noble gas.', { weight: '1' })),
    good: chat(question, assistant('A noble gas.', { weight: 1 })),
  },
  {
    id: 'weight-on-non-assistant',
    severity: 'error',
    group: 'messages',
    repair: 'review',
    bad: chat({ ...question, weight: 0 }, answer),
    good: soundAnswer,
  },
  {
    id: 'tool-call-without-result',
    severity: 'error',
    group: 'messages',
    repair: 'by hand',
    bad: withTools([user('How heavy is neon?'), calling, assistant('20.18 u.')], tool('weigh')),
    good: withTool,
  },
  {
    id: 'tool-result-without-call',
    severity: 'error',
    group: 'messages',
    repair: 'review',
    bad: withTools(
      [user('How heavy is neon?'), calling, { ...result, tool_call_id: 'call_2' }, assistant('20.18 u.')],
      tool('weigh'),
    ),
    good: withTool,
  },
  {
    id: 'undeclared-tool',
    severity: 'warning',
    group: 'messages',
    repair: 'by hand',
    bad: withTools(talk, tool('melt')),
    good: withTool,
  },
  {
    id: 'legacy-functions',
    severity: 'warning',
    group: 'messages',
    repair: 'review',
    bad: legacy,
    good: withTool,
  },
  {
    id: 'image-part-unsupported',
    severity: 'either',
    group: 'messages',
    repair: 'by hand',
    bad: chat(user([{ type: 'text', text: 'What is this?' }, picture]), answer),
    good: chat(user([{ type: 'text', text: 'What is this?' }]), answer),
  },
]
