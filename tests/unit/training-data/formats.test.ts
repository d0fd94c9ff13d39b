import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convert } from '#lib/training-data/formats/convert.ts'
import { JsonElements } from '#lib/training-data/formats/elements.ts'
import { ListWindow } from '#lib/training-data/formats/lists.ts'
import { ImportPlan, type Mapping } from '#lib/training-data/formats/plan.ts'
import { sniff } from '#lib/training-data/formats/sniff.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const words = (bytes: Uint8Array | null) => (bytes ? new TextDecoder().decode(bytes) : null)
const columns = (given: Partial<Extract<Mapping, { shape: 'columns' }>> = {}): Mapping => ({
  shape: 'columns',
  system: null,
  systemText: null,
  user: 'q',
  assistant: 'a',
  rejected: null,
  weight: null,
  ...given,
})

describe('a record becomes a line', () => {
  it.each<[string, unknown, Mapping, string]>([
    [
      'prompt and completion, without the space that old models wanted',
      { prompt: 'Hi', completion: ' Hello' },
      { shape: 'prompt-completion' },
      '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}',
    ],
    [
      'prompt and completion as messages',
      { prompt: [{ role: 'user', content: 'Hi' }], completion: [{ role: 'assistant', content: ' x' }] },
      { shape: 'prompt-completion' },
      '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": " x"}]}',
    ],
    [
      'alpaca',
      { instruction: 'Add', input: '1 2', output: '3', system: 'S', history: [['a', 'b']] },
      { shape: 'alpaca' },
      '{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "Add\\n\\n1 2"}, {"role": "assistant", "content": "3"}]}',
    ],
    [
      'sharegpt',
      {
        conversations: [
          { from: 'system', value: 'S' },
          { from: 'human', value: 'Hi' },
          { from: 'gpt', value: 'Yo', weight: '0' },
        ],
      },
      { shape: 'sharegpt' },
      '{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo", "weight": 0}]}',
    ],
    [
      'columns with a text for all',
      { q: 'Hi', a: 42, w: false },
      columns({ systemText: 'S', weight: 'w' }),
      '{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "42", "weight": 0}]}',
    ],
    [
      'a preference pair',
      { s: '', q: 'Hi', a: 'good', r: 'bad' },
      columns({ system: 's', rejected: 'r' }),
      '{"input": {"messages": [{"role": "user", "content": "Hi"}]}, "preferred_output": [{"role": "assistant", "content": "good"}], "non_preferred_output": [{"role": "assistant", "content": "bad"}]}',
    ],
    [
      'a preference pair of whole conversations',
      {
        q: 'Hi',
        a: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'good' },
        ],
        r: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'bad' },
        ],
      },
      columns({ rejected: 'r' }),
      '{"input": {"messages": [{"role": "user", "content": "Hi"}]}, "preferred_output": [{"role": "assistant", "content": "good"}], "non_preferred_output": [{"role": "assistant", "content": "bad"}]}',
    ],
    [
      'messages as JSON in a cell',
      { messages: '[{"role":"user","content":"Hi"}]', tools: '', note: 'x' },
      { shape: 'lines' },
      '{"messages": [{"role": "user", "content": "Hi"}]}',
    ],
  ])('%s', (_, record, mapping, line) => {
    expect(convert(record, mapping)).toMatchObject({ line })
  })

  it('that is a training line keeps its numbers and escapes, on one line', () => {
    const text = '{\r\n  "messages": [ {"role":"user", "content":"caf\\u00e9"}\n ],\n  "n": 1.0\n}'
    expect(convert(JSON.parse(text), { shape: 'lines' }, text)).toEqual({
      left: [],
      line: '{"messages": [ {"role":"user", "content":"caf\\u00e9"}], "n": 1.0}',
    })
  })

  it.each<[string, unknown, Mapping, string]>([
    ['a list', [], { shape: 'lines' }, 'not-object'],
    ['a foreign object', { a: 1 }, { shape: 'lines' }, 'no-messages'],
    ['an absent column', { q: 'Hi' }, columns(), 'missing-column'],
    [
      'a column that only a prototype has',
      { q: 'Hi' },
      columns({ assistant: 'constructor' }),
      'missing-column',
    ],
    ['an empty answer', { q: 'Hi', a: ' ' }, columns(), 'empty-cell'],
    ['a number that JavaScript rounds', { q: 'Hi', a: 2 ** 60 }, columns(), 'not-text'],
    ['an object for an answer', { q: 'Hi', a: {} }, columns(), 'not-text'],
    ['a weight of two', { q: 'Hi', a: 'x', w: 2 }, columns({ weight: 'w' }), 'bad-weight'],
    ['no turns', { conversations: [] }, { shape: 'sharegpt' }, 'no-turns'],
    [
      'a foreign speaker',
      { conversations: [{ from: 'narrator', value: 'x' }] },
      { shape: 'sharegpt' },
      'unknown-speaker',
    ],
  ])('%s is refused', (_, record, mapping, problem) => {
    expect(convert(record, mapping)).toMatchObject({ problem })
  })

  it('of any content has lines or a reason', () => {
    const shapes: Mapping[] = [
      { shape: 'lines' },
      { shape: 'prompt-completion' },
      { shape: 'alpaca' },
      { shape: 'sharegpt' },
      columns({ system: 's', rejected: 'r' }),
    ]
    const key = fc.constantFrom(
      'messages',
      'prompt',
      'completion',
      'instruction',
      'output',
      'q',
      'a',
      's',
      'r',
    )
    const any = fc.dictionary(key, fc.anything({ maxDepth: 3 }), { noNullPrototype: true })
    fc.assert(
      fc.property(any, fc.constantFrom(...shapes), (record, mapping) => {
        const made = convert(record, mapping)
        if ('line' in made) {
          expect(made.line).not.toMatch(/[\r\n]/)
          JSON.parse(made.line)
        } else expect(made.problem).toMatch(/^[a-z-]+$/)
      }),
    )
  })
})

describe('the kind of a file', () => {
  it.each<[string, string, string, string, string[]]>([
    ['a.jsonl', '{"messages": []}\n{"messages": []}', 'jsonl', 'lines', ['messages']],
    ['a.jsonl', '\ufeff{\n  "messages": []\n}\n', 'json', 'lines', ['messages']],
    ['a.jsonl', '{"messages": []}\r{"messages": []}\r', 'json', 'lines', ['messages']],
    ['a.jsonl', "{'instruction': 'a', 'output': None}\n", 'jsonl', 'alpaca', ['instruction', 'output']],
    ['a.json', '{\n  "messages": []\n}\n', 'json', 'lines', ['messages']],
    [
      'a.json',
      '{"prompt": "a", "completion": "b"}\n',
      'jsonl',
      'prompt-completion',
      ['prompt', 'completion'],
    ],
    ['a.json', '[{"conversations": []}, {"conv', 'json', 'sharegpt', ['conversations']],
    ['a.jsonl', ' [\n{"instruction": "", "output": ""},', 'json', 'alpaca', ['instruction', 'output']],
    ['a.json', '[{"Question": "", "ANSWER": ""}]', 'json', 'columns', ['Question', 'ANSWER']],
    ['a.csv', 'prompt,completion\n"a, b",c\n', 'csv', 'prompt-completion', ['prompt', 'completion']],
    ['a.csv', 'messages;id\n"[{""role"": 1}]";2\n', 'csv', 'lines', ['messages', 'id']],
    ['a.tsv', 'one\ttwo\n', 'csv', 'columns', ['one', 'two']],
    ['a.txt', 'system|user|assistant\na|b|c\nd|e|f\n', 'csv', 'columns', ['system', 'user', 'assistant']],
    ['a.txt', 'Just some words.\n', 'jsonl', 'lines', []],
    ['a.csv', '', 'csv', 'columns', []],
    ['', '', 'jsonl', 'lines', []],
    ['a.csv', 'a,,a\n1,2,3', 'csv', 'columns', ['a', 'column 2', 'a (2)']],
  ])('%s with %j', (name, text, container, shape, names) => {
    const { plan, columns: found } = sniff(bytes(text), name)
    expect(plan).toMatchObject({ container, mapping: { shape } })
    expect(found).toEqual(names)
    expect(ImportPlan.parse(plan)).toEqual(plan)
  })

  it('is recognized by the names of its columns', () => {
    const { plan } = sniff(bytes('System Prompt,Question,Chosen,Rejected\na,b,c,d'), 'a.csv')
    expect(plan.delimiter).toBe(',')
    expect(plan.mapping).toEqual(
      columns({ system: 'System Prompt', user: 'Question', assistant: 'Chosen', rejected: 'Rejected' }),
    )
  })
})

describe('a list split into its elements', () => {
  const cut = (text: string, size: number) => {
    const elements = new JsonElements()
    const all = bytes(text)
    const found = []
    for (let at = 0; at < all.length; at += size) found.push(...elements.push(all.subarray(at, at + size)))
    return { found: [...found, ...elements.finish()], open: elements.open }
  }

  it('gives the place of each element', () => {
    const { found } = cut('[\n {"a": "]}\\"\\n"},\n 1.5 , "x,y",[{}]\n]\n{"b": 1}', 7)
    expect(found.map(({ line, bytes: own }) => [line, words(own)])).toEqual([
      [2, '{"a": "]}\\"\\n"}'],
      [3, '1.5'],
      [3, '"x,y"'],
      [3, '[{}]'],
      [5, '{"b": 1}'],
    ])
  })

  it('finds what JSON.parse finds, in chunks of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.json()),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (texts, size, spread) => {
          const list = spread ? `[\n${texts.join(',\n')}\n]` : `[${texts.join(',')}]`
          const { found, open } = cut(list, size)
          expect(found.map(({ bytes: own }) => words(own))).toEqual(texts)
          expect(open).toBe(false)
          for (const { start, end, bytes: own } of found) expect(bytes(list).slice(start, end)).toEqual(own)
        },
      ),
    )
  })

  it('reports a file that ends inside an element', () => {
    expect(cut('[{"a": 1}, {"b": ', 3).found.map((element) => element.cut)).toEqual([false, true])
    expect(cut('[{"a": 1},', 3)).toMatchObject({ open: true })
  })

  it('does not hold an element above 8 MB', () => {
    const { found } = cut(`[{"a": "${'x'.repeat(9 * 2 ** 20)}"}, {"b": 1}]`, 2 ** 16)
    const whole = found.filter(({ long }) => !long)
    expect(whole.map(({ bytes: own }) => words(own))).toEqual([null, '{"b": 1}'])
  })
})

describe('an object with lists in it', () => {
  const list = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 4 })
  const wrapper = fc.record({ train: list, junk: list, test: list, about: fc.jsonValue({ maxDepth: 2 }) })

  it('shows the records of its wanted lists at their offsets, in chunks of any size', () => {
    fc.assert(
      fc.property(
        wrapper,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 2 }),
        (given, size, space) => {
          // JSON has no -0.
          const object = JSON.parse(JSON.stringify(given)) as typeof given
          const all = bytes(JSON.stringify(object, null, space))
          const [window, elements] = [new ListWindow(['train', 'test']), new JsonElements()]
          const found = []
          for (let at = 0; at < all.length; at += size)
            found.push(...elements.push(window.push(all.subarray(at, at + size))))
          expect(found.map(({ bytes: own }) => JSON.parse(words(own) ?? ''))).toEqual([
            ...object.train,
            ...object.test,
          ])
          for (const { start, end, bytes: own } of found) expect(all.slice(start, end)).toEqual(own)
          expect([...window.lists].map(([name, { members }]) => [name, members])).toEqual(
            expect.arrayContaining([
              ['train', object.train.length],
              ['junk', object.junk.length],
            ]),
          )
        },
      ),
    )
  })
})
