import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { client } from '#lib/providers/client.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { askJson, MOST_OBJECT } from '#lib/providers/request.ts'
import { ExportOffer, type ExportQuery, type ModelRef } from './schema.ts'

const Listed = z.object({ data: z.array(ExportOffer) })

/** @throws AppError invalid for a model whose weights are with its provider */
function expectWeights({ providerId, model }: ModelRef): void {
  if (endpoint(providerId).provider.capabilities.exportModels) return
  throw new AppError('invalid', ['models.notExportable', { model }], { param: 'model' })
}

/** The formats that a model can be taken away in. @throws AppError invalid, or as the engine answers */
export async function exportsOf(ref: ModelRef): Promise<ExportOffer[]> {
  expectWeights(ref)
  const path = ['models', ref.model, 'export']
  return (await askJson(ref.providerId, 'list', Listed, { path, most: MOST_OBJECT })).data
}

/** Headers of the engine's answer that a download needs. */
const NEEDED = ['content-type', 'content-length', 'content-disposition']

/**
 * A model as a zip file, streamed from the engine as fast as it is taken.
 * @throws as exportsOf does
 */
export async function downloadExport({ format, type, ...ref }: ExportQuery, signal: AbortSignal) {
  expectWeights(ref)
  const { providerId, model } = ref
  const address = `/models/${encodeURIComponent(model)}/export`
  const answer = await client(providerId).get(address, { query: { format, type }, signal }).asResponse()
  const headers = new Headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  for (const name of NEEDED) {
    const value = answer.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(answer.body, { headers })
}
