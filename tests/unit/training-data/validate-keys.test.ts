import { describe, expect, it } from 'vitest'
import { answer, broken, image, user } from '../../support/check-lines.ts'

const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
const tools = [{ type: 'function', function: { name: 'f' } }]

describe('an example', () => {
  it.each<[string, unknown, string[]]>([
    ['no messages', { prompt: 'a', completion: 'b' }, ['no-messages@messages']],
    ['an empty list', { messages: [] }, ['no-messages@messages']],
    ['a stray key', { messages: [user, answer], weight: 1 }, ['unknown-key@weight']],
    [
      'a stray key in a message',
      { messages: [{ ...user, text: '' }, answer] },
      ['unknown-key@messages[0].text'],
    ],
    ['no role', { messages: [user, { content: 'x' }, answer] }, ['bad-role@messages[1].role']],
    [
      'a wrong role',
      { messages: [{ role: 'bot', content: 'x' }, user, answer] },
      ['bad-role@messages[0].role'],
    ],
    [
      'a message that is no object',
      { messages: ['x', user, answer] },
      ['bad-role@messages[0].role', 'empty-content@messages[0].content'],
    ],
    [
      'a late system message',
      { messages: [user, { role: 'system', content: 's' }, answer] },
      ['(system-not-first@messages[1])'],
    ],
    ['no user', { messages: [answer] }, ['(no-user@messages)']],
    ['no answer at the end', { messages: [user, answer, user] }, ['last-not-assistant@messages[2]']],
    [
      'an empty answer',
      { messages: [user, { role: 'assistant', content: '' }] },
      ['empty-content@messages[1].content'],
    ],
    [
      'an empty question',
      { messages: [{ role: 'user', content: '' }, answer] },
      ['(empty-content@messages[0].content)'],
    ],
    [
      'null content',
      { messages: [{ role: 'user', content: null }, answer] },
      ['empty-content@messages[0].content'],
    ],
    [
      'no trained answer',
      { messages: [user, { ...answer, weight: 0 }] },
      ['(no-trained-assistant@messages)'],
    ],
    ['weight 2', { messages: [user, { ...answer, weight: 2 }] }, ['weight-not-0-1@messages[1].weight']],
    ['weight true', { messages: [user, { ...answer, weight: true }] }, ['weight-not-0-1@messages[1].weight']],
    [
      'weight of a user',
      { messages: [{ ...user, weight: 1 }, answer] },
      ['weight-on-non-assistant@messages[0].weight'],
    ],
    [
      'a call without result',
      { messages: [user, { role: 'assistant', tool_calls: [call] }, answer] },
      ['(undeclared-tool@messages[1])', 'tool-call-without-result@messages[1].tool_calls[0]'],
    ],
    [
      'a call with result',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c1', content: '1' },
          answer,
        ],
        tools,
      },
      [],
    ],
    [
      'a call at the end',
      { messages: [user, { role: 'assistant', content: null, tool_calls: [call] }], tools },
      [],
    ],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'q' }, image] }, answer] },
      ['(image-part-unsupported@messages[0].content[1])'],
    ],
    [
      'a picture in an answer',
      { messages: [user, { role: 'assistant', content: [image] }] },
      ['image-part-unsupported@messages[1].content[0]'],
    ],
    [
      'sound',
      { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }, answer] },
      ['image-part-unsupported@messages[0].content[0]'],
    ],
    [
      'content of a wrong kind',
      { messages: [{ role: 'user', content: 7 }, answer] },
      ['bad-shape@messages[0].content'],
    ],
    [
      'tools of a wrong kind',
      { messages: [user, answer], tools: [{ type: 'x' }] },
      ['bad-shape@tools[0].type'],
    ],
    [
      'a result nobody asked for',
      { messages: [user, { role: 'tool', tool_call_id: 'c1', content: '1' }, answer] },
      ['tool-result-without-call@messages[1]'],
    ],
    [
      'a result of another call',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c1', content: '1' },
          { role: 'tool', tool_call_id: 'c2', content: '2' },
          answer,
        ],
        tools,
      },
      ['tool-result-without-call@messages[3]'],
    ],
    [
      'two calls and their results',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [call, { ...call, id: 'c2' }] },
          { role: 'tool', tool_call_id: 'c2', content: '2' },
          { role: 'tool', tool_call_id: 'c1', content: '1' },
          answer,
        ],
        tools,
      },
      [],
    ],
    [
      'arguments that are no JSON',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: '{' } }] },
        ],
      },
      ['(undeclared-tool@messages[1])', 'tools-schema@messages[1].tool_calls[0].function.arguments'],
    ],
    [
      'a schema that is none',
      {
        messages: [user, answer],
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'string' } } }],
      },
      ['tools-schema@tools[0].function.parameters'],
    ],
    [
      'a picture from nowhere',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///a.png' } }] },
          answer,
        ],
      },
      [
        'image-limits@messages[0].content[0].image_url.url',
        '(image-part-unsupported@messages[0].content[0])',
      ],
    ],
    [
      'an answer that begins with a space',
      { messages: [user, { ...answer, content: ' a' }] },
      ['(trailing-space@messages[1].content)'],
    ],
    ['a question that begins with a space', { messages: [{ ...user, content: ' q' }, answer] }, []],
    [
      'a key',
      { messages: [user, { ...answer, content: `Use sk-${'x1'.repeat(12)} here` }] },
      ['(secret-or-pii-looking@messages[1].content)'],
    ],
    [
      'an address',
      { messages: [{ ...user, content: 'Write to jane@acme.io.' }, answer] },
      ['(secret-or-pii-looking@messages[0].content)'],
    ],
    [
      'an address of nobody',
      { messages: [{ ...user, content: 'Write to jane@example.org or ask @jane.' }, answer] },
      [],
    ],
    [
      'an account',
      { messages: [user, { ...answer, content: 'DE89 3704 0044 0532 0130 00' }] },
      ['(secret-or-pii-looking@messages[1].content)'],
    ],
    [
      'numbers that are nobody’s',
      { messages: [user, { ...answer, content: '4111 1111 1111 1112 and DE88 3704 0044 0532 0130 00' }] },
      [],
    ],
    [
      'an override of direction',
      { messages: [user, { ...answer, content: 'a\u202eb\u202c' }] },
      ['(bidi-control-chars@messages[1].content)'],
    ],
    ['a mark of direction', { messages: [user, { ...answer, content: 'ا\u200fب' }] }, []],
    ['a developer', { messages: [{ role: 'developer', content: 's' }, user, answer] }, []],
    [
      'keys named after Object’s own',
      JSON.parse(
        '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "__proto__": {"x": 1}}',
      ),
      ['unknown-key@__proto__'],
    ],
  ])('with %s', (_, value, expected) => {
    expect(broken(value)).toEqual(expected)
  })
})
