import { unsupported } from './api-error.ts'

type Test = (value: unknown) => boolean

/** Unsupported parameters that must not be ignored: parameter, test whether its value has an effect, alternative. */
export type Refusals = readonly (readonly [param: string, asksFor: Test, words: string])[]

export const isSet: Test = (value) => value !== null && value !== undefined
export const isTrue: Test = (value) => value === true
const isFalse: Test = (value) => value === false
const isNotZero: Test = (value) => isSet(value) && value !== 0
const isNotOne: Test = (value) => isSet(value) && value !== 1

/** Empty text, lists and objects have no effect. */
export const holdsSomething: Test = (value) =>
  isSet(value) && value !== '' && (typeof value !== 'object' || Object.keys(value as object).length > 0)

const typeIn = (value: unknown): unknown => (value as { type?: unknown } | null)?.type

/** Whether a response format other than plain text is requested. */
export const isNotText: Test = (value) => isSet(value) && typeIn(value) !== 'text'

const isMoreThanText: Test = (value) => Array.isArray(value) && value.some((each) => each !== 'text')

/** Whether a tool call is required; `none` and `auto` also work without tools. */
const wantsCall: Test = (value) => isSet(value) && value !== 'none' && value !== 'auto'

export const NO_TOOLS =
  'The built-in engine calls no tools; models of other providers (openai/…, compatible/…) may.'
export const NO_SCHEMA =
  'The built-in engine writes plain text: ask for the format in a message, or a model of another provider (openai/…, compatible/…).'
export const NO_SOUND = 'The built-in engine writes text only.'
const NO_LOGPROBS = 'Ask /v1/chat/completions, which gives log-probabilities.'
const NO_PENALTIES = 'The built-in engine samples by temperature and top_p alone: leave it out, or send 0.'
const NO_SAMPLER = 'The built-in engine samples by temperature and top_p alone: leave it out.'
const NO_SEARCH = 'The built-in engine searches nothing.'
const NO_TEMPLATE = "The built-in engine takes a model's own chat template: leave it out."
const LENGTHS =
  'The length of an answer is max_completion_tokens in /v1/chat/completions, max_tokens in /v1/completions and max_output_tokens in /v1/responses.'
const KEPT = 'No response is kept here: send the whole conversation as input.'

/**
 * Parameters of OpenAI or vLLM that change an answer. An endpoint that does not support one rejects it: the caller
 * would otherwise believe that it had an effect.
 */
const CHANGES: Refusals = [
  ['tools', holdsSomething, NO_TOOLS],
  ['tool_choice', wantsCall, NO_TOOLS],
  ['functions', holdsSomething, NO_TOOLS],
  ['function_call', wantsCall, NO_TOOLS],
  ['response_format', isNotText, NO_SCHEMA],
  ['text', holdsSomething, 'The format of an answer stands there in /v1/responses.'],
  ['logit_bias', holdsSomething, 'The built-in engine weighs no tokens: leave it out.'],
  ['presence_penalty', isNotZero, NO_PENALTIES],
  ['frequency_penalty', isNotZero, NO_PENALTIES],
  ['audio', isSet, NO_SOUND],
  ['modalities', isMoreThanText, NO_SOUND],
  ['web_search_options', isSet, NO_SEARCH],
  ['data_sources', holdsSomething, NO_SEARCH],
  ['messages', isSet, 'A conversation goes to /v1/chat/completions as messages, to /v1/responses as input.'],
  ['input', isSet, 'A conversation goes to /v1/responses as input, to /v1/chat/completions as messages.'],
  ['prompt', isSet, 'A text to go on with goes to /v1/completions; no prompt template is kept here.'],
  ['instructions', holdsSomething, 'Instructions go to /v1/responses; in a chat they are a system message.'],
  ['max_tokens', isSet, LENGTHS],
  ['max_completion_tokens', isSet, LENGTHS],
  ['max_output_tokens', isSet, LENGTHS],
  ['n', isNotOne, 'Ask several times, or /v1/chat/completions.'],
  ['best_of', isNotOne, 'Send n, and choose among the answers.'],
  ['echo', isTrue, 'Only /v1/completions repeats its prompt.'],
  ['suffix', holdsSomething, 'The built-in engine goes on from a text, and fills no gap.'],
  ['stop', holdsSomething, 'Ask /v1/chat/completions, which stops at a text.'],
  ['seed', isSet, 'Ask /v1/chat/completions, which takes a seed.'],
  ['logprobs', (value) => isSet(value) && value !== false, NO_LOGPROBS],
  ['top_logprobs', isNotZero, NO_LOGPROBS],
  ['previous_response_id', isSet, KEPT],
  ['conversation', isSet, KEPT],
  ['context_management', holdsSomething, 'Nothing is cut here: send what fits the context of the model.'],
  ['top_k', (value) => isNotZero(value) && value !== -1, NO_SAMPLER],
  ['min_p', isNotZero, NO_SAMPLER],
  ['min_tokens', isNotZero, NO_SAMPLER],
  ['repetition_penalty', isNotOne, NO_SAMPLER],
  ['length_penalty', isNotOne, NO_SAMPLER],
  ['use_beam_search', isTrue, NO_SAMPLER],
  ['ignore_eos', isTrue, NO_SAMPLER],
  ['bad_words', holdsSomething, NO_SAMPLER],
  ['allowed_token_ids', holdsSomething, NO_SAMPLER],
  ['stop_token_ids', holdsSomething, 'Send the texts to stop at as stop.'],
  ['prompt_logprobs', isSet, 'Only what the model writes has log-probabilities here.'],
  ['guided_json', isSet, NO_SCHEMA],
  ['guided_regex', isSet, NO_SCHEMA],
  ['guided_choice', isSet, NO_SCHEMA],
  ['guided_grammar', isSet, NO_SCHEMA],
  ['structured_outputs', holdsSomething, NO_SCHEMA],
  ['chat_template', isSet, NO_TEMPLATE],
  ['continue_final_message', isTrue, NO_TEMPLATE],
  ['add_generation_prompt', isFalse, NO_TEMPLATE],
]

/** Parameters that an endpoint rejects: its own list, and all in CHANGES that it does not support. */
export const refusalsBut = (honoured: readonly string[], own: Refusals): Refusals => [
  ...own,
  ...CHANGES.filter(([param]) => !honoured.includes(param)),
]

/** @throws AppError for the first parameter that requests something unsupported */
export function refuseAll(request: Record<string, unknown>, refusals: Refusals): void {
  for (const [param, asksFor, words] of refusals) if (asksFor(request[param])) throw unsupported(param, words)
}
