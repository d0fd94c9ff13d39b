import { z } from 'zod'
import { listAliases } from '#lib/models/aliases.ts'
import type { Alias } from '#lib/models/schema.ts'
import { askJson, MOST_PAGE } from '#lib/providers/ask.ts'

const Listed = z.looseObject({ data: z.array(z.unknown()) })

/** An alias as OpenAI's clients read a model. */
const asModel = ({ name, createdAt }: Alias) => ({
  id: name,
  object: 'model',
  created: Math.floor(createdAt / 1000),
  owned_by: 'limerick-alias',
})

/** What programs can ask by name: the models of the embedded engine, as it lists them, and every alias. */
export async function modelsWithAliases(): Promise<unknown> {
  const [list, aliases] = await Promise.all([
    askJson('embedded', 'a list of models', Listed, { path: ['models'], most: MOST_PAGE }),
    listAliases(),
  ])
  return { ...list, data: [...list.data, ...aliases.map(asModel)] }
}

/** @returns null where no alias has that name */
export async function aliasModel(name: string) {
  const found = (await listAliases()).find((alias) => alias.name === decodeURIComponent(name))
  return found ? asModel(found) : null
}
