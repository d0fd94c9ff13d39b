import type { z } from 'zod'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { AppError, type ErrorCode } from '#lib/errors.ts'
import type { ErrorBody } from './wire.ts'

interface Fault {
  /** OpenAI's own code for the case, where it has one. */
  code?: string
  /** The parameter at fault. */
  param?: string
}

/** A refusal in OpenAI's words: `throw problem('not_found', 'No such File object: file-x', { code: …, param: 'id' })`. */
export const problem = (status: ErrorCode, message: string, { code, param }: Fault = {}): AppError =>
  new AppError(status, message, { param, facts: code === undefined ? undefined : { code } })

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const aboutSize = (issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): [string, string] => {
  const big = issue.code === 'too_big'
  const limit = big ? issue.maximum : issue.minimum
  const [end, sign] = big
    ? ['above_max', issue.inclusive ? '<=' : '<']
    : ['below_min', issue.inclusive ? '>=' : '>']
  if (issue.origin === 'string' || issue.origin === 'array' || issue.origin === 'record') {
    const what = issue.origin === 'string' ? 'length' : 'number of items'
    return [`${issue.origin}_${end}_length`, `${what} must be ${sign} ${limit}.`]
  }
  return [
    `number_${end}_value`,
    `expected a value ${sign} ${limit}, but got ${JSON.stringify(issue.input)} instead.`,
  ]
}

/** Of what a value could have been, the one that it is by its type. */
function closest(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue | undefined {
  const first = branches.flatMap((issues) => issues.slice(0, 1))
  return first.find(({ code }) => code !== 'invalid_type' && code !== 'invalid_value') ?? first.at(-1)
}

/** Says what is wrong with one parameter, in OpenAI's manner. */
function describe(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): AppError {
  const inner = issue.code === 'invalid_union' ? closest(issue.errors) : undefined
  if (inner) return describe(inner, [...path, ...inner.path])
  const param = path.map(String).join('.') || undefined
  const refuse = (code: string, message: string) => problem('invalid', message, { code, param })
  if (issue.code === 'too_big' || issue.code === 'too_small') {
    const [code, words] = aboutSize(issue)
    return refuse(code, `Invalid '${param}': ${words}`)
  }
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined)
      return refuse('missing_required_parameter', `Missing required parameter: '${param}'.`)
    const words = `expected ${issue.expected}, but got ${typeOf(issue.input)} instead`
    return refuse(
      'invalid_type',
      param ? `Invalid type for '${param}': ${words}.` : `Invalid body: ${words}.`,
    )
  }
  return refuse('invalid_value', `Invalid value for '${param}': ${issue.message}.`)
}

/** @throws AppError `invalid` that names the first parameter at fault */
export function parse<Shape extends z.ZodType>(shape: Shape, value: unknown): z.infer<Shape> {
  const read = shape.safeParse(value, { reportInput: true })
  if (read.success) return read.data
  const [first] = read.error.issues
  throw first ? describe(first, first.path) : problem('invalid', 'The request could not be understood.')
}

/** Whatever was thrown as something that may be shown; our own bugs go to the log and nowhere else. */
function asAppError(thrown: unknown): AppError {
  if (isDiskFull(thrown)) return problem('disk_full', diskFull(thrown).message, { code: 'disk_full' })
  if (thrown instanceof AppError) return thrown
  process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  return problem('internal', 'The engine had an error while processing your request.')
}

/** OpenAI's envelope, for an answer's body or for an error frame inside a stream. */
export function errorBody(thrown: unknown): { status: number; body: ErrorBody } {
  const error = asAppError(thrown)
  const { status, message, param = null } = error
  const type = status >= 500 ? 'server_error' : 'invalid_request_error'
  const code = error.facts?.code === undefined ? null : String(error.facts.code)
  return { status, body: { error: { message, type, param, code } } }
}

export function problemResponse(thrown: unknown): Response {
  const { status, body } = errorBody(thrown)
  return Response.json(body, { status })
}
