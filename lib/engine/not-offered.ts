import type { AppError } from '#lib/core/errors.ts'
import { apiError } from './api-error.ts'

/** What `/v1` serves, for error messages. */
const OFFERED =
  'Limerick serves /v1/chat/completions, /v1/responses, /v1/completions, /v1/models, /v1/files, /v1/uploads, /v1/fine_tuning/jobs and /v1/tokenize.'

/** OpenAI paths that are not served, by their prefix after `/v1/`, and the alternative for each. */
const INSTEAD: readonly [beginning: RegExp, words: string][] = [
  [/^embeddings$/, 'The built-in engine writes text and makes no embeddings: ask a provider that does.'],
  [/^moderations$/, 'No model here judges content: ask a provider that does.'],
  [/^(images|audio|videos|realtime)(\/|$)/, 'Models here read and write text only.'],
  [
    /^batches(\/|$)/,
    'Send the requests of a batch one by one to /v1/chat/completions: nothing here is rationed.',
  ],
  [
    /^(assistants|threads|vector_stores|conversations|containers|skills|chatkit)(\/|$)/,
    'No conversation is kept here: send all of its messages to /v1/chat/completions or /v1/responses.',
  ],
  [/^responses\/(input_tokens|compact)$/, 'POST /v1/tokenize counts the tokens of a conversation.'],
  [/^responses\/./, 'No response is kept here: POST /v1/responses answers at once, with store: false.'],
  [/^chat\/completions\/./, 'No answer is kept here: POST /v1/chat/completions answers at once.'],
  [/^evals(\/|$)/, 'The studio evaluates models: open its Evals page.'],
  [
    /^fine_tuning\/(alpha|checkpoints)(\/|$)/,
    'Graders and permissions are not for this API: the studio grades on its Evals page, and every key may use every checkpoint.',
  ],
  [/^fine-tunes(\/|$)/, 'Its successor is /v1/fine_tuning/jobs.'],
  [/^edits$/, 'Ask for the edited text at /v1/chat/completions.'],
  [/^engines(\/|$)/, 'Models are listed at /v1/models, and named in the body of a request.'],
  [
    /^webhooks(\/|$)/,
    'Nothing is called from here. Ask for the job, or its events, at /v1/fine_tuning/jobs.',
  ],
  [/^(organization|projects|usage|dashboard)(\/|$)/, 'Keys and usage are on the Models page of the studio.'],
]

/** The error for a path that is not served; a path that exists at OpenAI gets an explanation instead of "not found". */
export function notOffered(method: string, pathname: string): AppError {
  const path = pathname.replace(/^\/v1\//, '')
  const [, words] = INSTEAD.find(([beginning]) => beginning.test(path)) ?? []
  if (words)
    return apiError('not_found', `${method} ${pathname} is not offered. ${words} ${OFFERED}`, {
      code: 'unsupported_endpoint',
    })
  return apiError(
    'not_found',
    `Unknown request URL: ${method} ${pathname}. Please check the URL for typos. ${OFFERED}`,
    { code: 'unknown_url' },
  )
}
