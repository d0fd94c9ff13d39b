/** A model's own chat template (Jinja), from its folder. */
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'
import { AppError } from '#lib/core/errors.ts'
import type { Turn } from '../worker/protocol.ts'

/** Plain ChatML, the shipped model's template. */
export const chatTemplate =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

interface RenderOptions {
  /** Ends with the header of the assistant's next answer (`add_generation_prompt`). */
  opened: boolean
  /** Today's date for the template. */
  date: Date
}

export interface ChatTemplate {
  /** @throws AppError `invalid` with the template's own message if it rejects a conversation */
  render(turns: readonly Turn[], options: RenderOptions): string
}

/** `developer` is the new name of the system role; models trained on the old name know only `system`. */
const roleName = (role: string) => (role === 'developer' ? 'system' : role)

/** Python's `str.strip(chars)` and its two halves, of which the library reads no argument. */
const strip = (chars: string, start: boolean, end: boolean) => (text: string) => {
  const points = [...text]
  const isKept = (point: string) => !chars.includes(point)
  const from = start ? points.findIndex(isKept) : 0
  const to = end ? points.findLastIndex(isKept) + 1 : points.length
  return from < 0 ? '' : points.slice(from, to).join('')
}

const strippers = {
  strip: (text: string, chars: string) => strip(chars, true, true)(text),
  lstrip: (text: string, chars: string) => strip(chars, true, false)(text),
  rstrip: (text: string, chars: string) => strip(chars, false, true)(text),
}

interface Node {
  type: string
  [part: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value

/** `text.strip('x')` becomes `strip_of(text, 'x')`, which is a variable of ours. */
function readArguments(node: unknown): void {
  if (Array.isArray(node)) for (const each of node) readArguments(each)
  if (!isNode(node)) return
  for (const part of Object.values(node)) readArguments(part)
  const { type, callee, args } = node
  if (type !== 'CallExpression' || !isNode(callee) || !Array.isArray(args) || args.length !== 1) return
  const { object, property, computed } = callee
  if (callee.type !== 'MemberExpression' || computed || !isNode(property)) return
  if (!Object.hasOwn(strippers, String(property.value))) return
  args.unshift(object)
  node.callee = { ...property, value: `${property.value}_of` }
}

const twoDigits = (number: number) => String(number).padStart(2, '0')

/** Python's `strftime` in the C locale, as far as published templates use it; UTC on every computer. */
function strftime(date: Date, format: string): string {
  const name = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(date)
  const parts: Record<string, () => string> = {
    Y: () => String(date.getUTCFullYear()),
    m: () => twoDigits(date.getUTCMonth() + 1),
    d: () => twoDigits(date.getUTCDate()),
    b: () => name({ month: 'short' }),
    B: () => name({ month: 'long' }),
    a: () => name({ weekday: 'short' }),
    A: () => name({ weekday: 'long' }),
    H: () => twoDigits(date.getUTCHours()),
    M: () => twoDigits(date.getUTCMinutes()),
    S: () => twoDigits(date.getUTCSeconds()),
    '%': () => '%',
  }
  return format.replace(/%(.)/g, (whole, letter: string) => parts[letter]?.() ?? whole)
}

/** Python's `range`. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second]
  return Array.from(
    { length: Math.max(0, Math.ceil((stop - start) / step)) },
    (_, index) => start + index * step,
  )
}

function raiseException(reason: string): never {
  throw new Error(reason)
}

/** Globals for templates; the library's own `Template` would use today's date in the computer's language. */
const globals = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range,
  raise_exception: raiseException,
  ...Object.fromEntries(Object.entries(strippers).map(([name, value]) => [`${name}_of`, value])),
}

function environmentOf(variables: Record<string, unknown>): Environment {
  const environment = new Environment()
  for (const [name, value] of Object.entries({ ...globals, ...variables })) environment.set(name, value)
  return environment
}

function programOf(source: string) {
  try {
    const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
    readArguments(program.body)
    return program
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError(
      'invalid',
      { message: `This model's chat template cannot be read: ${reason}` },
      { cause },
    )
  }
}

/**
 * @param specials variables besides the conversation: `bos_token`, `eos_token` …
 * @throws AppError `invalid` if the source is not valid Jinja
 */
export function parseTemplate(source: string, specials: Record<string, string>): ChatTemplate {
  const program = programOf(source)
  return {
    render(turns, { opened, date }) {
      const messages = turns.map((turn) => ({ ...turn, role: roleName(turn.role) }))
      try {
        const environment = environmentOf({
          ...specials,
          messages,
          add_generation_prompt: opened,
          strftime_now: (format: string) => strftime(date, format),
        })
        return String(new Interpreter(environment).run(program).value)
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new AppError(
          'invalid',
          { message: `The model's chat template refuses this conversation: ${reason}` },
          { cause },
        )
      }
    },
  }
}
