import { describe, expect, it } from 'vitest'
import { readFacts } from '#lib/training-data/facts.ts'
import { lineOf, textLines } from '#lib/training-data/jsonl.ts'
import { ReportBuilder } from '#lib/training-data/report.ts'
import { bytesOf, countWords } from '../../support/rule-files.ts'
import { asked, copper, held, lithium, many, sentences, survey, told } from '../../support/survey.ts'

const pair = (question: string, better: string, worse: string) =>
  JSON.stringify({
    input: { messages: [{ role: 'user', content: question }] },
    preferred_output: [{ role: 'assistant', content: better }],
    non_preferred_output: [{ role: 'assistant', content: worse }],
  })

describe('a survey', () => {
  it('adds up what the lines say, split by split', () => {
    const { lines, train, heldout, tokens, method } = survey([
      asked('one', 'two three'),
      '',
      '{',
      held(asked('four', 'five')),
      held('7'),
    ])
    expect(lines).toBe(5)
    expect(train).toMatchObject({ examples: 2, errors: 1, warnings: 1 })
    expect(heldout).toMatchObject({ examples: 2, errors: 1, warnings: 0 })
    expect(train.tokens).toBeGreaterThan(heldout.tokens)
    expect(tokens).toMatchObject({ max: train.tokens, p5: heldout.tokens })
    expect(tokens.mean).toBe((train.tokens + heldout.tokens) / 2)
    expect(method).toBe('supervised')
  })

  it('counts rows to train on only', () => {
    const rows = many(9, (at) => asked(`q${at}`, `a${at}`))
    expect(told(survey([...rows, held(asked('q', 'a'))], {}))).toEqual(['1 too-few-rows'])
    expect(survey([]).issues).toEqual([])
    expect(told(survey([], {}))).toEqual(['1 too-few-rows'])
  })

  it('keeps two hundred problems of a rule and every line of it', () => {
    const report = survey(many(500, (at) => asked(`q${at}`, `a${at} `)))
    expect(report.issues).toHaveLength(200)
    expect(report.byRule).toEqual({ 'trailing-space': 500 })
    expect([...(report.linesByRule['trailing-space'] ?? [])]).toEqual(
      many(500, String).map((_, at) => at + 1),
    )
    expect(report.train.warnings).toBe(500)
  })

  it('names each line of a rule once', () => {
    const row = asked('q ', 'a ')
    const report = survey([row, asked('r', 's')])
    expect(report.byRule).toEqual({ 'trailing-space': 2 })
    expect([...(report.linesByRule['trailing-space'] ?? [])]).toEqual([1])
  })

  it('asks nothing about quality when told so', () => {
    const rows = [asked('q ', 'a', 's'), asked('q ', 'b'), asked('q ', 'b')]
    expect(
      told(survey(rows, { quality: false, minimumRows: 0 })).filter((one) => !one.includes('space')),
    ).toEqual([])
    const quiet = new ReportBuilder({ quality: false, minimumRows: 0 })
    for (const row of rows)
      quiet.add(readFacts(lineOf(row, 1), countWords, { quality: false }), 'train', () => row)
    expect(quiet.finish().issues).toEqual([])
  })
})

describe('usual rows', () => {
  const usual = (system?: string) => many(6, (at) => asked(`question ${at}`, `answer ${at}`, system))

  it.each([
    ['other', usual('be brief'), 'be verbose', 'other'],
    ['no', usual('be brief'), undefined, 'missing'],
    ['added', usual(), 'be brief', 'added'],
  ])('make %s instructions stand out', (_, rows, system, change) => {
    const { issues } = survey([...rows, asked('question 7', 'answer 7', system)])
    expect(issues).toMatchObject([{ rule: 'system-drift', line: 7, values: { line: 1, count: 6, change } }])
  })

  it('need a majority', () => {
    const half = many(5, (at) => asked(`q${at}`, `a${at}`, 'x'))
    expect(told(survey([...half, ...many(5, (at) => asked(`r${at}`, `b${at}`, `${at}`))]))).toEqual([])
  })

  it('are listed by their instructions, most frequent first', () => {
    const rows = [asked('p', 'a', 'rare'), ...usual('be brief')]
    expect(survey(rows).systems).toEqual([
      { line: 2, count: 6 },
      { line: 1, count: 1 },
    ])
  })

  it.each([
    ['de', 'Das ist die Antwort auf die Frage, und sie ist nicht so schwer.'],
    ['fr', 'C’est la réponse à la question, et elle est dans le livre que vous avez.'],
    ['ar', 'هذا هو الجواب على السؤال الذي طرحته اليوم'],
    ['ja', 'これは質問に対する答えです。とても簡単です。'],
    ['ru', 'Это ответ на вопрос, который вы задали сегодня.'],
  ])('in English make a row in %s stand out', (language, answer) => {
    const english = many(12, (at) =>
      asked(`q${at}`, `${sentences[at % 4]} and it is number ${at} of the list.`),
    )
    const { issues } = survey([...english, asked('q', answer)])
    expect(issues.filter(({ rule }) => rule === 'mixed-language')).toMatchObject([
      { line: 13, values: { language, usual: 'en' } },
    ])
  })

  it('leave code and names alone', () => {
    const english = many(12, (at) =>
      asked(`q${at}`, `${sentences[at % 4]} and it is number ${at} of the list.`),
    )
    const rows = [...english, asked('q', 'const x = y.map((z) => z * 2)'), asked('r', 'Bach, Liszt, Ravel')]
    expect(survey(rows).byRule['mixed-language']).toBeUndefined()
  })
})

describe('tokens', () => {
  const rows = many(20, (at) => asked(`q${at}`, `one two ${at % 3 ? 'three' : 'three four'}`))

  it('far beyond the others are told', () => {
    const { issues } = survey([...rows, asked('long', `${copper} ${lithium}`.repeat(3))])
    expect(issues).toMatchObject([{ rule: 'tokens-outlier', line: 21 }])
    expect(survey([...rows, asked('q', 'one two three four five six')]).byRule).toEqual({})
    expect(survey([...rows.slice(0, 9), asked('long', copper.repeat(9))]).byRule).toEqual({})
  })

  it('far beyond a handful of short ones are told too, and usual ones are not', () => {
    const few = rows.slice(0, 10)
    const tokens = (words: number) => survey([...few, asked('long', 'word '.repeat(words).trim())]).issues
    expect(tokens(9_000)).toMatchObject([{ rule: 'tokens-outlier', line: 11 }])
    expect(tokens(300)).toEqual([])
  })
})

describe('a file as a whole', () => {
  it('of answers that are all the same is told once', () => {
    const same = many(5, (at) => asked(`q${at}`, 'no'))
    expect(told(survey(same))).toEqual(['1 answer-all-identical'])
    expect(told(survey([...same, asked('q', 'yes')]))).toEqual([])
  })

  it('holds conversations or pairs, not both', () => {
    const pairs = many(3, (at) => pair(`q${at}`, 'good', 'bad'))
    const { issues, method } = survey([...pairs, asked('q', 'a')])
    expect(issues).toMatchObject([
      { rule: 'mixed-methods', severity: 'error', line: 4, values: { count: 3 } },
    ])
    expect(method).toBeNull()
    expect(survey(pairs)).toMatchObject({ issues: [], method: 'preference' })
  })

  it.each([
    ['over lines', `[\n${asked('q', 'a')},\n${asked('r', 'b')}\n]`],
    ['pretty-printed', JSON.stringify([JSON.parse(asked('q', 'a')), JSON.parse(asked('r', 'b'))], null, 2)],
    [
      'over a thousand lines',
      JSON.stringify(
        many(300, (at) => JSON.parse(asked(`q${at}`, `a${at}`))),
        null,
        2,
      ),
    ],
    ['on one line', `[${asked('q', 'a')},${asked('r', 'b')}]`],
    ['on one line behind a blank one', `\n[${asked('q', 'a')}]`],
  ])('that is one list %s is told so and nothing else', (_, text) => {
    const { issues, train } = survey(text.split('\n'), {})
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([{ rule: 'array-not-lines' }])
    expect(train.errors).toBe(1)
  })

  it('is not a list because one line of it is', () => {
    expect(told(survey([`[${asked('q', 'a')}]`, asked('r', 'b'), asked('s', 'c')]))).toEqual(['1 not-object'])
    expect(told(survey(['[', asked('r', 'b'), asked('s', 'c')]))).toEqual(['1 bad-json'])
  })

  it('tells where CRLF begins, and each byte order mark', () => {
    const made = new ReportBuilder({ minimumRows: 0 })
    const text = `\ufeff${asked('q', 'a')}\n${asked('r', 'b')}\r\n${asked('s', 'c')}\r\n`
    for (const line of textLines(bytesOf(text)))
      made.add(readFacts(line, countWords), 'train', () => line.text)
    expect(made.finish().issues).toMatchObject([
      { rule: 'bom', line: 1 },
      { rule: 'crlf', line: 2, values: { count: 2 } },
    ])
  })

  it('in which nothing is trained on is refused, with either split looked at alone', () => {
    const silent = asked('q', 'a').replace('"a"}', '"a","weight":0}')
    expect(survey([silent, held(asked('r', 'b'))]).train.errors).toBe(1)
    expect(survey([silent, asked('r', 'b')]).train.errors).toBe(0)
  })
})
