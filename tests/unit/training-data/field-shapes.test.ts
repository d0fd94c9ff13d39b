import { describe, expect, it } from 'vitest'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { A, chat, json, pair, Q } from '../../support/field-formats.ts'
import { problems, rowsIn, say, text } from '../../support/field-previews.ts'

describe('a shape is known by its looks, and read', () => {
  it.each<[string, unknown, ImportPlan['mapping']['shape'], object]>([
    [
      'separators of the old models',
      { prompt: 'Q\n\n###\n\n', completion: ' A END' },
      'prompt-completion',
      chat,
    ],
    ['an arrow behind the prompt', { prompt: 'Q ->', completion: ' A' }, 'prompt-completion', chat],
    [
      'ShareGPT in any case',
      {
        conversations: [
          { From: 'x', from: 'HUMAN', value: 'Q' },
          { from: 'GPT', value: 'A' },
        ],
      },
      'sharegpt',
      chat,
    ],
    [
      'chats of a list with senders',
      {
        chat_messages: [
          { sender: 'human', text: 'Q' },
          { sender: 'assistant', text: 'A' },
        ],
      },
      'sharegpt',
      chat,
    ],
    ['TRL with its prompt', { prompt: 'Q', chosen: 'A', rejected: 'B' }, 'preference', pair],
    [
      'TRL with messages',
      { prompt: [Q], chosen: [A], rejected: [say('assistant', 'B')] },
      'preference',
      pair,
    ],
    [
      'TRL with the prompt inside',
      { chosen: [Q, A], rejected: [Q, say('assistant', 'B')] },
      'preference',
      pair,
    ],
    [
      'a prompt beside and inside',
      { prompt: 'Q', chosen: [Q, A], rejected: [Q, say('assistant', 'B')] },
      'preference',
      pair,
    ],
    [
      'a system prompt by another name',
      { system_prompt: 'S', question: 'Q', chosen: 'A', rejected: 'B' },
      'preference',
      { ...pair, input: { messages: [say('system', 'S'), Q] } },
    ],
    [
      'answers with their conversation, and the better one once more',
      { prompt: 'Q', messages: [Q, A], chosen: [Q, A], rejected: [Q, say('assistant', 'B')] },
      'preference',
      pair,
    ],
    [
      'two dialogues as text',
      { chosen: '\n\nHuman: Q\n\nAssistant: A', rejected: '\n\nHuman: Q\n\nAssistant: B' },
      'preference',
      pair,
    ],
    [
      'Gemini',
      {
        systemInstruction: { role: 'system', parts: [{ text: 'S' }] },
        contents: [
          { role: 'user', parts: [{ text: 'Q' }] },
          { role: 'model', parts: [{ text: 'A' }] },
        ],
      },
      'gemini',
      { messages: [say('system', 'S'), Q, A] },
    ],
    [
      'tools of Anthropic',
      {
        system: 'S',
        messages: [
          Q,
          { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: '7' }] },
          A,
        ],
        tools: [{ name: 'f', input_schema: { type: 'object' } }],
      },
      'anthropic',
      {
        messages: [
          say('system', 'S'),
          Q,
          {
            role: 'assistant',
            tool_calls: [{ id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
          },
          { role: 'tool', tool_call_id: 't1', content: '7' },
          A,
        ],
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      },
    ],
    [
      'a struct of lists',
      { messages: { role: ['user', 'assistant'], content: ['Q', 'A'] } },
      'struct-of-lists',
      chat,
    ],
    [
      'ChatML',
      { text: '<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n' },
      'marked-text',
      chat,
    ],
    [
      'Llama 2',
      { text: '<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nQ [/INST] A </s>' },
      'marked-text',
      { messages: [say('system', 'S'), Q, A] },
    ],
    [
      'Llama 3',
      {
        text: '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|>',
      },
      'marked-text',
      chat,
    ],
    ['Vicuna', { text: 'USER: Q ASSISTANT: A</s>' }, 'marked-text', chat],
    ['questions and answers in a text', { text: 'Q: Q\nA: A' }, 'marked-text', chat],
    [
      'a chat in a text beside its system prompt',
      { system: 'S', chat: 'USER: Q\n\n\nASSISTANT: A <|endoftext|>' },
      'marked-text',
      { messages: [say('system', 'S'), Q, A] },
    ],
    ['headings without line breaks', { text: '### Human: Q### Assistant: A' }, 'marked-text', chat],
    ['headings in the text', { text: '### Human: Q\n### Assistant: A' }, 'marked-text', chat],
    [
      'an Alpaca prompt in one text',
      { text: 'Below is an instruction.\n\n### Instruction:\nQ\n\n### Input:\nI\n\n### Response:\nA' },
      'marked-text',
      { messages: [say('system', 'Below is an instruction.'), say('user', 'Q\n\nI'), A] },
    ],
    [
      'a chat as a mapping',
      {
        mapping: {
          root: { id: 'root', parent: null, message: null, children: ['a'] },
          a: { parent: 'root', message: { author: { role: 'user' }, content: { parts: ['Q'] } } },
          b: { parent: 'a', message: { author: { role: 'assistant' }, content: { parts: ['A'] } } },
        },
        current_node: 'b',
      },
      'chat-tree',
      chat,
    ],
  ])('%s', async (_, record, shape, line) => {
    const preview = await text('a.json', json([record]))
    expect(preview.plan.mapping.shape).toBe(shape)
    expect(rowsIn(preview)).toEqual([line])
  })

  it.each<[string, string, string]>([
    [
      'a.csv',
      'conversation_id,turn,role,content\n1,1,user,Q\n2,1,user,Q\n1,2,assistant,A\n2,2,assistant,A\n',
      'turns',
    ],
    ['c.csv', 'ticket,sender,message\n7,customer,Q\n7,agent,A\n8,customer,Q\n8,agent,A\n', 'turns'],
    [
      'b.jsonl',
      ['1', '2']
        .flatMap((custom_id) => [
          { custom_id, method: 'POST', body: { model: 'm', messages: [Q] } },
          {
            custom_id,
            response: { status_code: 200, body: { choices: [{ message: { ...A, refusal: null } }] } },
          },
        ])
        .map((half) => JSON.stringify(half))
        .join('\n'),
      'batch',
    ],
  ])('%s: records that belong together become one row', async (name, content, shape) => {
    const preview = await text(name, content)
    expect(preview.plan.mapping.shape).toBe(shape)
    expect(rowsIn(preview)).toEqual([chat, chat])
  })

  it('a batch without its requests says what is missing', async () => {
    const answer = { custom_id: '1', response: { body: { choices: [{ message: A }] } } }
    expect(problems(await text('a.jsonl', JSON.stringify(answer)))).toEqual(['no-request'])
  })

  it.each<[string, unknown, string]>([
    ['plain text', { text: 'Once upon a time.' }, 'foreign-plain-text'],
    ['search', { query: 'q', pos: ['a'], neg: ['b'] }, 'foreign-retrieval'],
    ['tagged words', { tokens: ['a'], ner_tags: [0] }, 'foreign-tagged'],
  ])('%s is named, not read', async (_, record, problem) => {
    expect(problems(await text('a.json', json([record])))).toEqual([problem])
  })
})
