/** Conversations and chat templates for which both trainers have to learn the same tokens. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

type Message = { role: string; content: unknown; weight?: number; [field: string]: unknown }
export type LabelRow = { messages: Message[]; tools?: unknown[] }

const base = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))

const user = (content: string): Message => ({ role: 'user', content })
const system = (content: string): Message => ({ role: 'system', content })
const answer = (content: unknown, weight?: number): Message => ({
  ...{ role: 'assistant', content },
  ...(weight === undefined ? {} : { weight }),
})

const TEXTS = [
  'Gold is heavy.',
  'A poem - with dashes - and 12.5 %',
  'Zeile eins\nZeile zwei\n\n  eingerückt\n',
  '  spaces before, and after  ',
  '\nA line break first',
  'مرحبًا بالعالم، كيف الحال؟',
  '水银是液体。🙂 👩‍🔬',
  '{"a": [1, 2, {"b": null}]}',
  "It's 'quoted' \"twice\" & <b>bold</b>",
  '…',
]

/** Special tokens of several families, spelled in a text. */
const SPELLED = [
  'Write <|im_end|> to end a turn.',
  '<|im_start|>assistant\nI am not a turn<|im_end|>',
  '</s> <s> [INST] <|eot_id|> <end_of_turn>',
  '<<|im_end|>|im_end|>',
]

const THOUGHTS = '<think>\nGold is Au.\n</think>\n\nIt is Au.'

const tool = (name: string) => ({
  type: 'function',
  function: { name, description: 'Weighs.', parameters: { type: 'object', properties: {} } },
})
const called = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'weigh', arguments: '{"of": "gold"}' } }],
}

/** Forty: each text as question and answer, several turns, weights, spelled special tokens, thoughts, tools. */
export const LABEL_ROWS: LabelRow[] = [
  ...TEXTS.map((text) => ({ messages: [user('What is it?'), answer(text)] })),
  ...TEXTS.slice(0, 5).map((text) => ({ messages: [system('Be short.'), user(text), answer('Yes.')] })),
  ...TEXTS.slice(0, 5).map((text, at) => ({
    messages: [
      user('One'),
      answer(text),
      user('Two'),
      answer(TEXTS[at + 5], at % 2),
      user(text),
      answer('End'),
    ],
  })),
  { messages: [user('a'), answer('first', 0), user('b'), answer('second', 1)] },
  { messages: [user('a'), answer('first', 1), user('b'), answer('second', 0)] },
  { messages: [system('S'), user('a'), answer('1', 0), user('b'), answer('2', 0), user('c'), answer('3')] },
  { messages: [user('a'), answer('never', 0)] },
  ...SPELLED.map((text) => ({ messages: [user(text), answer('Yes.')] })),
  ...SPELLED.map((text) => ({ messages: [user('Say it.'), answer(text), user('Again'), answer(text)] })),
  { messages: [user('Which?'), answer(THOUGHTS)] },
  { messages: [user('Which?'), answer(THOUGHTS), user('Sure?'), answer('<think>\nYes.\n</think>\n\nSure.')] },
  { messages: [{ role: 'developer', content: 'Be short.' }, user('Hi'), answer('Ho')] },
  {
    messages: [
      user('Hi'),
      answer([
        { type: 'text', text: 'Two ' },
        { type: 'text', text: 'parts' },
      ]),
    ],
  },
  {
    messages: [user('Weigh it'), called, { role: 'tool', tool_call_id: 'a', content: '5' }, answer('Five.')],
  },
  { messages: [user('Weigh it'), called], tools: [tool('weigh')] },
  { messages: [user('Hi'), answer('No tool needed.')], tools: [tool('weigh')] },
  { messages: [user('Hi'), answer('')] },
]

interface Template {
  name: string
  /** In TRL's package; null: `source`. */
  file: string | null
  source?: string
  bos?: string
  eos: string
  /** Its special tokens, which the base's tokenizer lacks. */
  specials: string[]
}

/** Published templates from TRL's package, and small ones of our own. */
export const LABEL_TEMPLATES: Template[] = [
  { name: 'chatml', file: null, eos: '<|im_end|>', specials: [] },
  { name: 'qwen2_5', file: 'qwen2_5', eos: '<|im_end|>', specials: [] },
  { name: 'qwen3', file: 'qwen3', eos: '<|im_end|>', specials: [] },
  {
    ...{ name: 'llama3', file: 'llama3', bos: '<|begin_of_text|>', eos: '<|eot_id|>' },
    specials: ['<|begin_of_text|>', '<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
  },
  {
    ...{ name: 'phi3', file: 'phi3', eos: '<|endoftext|>' },
    specials: ['<|user|>', '<|assistant|>', '<|system|>', '<|end|>'],
  },
  {
    ...{ name: 'gemma3', file: 'gemma3', bos: '<bos>', eos: '<end_of_turn>' },
    specials: ['<bos>', '<start_of_turn>', '<end_of_turn>'],
  },
  {
    ...{ name: 'lfm2_v2', file: 'lfm2_v2', bos: '<|startoftext|>', eos: '<|im_end|>' },
    specials: ['<|startoftext|>'],
  },
  {
    ...{ name: 'inst', file: null, bos: '<s>', eos: '</s>', specials: ['<s>', '</s>', '[INST]', '[/INST]'] },
    source:
      "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'assistant' %}{{ ' ' + m['content'] + eos_token }}{% else %}{{ '[INST] ' + m['content'] + ' [/INST]' }}{% endif %}{% endfor %}",
  },
  // The space of its header would be one token with an answer's first word.
  {
    ...{ name: 'spaced', file: null, eos: '<|im_end|>', specials: [] },
    source:
      "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}",
  },
]

/** A model folder with the base's tokenizer, a template and the special tokens that it writes. @param from TRL's templates */
export function labelFolder(
  { name, file, source, bos, eos, specials }: Template,
  from: string,
  to: string,
): string {
  const folder = path.join(to, name)
  mkdirSync(folder)
  for (const each of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
    cpSync(path.join(base, each), path.join(folder, each))
  const edit = (each: string, change: (json: Record<string, unknown>) => object) => {
    const json = JSON.parse(readFileSync(path.join(folder, each), 'utf8'))
    writeFileSync(path.join(folder, each), JSON.stringify({ ...json, ...change(json) }))
  }
  edit('tokenizer.json', ({ added_tokens }) => {
    const known = added_tokens as { id: number }[]
    const first = Math.max(...known.map(({ id }) => id)) + 1
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
    const more = specials.map((content, at) => ({ id: first + at, content, ...plain }))
    return { added_tokens: [...known, ...more] }
  })
  edit('tokenizer_config.json', ({ chat_template }) => ({
    bos_token: bos ?? null,
    eos_token: eos,
    chat_template: file ? readFileSync(path.join(from, `${file}.jinja`), 'utf8') : (source ?? chat_template),
  }))
  return folder
}
