import { createHash, timingSafeEqual } from 'node:crypto'
import { newId } from '#lib/core/ids.ts'
import { apiError, apiErrorResponse } from './api-error.ts'
import type { Engine } from './engine.ts'
import { dispatch } from './router.ts'
import { chatRoutes } from './routes/chat.ts'
import { fileRoutes } from './routes/files.ts'
import { fineTuningRoutes } from './routes/fine-tuning.ts'
import { modelRoutes } from './routes/models.ts'
import { tokenizeRoutes } from './routes/tokenize.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares in a time that tells nothing about where two keys differ. */
function expectKey(request: Request, expected: Buffer): void {
  const given = request.headers.get('authorization') ?? ''
  if (timingSafeEqual(digest(given), expected)) return
  throw apiError('unauthorized', 'Incorrect API key provided.', { code: 'invalid_api_key' })
}

/** The front door names every request; one that comes straight gets a name here. */
function requestIdOf({ headers }: Request): string {
  const given = headers.get('x-request-id') ?? ''
  return /^req_[0-9A-Za-z]{24}$/.test(given) ? given : newId('req_')
}

/** The engine as one function from a request to an answer. */
export function createApp({ files, jobs, models, runner, generator, tokenizers }: Engine, key: string) {
  const routes = [
    ...fileRoutes(files),
    ...fineTuningRoutes(jobs, runner),
    ...modelRoutes(models),
    ...chatRoutes(models, generator),
    ...tokenizeRoutes(models, tokenizers),
  ]
  const expected = digest(`Bearer ${key}`)
  const answer = async (request: Request, id: string): Promise<Response> => {
    expectKey(request, expected)
    return dispatch(routes, request, id)
  }
  return async (request: Request): Promise<Response> => {
    const id = requestIdOf(request)
    const response = await answer(request, id).catch((thrown) => {
      if (request.signal.aborted) return new Response(null, { status: 499 }) // the caller left: nobody reads this
      return apiErrorResponse(thrown, id)
    })
    response.headers.set('x-request-id', id)
    return response
  }
}
