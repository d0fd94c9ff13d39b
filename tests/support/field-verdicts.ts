import type { undecided } from '#components/datasets/import/mapping.ts'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { say } from './field-previews.ts'

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

const BORON = {
  messages: [
    say('user', 'What is boron good for?'),
    say('assistant', 'It stiffens glass and hides in laundry soap.'),
  ],
}

/** What each file of tests/fixtures/field is taken for. */
export const verdicts: Verdict[] = [
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
