import { describe, expect, it } from 'vitest'
import { chat, json, leftIn, openIn, pair } from '../../support/field-formats.ts'
import { problems, rowsIn, say, text } from '../../support/field-previews.ts'

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
