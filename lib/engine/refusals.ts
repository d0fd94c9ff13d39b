import { unsupported } from './problem.ts'

type Test = (value: unknown) => boolean

/** What the engine neither does nor passes over: parameter, when it asks for something, and words on what to do instead. */
export type Refusals = readonly (readonly [param: string, asksFor: Test, words: string])[]

export const isSet: Test = (value) => value !== null && value !== undefined
export const isTrue: Test = (value) => value === true
const isNotZero: Test = (value) => isSet(value) && value !== 0

/** Neither an empty list nor an empty object asks for anything. */
export const holdsSomething: Test = (value) =>
  isSet(value) && (typeof value !== 'object' || Object.keys(value as object).length > 0)

const typeIn = (value: unknown): unknown => (value as { type?: unknown } | null)?.type

/** A wish that plain text does not fulfil. */
export const isNotText: Test = (value) => isSet(value) && typeIn(value) !== 'text'

/** A wish for a call; `none` and `auto` are content without one. */
export const wantsCall: Test = (value) => isSet(value) && value !== 'none' && value !== 'auto'

export const NO_TOOLS =
  'The built-in engine calls no tools; models of other providers (openai/…, compatible/…) may.'
export const NO_SCHEMA =
  'The built-in engine writes plain text: ask for the format in a message, or a model of another provider (openai/…, compatible/…).'
export const NO_SOUND = 'The built-in engine writes text only.'
export const NO_LOGPROBS = 'Ask /v1/chat/completions, which gives log-probabilities.'
const NO_PENALTIES = 'The built-in engine samples by temperature and top_p alone: leave it out, or send 0.'

export const TOOL_REFUSALS: Refusals = [
  ['tools', holdsSomething, NO_TOOLS],
  ['tool_choice', wantsCall, NO_TOOLS],
]

export const SAMPLING_REFUSALS: Refusals = [
  ['logit_bias', holdsSomething, 'The built-in engine weighs no tokens: leave it out.'],
  ['presence_penalty', isNotZero, NO_PENALTIES],
  ['frequency_penalty', isNotZero, NO_PENALTIES],
]

/** @throws AppError for the first parameter that asks for what the engine does not do */
export function refuseAll(request: Record<string, unknown>, refusals: Refusals): void {
  for (const [param, asksFor, words] of refusals) if (asksFor(request[param])) throw unsupported(param, words)
}
