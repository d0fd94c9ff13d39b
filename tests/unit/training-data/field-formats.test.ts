import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { undecided } from '#components/datasets/import/mapping.ts'
import { previewImport } from '#lib/datasets/preview.ts'
import type { ImportPreview } from '#lib/datasets/schema.ts'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { TrainingLine } from '#lib/training-data/schema.ts'

const file = (name: string) => readFileSync(`tests/fixtures/field/${name}`)
const look = (name: string, plan?: ImportPlan) => previewImport(file(name), { name, plan })
const text = (name: string, content: string, plan?: ImportPlan) =>
  previewImport(Buffer.from(content), { name, plan })
const json = (records: readonly unknown[]) => JSON.stringify(records)

const rowsIn = ({ rows }: ImportPreview) =>
  rows.flatMap(({ after }) => (after === null ? [] : [JSON.parse(after) as TrainingLine]))
const problems = ({ rows }: ImportPreview) => rows.flatMap((row) => ('problem' in row ? [row.problem] : []))
const leftIn = ({ left }: ImportPreview) => left.map(({ path, count }) => `${path} ${count}`)
const openIn = ({ plan, left }: ImportPreview) => undecided(plan, left)

interface Verdict {
  file: string
  shape: ImportPlan['mapping']['shape']
  rows: number
  problems?: string[]
  left?: string[]
  notes?: object
  open?: ReturnType<typeof undecided>
  first?: object
}

const say = (role: string, content: string) => ({ role, content })

const BORON = {
  messages: [
    say('user', 'What is boron good for?'),
    say('assistant', 'It stiffens glass and hides in laundry soap.'),
  ],
}

const verdicts: Verdict[] = [
  {
    file: '14-pandas-csv-messages-as-text.csv',
    shape: 'lines',
    rows: 10,
    left: ['Unnamed: 0 10'],
  },
  {
    file: '28-kto-thumbs.jsonl',
    shape: 'thumbs',
    rows: 0,
    problems: Array(10).fill('undecided'),
    open: 'thumbs',
  },
  {
    file: '29-sharegpt-dpo.json',
    shape: 'preference',
    rows: 10,
    first: {
      input: { messages: [say('user', 'What is boron?')] },
      preferred_output: [say('assistant', 'It stiffens glass and hides in laundry soap.')],
      non_preferred_output: [say('assistant', 'Who knows.')],
    },
  },
  {
    file: '30-alpaca-dpo-with-input.json',
    shape: 'preference',
    rows: 10,
    notes: { 'input-joined': 10 },
    first: { input: { messages: [say('user', 'Say what the element is good for.\n\nboron')] } },
  },
  {
    file: '31-sharegpt-function-call-observation.json',
    shape: 'sharegpt',
    rows: 10,
    notes: { 'made-ids': 10, 'blank-tools': 1 },
    first: {
      messages: [
        say('system', 'You look numbers up.'),
        say('user', 'When does boron melt?'),
        {
          role: 'assistant',
          tool_calls: [
            {
              id: 'call_1',
              type: 'function',
              function: { name: 'melting_point', arguments: '{"element":"boron"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '300' },
        say('assistant', 'At 300 K.'),
      ],
      tools: [{ type: 'function', function: { name: 'melting_point' } }],
    },
  },
  {
    file: '33-alpaca-history-and-holes.json',
    shape: 'alpaca',
    rows: 6,
    problems: ['bad-turn', 'missing-column', 'empty-cell', 'not-text'],
  },
  {
    file: '34-context-question-answer.csv',
    shape: 'columns',
    rows: 10,
    left: ['id 10'],
    first: {
      messages: [
        say(
          'user',
          'Handbook page 0: It stiffens glass and hides in laundry soap. It was described long ago.\n\nWhat does the handbook say of boron?',
        ),
        say('assistant', 'It stiffens glass and hides in laundry soap.'),
      ],
    },
  },
  {
    file: '38-anthropic-bedrock-top-level-system.jsonl',
    shape: 'anthropic',
    rows: 10,
    first: { messages: [say('system', 'Answer in one sentence.'), {}, {}] },
  },
  { file: '39-openai-messages-in-json-list.json', shape: 'lines', rows: 10 },
  {
    file: '40-chat-export-tree.json',
    shape: 'chat-tree',
    rows: 3,
    left: ['id 3', 'title 3', 'chat.models 3'],
    notes: { 'unanswered-turn': 3, 'other-branches': 3 },
    open: 'leftovers',
    first: {
      messages: [
        say('user', 'What is boron?'),
        say('assistant', 'It stiffens glass and hides in laundry soap.'),
      ],
    },
  },
  ...['k20-winner-by-letter.csv', 'k21-chosen-by-number.jsonl'].map((file, at) => ({
    file,
    shape: 'preference' as const,
    rows: 10,
    first: {
      input: { messages: [say('user', 'What is boron good for?')] },
      [at === 0 ? 'non_preferred_output' : 'preferred_output']: [
        say('assistant', 'It stiffens glass and hides in laundry soap.'),
      ],
    },
  })),
  {
    file: 'k22-two-conversations-and-a-winner.jsonl',
    shape: 'preference',
    rows: 10,
    left: ['question_id 10', 'model_a 10', 'model_b 10'],
    first: { preferred_output: [say('assistant', 'Dunno.')] },
  },
  {
    file: 'k23-choices-and-a-number.jsonl',
    shape: 'columns',
    rows: 10,
    left: ['subject 10'],
    notes: { 'choices-joined': 10 },
    first: {
      messages: [
        say(
          'user',
          'What is boron good for?\n\nA. It stiffens glass and hides in laundry soap.\nB. x\nC. y\nD. z',
        ),
        say('assistant', 'A. It stiffens glass and hides in laundry soap.'),
      ],
    },
  },
  {
    file: 'k24-calls-as-answers.json',
    shape: 'columns',
    rows: 10,
    left: ['id 10'],
    notes: { 'made-ids': 10 },
    first: {
      messages: [{}, { role: 'assistant', tool_calls: [{ function: { name: 'melt' } }] }],
      tools: [{ function: { name: 'melt' } }],
    },
  },
  {
    file: 'k25-log-of-requests.jsonl',
    shape: 'columns',
    rows: 10,
    left: [
      'response.id 10',
      'response.prompt_filter_results 10',
      'response.choices[].index 10',
      'response.choices[].content_filter_results 10',
      'request.model 10',
    ],
    first: {
      messages: [
        say('user', 'What is boron good for?'),
        say('assistant', 'It stiffens glass and hides in laundry soap.'),
      ],
    },
  },
  {
    file: 'k26-chat-history-beside-a-message.jsonl',
    shape: 'columns',
    rows: 10,
    first: {
      messages: [
        say('system', 'Be brief'),
        say('user', 'Hi'),
        say('assistant', 'Hello'),
        say('user', 'What is boron good for?'),
        {},
      ],
    },
  },
  ...['k27-headings-with-signs.csv', 'k28-headings-with-vowels.csv', 'k29-headings-in-russian.csv'].map(
    (file) => ({ file, shape: 'columns' as const, rows: 10 }),
  ),
  {
    file: 'k30-several-answers.jsonl',
    shape: 'columns',
    rows: 10,
    left: ['answers 10'],
    notes: { 'several-answers': 10 },
    open: 'leftovers',
    first: {
      messages: [{}, say('assistant', 'It stiffens glass and hides in laundry soap.')],
    },
  },
  ...[
    'k40-messages-as-text.jsonl',
    'k41-bare-lists-of-turns.jsonl',
    'k42-records-as-texts.json',
    'k47-conversations-by-id.json',
    'k48-conversation-inside.jsonl',
    'k49-conversations-in-a-list.json',
  ].map((file) => ({
    file,
    shape: 'lines' as const,
    rows: 10,
    left: { k48: ['id 10'], k49: ['name 1'] }[file.slice(0, 3)] ?? [],
    first: BORON,
  })),
  ...['k44-pandas-columns.json', 'k45-pandas-split.json', 'k46-pandas-index.json'].map((file) => ({
    file,
    shape: 'columns' as const,
    rows: 10,
    first: BORON,
  })),
  {
    file: 'k43-rows-of-a-viewer.json',
    shape: 'alpaca',
    rows: 10,
    left: ['row_idx 10', 'truncated_cells 10', 'num_rows_total 1', 'features 1'],
    // One of the rows was cut by the viewer.
    open: 'leftovers',
    first: BORON,
  },
  { file: '83-wrapper-object.json', shape: 'lines', rows: 12, left: ['version 1', 'name 1'] },
  // The rows come in as they are; the checks name the eight others, with one fix for all.
  { file: '86-three-formats-mixed.jsonl', shape: 'lines', rows: 12 },
  {
    file: '94-arabic-headings-number-first.csv',
    shape: 'columns',
    rows: 10,
    left: ['الرقم 10'],
    first: {
      messages: [say('user', 'ما هو الهيليوم؟'), say('assistant', 'غاز خفيف يملأ البالونات ولا يحترق.')],
    },
  },
]

describe('files that people had', () => {
  it.each(verdicts)('$file', async ({ file: name, ...verdict }) => {
    const preview = await look(name)
    expect(preview.plan.mapping.shape).toBe(verdict.shape)
    expect(rowsIn(preview)).toHaveLength(verdict.rows)
    expect(problems(preview)).toEqual(verdict.problems ?? [])
    expect(leftIn(preview)).toEqual(verdict.left ?? [])
    expect(preview.notes).toEqual(verdict.notes ?? {})
    expect(openIn(preview)).toBe(verdict.open ?? null)
    expect(rowsIn(preview)[0] ?? {}).toMatchObject(verdict.first ?? {})
    if (verdict.shape !== 'lines') for (const row of rowsIn(preview)) TrainingLine.parse(row)
  })

  it('without tools where they were blank, and only there', async () => {
    const without = rowsIn(await look('31-sharegpt-function-call-observation.json')).filter(
      (row) => !('tools' in row),
    )
    expect(without).toHaveLength(1)
  })

  it('whose disliked answers stay out, or become the worse of a pair', async () => {
    const name = '28-kto-thumbs.jsonl'
    const thumbs = (keep: 'liked' | 'pairs'): ImportPlan => ({
      container: 'jsonl',
      mapping: { shape: 'thumbs', label: 'label', keep },
    })
    const liked = await look(name, thumbs('liked'))
    expect(rowsIn(liked)).toHaveLength(5)
    expect(JSON.stringify(rowsIn(liked))).not.toContain('Something chemical')
    expect(liked.notes).toEqual({ 'disliked-left-out': 5 })
    // No prompt has both.
    expect(problems(await look(name, thumbs('pairs')))).toEqual(Array(10).fill('no-partner'))
    const both = [true, false].map((label) => ({ prompt: 'Q', completion: label ? 'good' : 'bad', label }))
    expect(rowsIn(await text('a.json', json(both), { ...thumbs('pairs'), container: 'json' }))).toEqual([
      {
        input: { messages: [say('user', 'Q')] },
        preferred_output: [say('assistant', 'good')],
        non_preferred_output: [say('assistant', 'bad')],
      },
    ])
  })

  it('whose retries become pairs when that is wanted', async () => {
    const mapping = { shape: 'chat-tree', retries: 'pairs' } as const
    const preview = await look('40-chat-export-tree.json', { container: 'json', mapping })
    expect(rowsIn(preview)[0]).toEqual({
      input: { messages: [say('user', 'What is boron?')] },
      preferred_output: [say('assistant', 'It stiffens glass and hides in laundry soap.')],
      non_preferred_output: [say('assistant', '(a rejected retry)')],
    })
  })
})

const Q = say('user', 'Q')
const A = say('assistant', 'A')
const chat = { messages: [Q, A] }
const pair = {
  input: { messages: [Q] },
  preferred_output: [A],
  non_preferred_output: [say('assistant', 'B')],
}

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

describe('two answers and a label', () => {
  it.each([
    [{ label: 'b' }, [pair], []],
    [{ winner: '2' }, [pair], []],
    [{ label: 1 }, [], ['unmapped']],
    [{ winner: 'tie' }, [], ['same-answers']],
  ])('%j', async (decision, rows, refused) => {
    const names =
      'winner' in decision && decision.winner === '2' ? ['answer_1', 'answer_2'] : ['answer_a', 'answer_b']
    const [worse = '', better = ''] = names
    const preview = await text('a.json', json([{ prompt: 'Q', [worse]: 'B', [better]: 'A', ...decision }]))
    expect(rowsIn(preview)).toEqual(rows)
    expect(problems(preview)).toEqual(refused)
  })
})

describe('a table', () => {
  it('without a heading keeps its first row', async () => {
    const table = 'What is boron?,It stiffens glass.\nWhat is neon?,It glows.\n'
    const { plan, columns } = await text('a.csv', table)
    expect(plan.headless).toBe(true)
    expect(columns).toEqual(['column 1', 'column 2'])
    const mapping = { ...plan.mapping, user: 'column 1', assistant: 'column 2' } as typeof plan.mapping
    expect(rowsIn(await text('a.csv', table, { ...plan, mapping }))).toEqual([
      { messages: [say('user', 'What is boron?'), say('assistant', 'It stiffens glass.')] },
      { messages: [say('user', 'What is neon?'), say('assistant', 'It glows.')] },
    ])
  })

  it('whose headings are questions of a form is no such table', async () => {
    const { plan } = await text('a.csv', 'Timestamp,What did they ask?,What to say?\n1,Q,A\n')
    expect(plan.headless).toBeUndefined()
  })
})

describe('no field is left out unseen', () => {
  const table = 'question,answer,hint,lang\nQ1,A1,first hint,en\nQ2,A2,second hint,en\n'

  it('with a sample, a count, and a choice where rows differ', async () => {
    const preview = await text('a.csv', table)
    expect(preview.left).toMatchObject([
      { path: 'hint', count: 2, sample: 'first hint', differs: true },
      { path: 'lang', count: 2, sample: 'en', differs: false },
    ])
    expect(openIn(preview)).toBe('leftovers')
  })

  it.each<['question' | 'system' | 'leave', object]>([
    ['question', { messages: [say('user', 'first hint\n\nQ1'), say('assistant', 'A1')] }],
    ['system', { messages: [say('system', 'first hint'), say('user', 'Q1'), say('assistant', 'A1')] }],
    ['leave', { messages: [say('user', 'Q1'), say('assistant', 'A1')] }],
  ])('a choice of %s is kept', async (use, line) => {
    const { plan } = await text('a.csv', table)
    const preview = await text('a.csv', table, { ...plan, extras: { hint: use } })
    expect(rowsIn(preview)[0]).toEqual(line)
    expect(openIn(preview)).toBe(null)
  })

  it('names what stands inside of turns, too', async () => {
    const turns = [
      { from: 'human', value: 'Q', time: 1 },
      { from: 'gpt', value: 'A', time: 2 },
    ]
    expect(leftIn(await text('a.json', json([{ conversations: turns }])))).toEqual(['conversations[].time 1'])
  })

  it('records of no known shape stay open', async () => {
    const preview = await text('a.jsonl', '{"eins": "Q", "zwei": "A"}')
    expect(preview.plan.mapping).toMatchObject({ shape: 'columns', user: null, assistant: null })
    expect(openIn(preview)).toBe('columns')
  })

  it('headings that nobody knows stay open', async () => {
    const preview = await text('a.csv', 'eins,zwei\nQ,A\n')
    expect(preview.plan.mapping).toMatchObject({ user: null, assistant: null })
    expect(openIn(preview)).toBe('columns')
  })

  it.each([
    'question,answer',
    'السؤال,الجواب',
    'Question,Réponse',
    'Pregunta,Respuesta',
    'Frage,Antwort',
    '问题,回答',
  ])('headings %s are known', async (headings) => {
    expect(rowsIn(await text('a.csv', `${headings}\nQ,A\n`))).toEqual([chat])
  })
})
