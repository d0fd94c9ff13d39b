import { z } from 'zod'
import { type AliasRecord, aliasRecord, aliasRecords } from '#lib/models/alias-store.ts'
import { askJson, MOST_PAGE } from '#lib/providers/ask.ts'

const Listed = z.looseObject({ data: z.array(z.unknown()) })

/** An alias as OpenAI's clients read a model. */
const asModel = ({ name, created_at }: AliasRecord) => ({
  id: name,
  object: 'model',
  created: Math.floor(Number(created_at) / 1000),
  owned_by: 'limerick-alias',
})

/** What programs can ask by name: the models of the embedded engine, as it lists them, and every alias. */
export async function modelsWithAliases(): Promise<unknown> {
  const [list, aliases] = await Promise.all([
    askJson('embedded', 'a list of models', Listed, { path: ['models'], most: MOST_PAGE }),
    aliasRecords(),
  ])
  return { ...list, data: [...list.data, ...aliases.map(asModel)] }
}

/** @returns null where no alias has that name */
export async function aliasModel(name: string) {
  const found = await aliasRecord(name)
  return found ? asModel(found) : null
}

/** The model that an address names. @returns null where its percent signs stand for nothing: no model has that name */
export function modelIn(path: string): string | null {
  try {
    return decodeURIComponent(path.slice('/v1/models/'.length))
  } catch {
    return null
  }
}
