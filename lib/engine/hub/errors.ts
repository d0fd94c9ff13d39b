/** What can go wrong with a hub, in words. No error holds the token, or an address that the hub has signed. */
import { AppError } from '#lib/core/errors.ts'
import { apiError } from '../api-error.ts'

export const unreachable = (host: string, cause: unknown): AppError =>
  new AppError(
    'provider_unreachable',
    {
      message: `${host} cannot be reached${reasonOf(cause)}. Check the connection of this computer, then try again.`,
    },
    { facts: { code: 'hub_unreachable' }, cause },
  )

/** System error codes say more than fetch's own "fetch failed". */
function reasonOf(thrown: unknown): string {
  const { code } = ((thrown as { cause?: unknown } | null)?.cause ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? ` (${code})` : ''
}

/** @param reason a clause such as "it sends no JSON" */
export const badAnswer = (host: string, reason: string): AppError =>
  apiError('provider_refused', `The answer of ${host} cannot be used: ${reason}.`, { code: 'hub_answer' })

/** A file whose bytes are not those that the hub has announced. */
export const checksumMismatch = (host: string, file: string): AppError =>
  apiError(
    'provider_refused',
    `${file} arrived damaged from ${host}: its checksum differs from the one that the hub gives. The file has been deleted; try again.`,
    { code: 'hub_checksum' },
  )

const CODES = new Set<unknown>([
  'hub_unreachable',
  'hub_answer',
  'hub_checksum',
  'hub_gated',
  'hub_refused',
  'hub_rate_limited',
  'model_not_found',
])

export const isHubError = (thrown: unknown): thrown is AppError =>
  thrown instanceof AppError && CODES.has(thrown.facts?.code)

interface Asked {
  host: string
  repo: string
  /** Address of the model's page. */
  page: string
  hasToken: boolean
}

/** The licence must be accepted by a person, on the model's page. */
const gatedMessage = ({ host, repo, page, hasToken }: Asked): string =>
  hasToken
    ? `${repo} is given only to those who have accepted its licence, and the account of HF_TOKEN has not. Open ${page}, accept, then try again.`
    : `${repo} is given only to those who have accepted its licence. Open ${page}, accept, set HF_TOKEN to an access token of your account at ${host}, and start Limerick again.`

const notFound = ({ host, repo, hasToken }: Asked): AppError =>
  apiError(
    'not_found',
    `${host} has no model ${repo}, or it is private${hasToken ? ' and the account of HF_TOKEN may not read it' : '. Check the name; for a private model, set HF_TOKEN and start Limerick again'}.`,
    { code: 'model_not_found', param: 'repo' },
  )

function rateLimited(answer: Response, { host }: Asked): AppError {
  const seconds = Number(answer.headers.get('retry-after'))
  const when = seconds > 0 && seconds < 86_400 ? `in ${Math.ceil(seconds)} seconds` : 'in some minutes'
  return apiError('provider_refused', `${host} asks to wait. Try again ${when}.`, {
    code: 'hub_rate_limited',
  })
}

/**
 * The hub's own codes come first. Without a token it answers 401 for a model that does not exist, as for a private one.
 */
export function refusalOf(answer: Response, asked: Asked): AppError {
  const { status } = answer
  const { host, repo, hasToken } = asked
  const refused = (message: string) => apiError('provider_refused', message, { code: 'hub_refused' })
  const code = answer.headers.get('x-error-code')
  if (code === 'GatedRepo') return apiError('provider_refused', gatedMessage(asked), { code: 'hub_gated' })
  if (code === 'RevisionNotFound')
    return apiError('not_found', `${repo} has no such revision at ${host}.`, {
      code: 'model_not_found',
      param: 'revision',
    })
  if (code === 'RepoNotFound') return notFound(asked)
  if (status === 429) return rateLimited(answer, asked)
  if (status === 404) return notFound(asked)
  if (status === 401 && !hasToken) return notFound(asked)
  if (status === 401) return refused(`${host} does not accept HF_TOKEN: it may be mistyped, or revoked.`)
  if (status === 403) return apiError('provider_refused', gatedMessage(asked), { code: 'hub_gated' })
  return refused(`${host} answers with status ${status}. Try again later.`)
}
