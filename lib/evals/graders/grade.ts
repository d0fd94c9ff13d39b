import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { RE2JS } from 're2js'
import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { domainJudges } from '#lib/domain/judges.ts'
import type { Grade, Grader } from './schema.ts'
import { similarity } from './similarity.ts'

type Judge = (answer: string, expected: string | null, question: string) => Grade

const verdict = (passed: boolean, detail: Grade['detail'] = {}): Grade => ({
  score: Number(passed),
  passed,
  detail,
})

const simplified = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase()

const shaped = (loose: boolean) => (text: string) => (loose ? simplified(text) : text)

function reasonOf(thrown: unknown): string {
  // The stack overflows only on a schema that refers to itself.
  if (thrown instanceof RangeError) return 'it refers to itself without end'
  return thrown instanceof Error ? thrown.message : String(thrown)
}

const bad = (words: ErrorWords, cause: unknown): AppError => new AppError('invalid', words, { cause })

/** RE2 takes time in proportion to the text, whatever the pattern: no pattern of a user can hang it. */
function compiled(pattern: string, loose: boolean): RE2JS {
  try {
    return RE2JS.compile(pattern, loose ? RE2JS.CASE_INSENSITIVE : 0)
  } catch (thrown) {
    throw bad(['evals.graderPattern', { reason: reasonOf(thrown) }], thrown)
  }
}

/** Patterns inside a schema run on RE2 as well. Ajv caches patterns by their source. */
function safePattern(pattern: string) {
  const compiledOnce = compiled(pattern, false)
  return { test: (text: string) => compiledOnce.matcher(text).find(), toString: () => pattern }
}

const safeRegExp = Object.assign(safePattern, { code: 'safePattern' })

/** Ajv skips a property of this name, and would accept any value of it. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('it has a property "__proto__"')
  return value
}

function acceptor(text: string): ValidateFunction {
  try {
    // `ownProperties`: every object inherits a `constructor` and a `__proto__`.
    const ajv = new Ajv2020({ strict: false, ownProperties: true, code: { regExp: safeRegExp } })
    const accepts = ajv.compile(JSON.parse(text, refusePrototype))
    // Such a schema answers with a promise, which is no pass.
    if ('$async' in accepts && accepts.$async) throw new Error('"$async" is not supported')
    return accepts
  } catch (thrown) {
    throw bad(['evals.graderSchema', { reason: reasonOf(thrown) }], thrown)
  }
}

function schemaJudge(text: string): Judge {
  const accepts = acceptor(text)
  return (answer) => {
    const read = parsed(answer)
    if (read === undefined) return verdict(false, { fault: 'notJson' })
    if (accepts(read.value)) return verdict(true)
    const [first] = accepts.errors ?? []
    return verdict(false, { fault: 'schema', at: first?.instancePath || '/', words: first?.message ?? '' })
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Whether a text holds another one with no letter, mark or digit right before or after it. */
function containsWords(text: string, wanted: string): boolean {
  const noWord = String.raw`[^\pL\pM\pN]`
  return RE2JS.compile(`(?:^|${noWord})${RE2JS.quote(wanted)}(?:$|${noWord})`)
    .matcher(text)
    .find()
}

/** Without an expected answer there is nothing to compare with: that is no pass. */
const against =
  (compare: (answer: string, expected: string) => Grade): Judge =>
  (answer, expected) =>
    expected === null ? verdict(false, { fault: 'noExpected' }) : compare(answer, expected)

/**
 * Prepares a grader once for many answers.
 * @returns a function of an answer, of the expected one (null if there is none) and of the question
 * @throws AppError invalid for a pattern or a schema that cannot be read
 */
export function judgeOf(grader: Grader): Judge {
  switch (grader.kind) {
    case 'exact': {
      const shape = shaped(grader.loose)
      return against((answer, expected) => verdict(shape(answer) === shape(expected)))
    }
    case 'contains': {
      const { text, loose, wholeWords } = grader
      const shape = shaped(loose)
      const contains = wholeWords ? containsWords : (text: string, wanted: string) => text.includes(wanted)
      const holds = (answer: string, wanted: string) => verdict(contains(shape(answer), shape(wanted)))
      return text === null ? against(holds) : (answer) => holds(answer, text)
    }
    case 'regex': {
      const pattern = compiled(grader.pattern, grader.loose)
      return (answer) => verdict(pattern.matcher(answer).find())
    }
    case 'jsonSchema':
      return schemaJudge(grader.schema)
    case 'length': {
      const { least, most } = grader
      return (answer) => {
        const characters = [...answer].length
        return verdict(characters >= least && characters <= most, { characters })
      }
    }
    case 'similarity':
      return against((answer, expected) => {
        const score = similarity(answer, expected)
        return { score, passed: score >= grader.pass, detail: { score: Number(score.toFixed(3)) } }
      })
    default: {
      const judge = domainJudges[grader.kind]
      return (answer, _expected, question) => {
        const { passed, detail } = judge(answer, question)
        return verdict(passed, detail)
      }
    }
  }
}

/** Short answers of every kind of JSON. */
const TRIES = ['{}', '[]', '""', '0', 'null']

/**
 * Tries a grader before it is stored.
 * @throws AppError invalid when it cannot be read, or when it fails on a short answer
 */
export function tryGrader(grader: Grader): void {
  const judge = judgeOf(grader)
  for (const answer of TRIES) {
    try {
      judge(answer, answer, answer)
    } catch (thrown) {
      throw bad(['evals.graderFails', { answer, reason: reasonOf(thrown) }], thrown)
    }
  }
}
