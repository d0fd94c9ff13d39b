import type { z } from 'zod'
import { AppError, type ErrorCode } from '#lib/core/errors.ts'
import { isOutOfFiles } from '#lib/core/out-of-files.ts'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import type { ErrorBody } from './wire.ts'

interface Fault {
  /** OpenAI's code for this error, if it has one. */
  code?: string
  /** The invalid parameter. */
  param?: string
}

/** An error in OpenAI's words: `throw apiError('not_found', 'No such File object: file-x', { code: …, param: 'id' })`. */
export const apiError = (status: ErrorCode, message: string, { code, param }: Fault = {}): AppError =>
  new AppError(status, { message }, { param, facts: code === undefined ? undefined : { code } })

/**
 * An error for a parameter that this engine does not support and must not ignore.
 * @param instead what the engine does, or what supports it
 */
export const unsupported = (param: string, instead: string): AppError =>
  apiError('invalid', `Unsupported parameter: '${param}'. ${instead}`, {
    code: 'unsupported_parameter',
    param,
  })

/** Parameters that accept fractions; every other number is an integer. */
const DECIMALS = new Set<PropertyKey | undefined>([
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'learning_rate_multiplier',
  'beta',
  'weight_decay',
])

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** zod type → JSON type name, with its article. */
const TYPES: Record<string, string> = {
  int: 'an integer',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  string: 'a string',
  boolean: 'a boolean',
}

const expectedType = (expected: string, name: PropertyKey | undefined): string =>
  expected === 'number' && !DECIMALS.has(name) ? 'an integer' : (TYPES[expected] ?? `a ${expected}`)

type SizeIssue = z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall

/** [code, words] for a list or text with too few or too many items. */
function aboutLength(issue: SizeIssue, origin: string): [string, string] {
  const length = (issue.input as { length: number }).length
  if (origin === 'array' && length === 0)
    return [
      'empty_array',
      'empty array. Expected an array with minimum length 1, but got an empty array instead.',
    ]
  const [end, size, limit] =
    issue.code === 'too_big'
      ? (['above_max', 'long', `maximum length ${issue.maximum}`] as const)
      : (['below_min', 'short', `minimum length ${issue.minimum}`] as const)
  const an = origin === 'array' ? 'an array' : 'a string'
  return [
    `${origin}_${end}_length`,
    `${origin} too ${size}. Expected ${an} with ${limit}, but got ${an} with length ${length} instead.`,
  ]
}

function aboutSize(issue: SizeIssue, name: PropertyKey | undefined): [string, string] {
  const { origin } = issue
  if (origin === 'string' || origin === 'array') return aboutLength(issue, origin)
  const kind = DECIMALS.has(name) ? 'decimal' : 'integer'
  const [end, sign, limit] =
    issue.code === 'too_big'
      ? (['above_max', issue.inclusive ? '<=' : '<', issue.maximum] as const)
      : (['below_min', issue.inclusive ? '>=' : '>', issue.minimum] as const)
  return [
    `${kind}_${end}_value`,
    `${kind} ${end} value. Expected a value ${sign} ${limit}, but got ${JSON.stringify(issue.input)} instead.`.replaceAll(
      '_',
      ' ',
    ),
  ]
}

/** The branch of a union that matches the value's type. */
function closest(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue | undefined {
  const first = branches.flatMap((issues) => issues.slice(0, 1))
  return first.find(({ code }) => code !== 'invalid_type' && code !== 'invalid_value') ?? first.at(-1)
}

/** `messages[0].content`, as OpenAI writes it. */
const paramOf = (path: readonly PropertyKey[]): string | undefined =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || undefined

/** The most specific issue: inside a union, or inside the key of a record. */
function innerOf(issue: z.core.$ZodIssue): z.core.$ZodIssue | undefined {
  if (issue.code === 'invalid_union') return closest(issue.errors)
  return issue.code === 'invalid_key' ? issue.issues[0] : undefined
}

function supported({ values }: z.core.$ZodIssueInvalidValue): string {
  return values.map((value) => `'${String(value)}'`).join(', ')
}

/** Describes an invalid parameter in OpenAI's wording. */
function describe(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): AppError {
  const inner = innerOf(issue)
  if (inner) return describe(inner, [...path, ...inner.path])
  const param = paramOf(path)
  const refuse = (code: string, message: string) => apiError('invalid', message, { code, param })
  if (issue.code === 'unrecognized_keys') {
    const key = paramOf([...path, issue.keys[0] ?? ''])
    return apiError('invalid', `Unknown parameter: '${key}'.`, { code: 'unknown_parameter', param: key })
  }
  if (issue.code === 'too_big' || issue.code === 'too_small') {
    const [code, words] = aboutSize(issue, path.at(-1))
    return refuse(code, `Invalid '${param}': ${words}`)
  }
  const isMissing = issue.input === undefined
  if (isMissing && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return refuse('missing_required_parameter', `Missing required parameter: '${param}'.`)
  if (issue.code === 'invalid_type') {
    const words = `expected ${expectedType(issue.expected, path.at(-1))}, but got ${typeOf(issue.input)} instead`
    return refuse(
      'invalid_type',
      param ? `Invalid type for '${param}': ${words}.` : `Invalid body: ${words}.`,
    )
  }
  if (issue.code === 'invalid_value')
    return refuse(
      'invalid_value',
      `Invalid value for '${param}': ${JSON.stringify(issue.input)}. Supported values are: ${supported(issue)}.`,
    )
  return refuse('invalid_value', `Invalid value for '${param}': ${issue.message}.`)
}

/** @throws AppError `invalid` that names the first invalid parameter */
export function parse<Shape extends z.ZodType>(shape: Shape, value: unknown): z.infer<Shape> {
  const read = shape.safeParse(value, { reportInput: true })
  if (read.success) return read.data
  const [first] = read.error.issues
  throw first ? describe(first, first.path) : apiError('invalid', 'The request could not be understood.')
}

/** Converts a thrown value to an error that is safe to show; unexpected errors are only logged. */
function asAppError(thrown: unknown, requestId: string): AppError {
  if (isDiskFull(thrown)) return apiError('disk_full', diskFull(thrown).message, { code: 'disk_full' })
  if (thrown instanceof AppError) return thrown
  if (isOutOfFiles(thrown))
    return apiError('unavailable', 'The system has too many open files. Try again.', { code: 'no_files' })
  process.stderr.write(`${requestId}: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  return apiError('internal', 'The engine had an error while processing your request.')
}

function bodyOf(error: AppError): ErrorBody {
  const { status, message, param = null, facts } = error
  const type = status >= 500 ? 'server_error' : 'invalid_request_error'
  return { error: { message, type, param, code: facts?.code === undefined ? null : String(facts.code) } }
}

/** OpenAI's error envelope, for a response body or an error frame in a stream. */
export const errorBody = (thrown: unknown, requestId: string): ErrorBody =>
  bodyOf(asAppError(thrown, requestId))

/** SDKs retry 409 and 5xx; for these codes a retry cannot succeed. */
const FINAL = new Set<ErrorCode>(['conflict', 'disk_full', 'damaged'])

function headersOf({ code, facts }: AppError): Record<string, string> {
  const allow = facts?.allow
  return {
    ...(allow === undefined ? {} : { allow: String(allow) }),
    ...(FINAL.has(code) ? { 'x-should-retry': 'false' } : {}),
  }
}

export function apiErrorResponse(thrown: unknown, requestId: string): Response {
  const error = asAppError(thrown, requestId)
  return Response.json(bodyOf(error), { status: error.status, headers: headersOf(error) })
}
