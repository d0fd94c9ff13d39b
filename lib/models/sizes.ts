import { z } from 'zod'
import { failure, logInternal } from '#lib/http/failure.ts'
import { askJson, MOST_PAGE } from '#lib/providers/request.ts'

const Sizes = z.object({ data: z.array(z.object({ id: z.string(), bytes: z.number() })) })

/** Bytes on this computer's disk of each model and checkpoint of the built-in engine; none while it does not answer. */
export async function modelSizes(): Promise<ReadonlyMap<string, number>> {
  try {
    const { data } = await askJson('embedded', 'models', Sizes, {
      ...{ path: ['limerick', 'sizes'], atRoot: true, most: MOST_PAGE },
    })
    return new Map(data.map(({ id, bytes }) => [id, bytes]))
  } catch (thrown) {
    logInternal(failure(thrown))
    return new Map()
  }
}
