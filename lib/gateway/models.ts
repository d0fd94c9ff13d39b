import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { type AliasRecord, aliasRecord, aliasRecords } from '#lib/models/alias-store.ts'
import { askJson, MOST_OBJECT, MOST_PAGE } from '#lib/providers/request.ts'

/** Fields of a model that its alias repeats: context length and description. */
const Served = z.looseObject({
  id: z.string(),
  max_model_len: z.number().optional(),
  limerick: z.unknown().optional(),
})
type Served = z.infer<typeof Served>

const Listed = z.looseObject({ data: z.array(Served) })

/** An alias as OpenAI's clients read a model. */
const asModel = ({ name, created_at }: AliasRecord, target: Served | undefined) => ({
  id: name,
  object: 'model',
  created: Math.floor(Number(created_at) / 1000),
  owned_by: 'limerick-alias',
  max_model_len: target?.max_model_len,
  limerick: target?.limerick,
})

/** @throws AppError unavailable while the engine is being restarted */
async function askEngine<Schema extends z.ZodType>(
  path: string[],
  what: 'model' | 'models',
  schema: Schema,
  most: number,
) {
  try {
    return await askJson('embedded', what, schema, { path, most })
  } catch (thrown) {
    const error = failure(thrown)
    throw error.code === 'provider_unreachable'
      ? new AppError('unavailable', 'gateway.engineGone', { cause: thrown })
      : error
  }
}

/** Every model that programs can ask by name: those of the built-in engine, as it lists them, and every alias. */
export async function modelsWithAliases(): Promise<unknown> {
  const [list, aliases] = await Promise.all([
    askEngine(['models'], 'models', Listed, MOST_PAGE),
    aliasRecords(),
  ])
  const targetOf = ({ provider_id, model }: AliasRecord) =>
    list.data.find(({ id }) => provider_id === 'embedded' && id === model)
  return { ...list, data: [...list.data, ...aliases.map((alias) => asModel(alias, targetOf(alias)))] }
}

/** @returns null when no alias has that name */
export async function aliasModel(name: string) {
  const found = await aliasRecord(name)
  if (!found) return null
  if (found.provider_id !== 'embedded') return asModel(found, undefined)
  const target = askEngine(['models', found.model], 'model', Served, MOST_OBJECT)
  // An alias is listed even when its model cannot be asked.
  return asModel(found, await target.catch(() => undefined))
}

/** The model that an address names. @returns null for invalid percent-encoding: no model has that name */
export function modelIn(path: string): string | null {
  try {
    return decodeURIComponent(path.slice('/v1/models/'.length))
  } catch {
    return null
  }
}
