import { APIError } from 'openai'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { inTransaction } from '#lib/db/studio.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { askJson, MOST_OBJECT } from '#lib/providers/request.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import {
  type AliasRecord,
  aliasRecord,
  aliasRecords,
  type ChangeRecord,
  callsOfAliases,
  changeRecords,
  dropAlias,
  insertChange,
  keepAlias,
  lastChange,
} from './alias-store.ts'
import { readLibrary } from './library.ts'
import { listModels } from './list.ts'
import type { Alias, AliasChange, AliasDraft, ModelRef } from './schema.ts'

/** Until there are accounts, there is one user. */
const WHO = 'you'

const refIn = (provider: string | null, model: string | null): ModelRef | null =>
  provider === null || model === null ? null : { providerId: ProviderId.parse(provider), model }

const asChange = (row: ChangeRecord): AliasChange => ({
  kind: row.kind as AliasChange['kind'],
  who: row.who,
  at: Number(row.at),
  why: row.why,
  from: refIn(row.from_provider_id, row.from_model),
  to: refIn(row.to_provider_id, row.to_model),
})

const targetOf = ({ provider_id, model }: AliasRecord): ModelRef => ({
  providerId: ProviderId.parse(provider_id),
  model,
})

/** Every alias with its whole history, by name. */
export async function listAliases(): Promise<Alias[]> {
  const [records, changes, uses] = await Promise.all([aliasRecords(), changeRecords(), callsOfAliases()])
  return records.map((record) => {
    const history = changes.filter(({ alias }) => alias === record.name).map(asChange)
    const use = uses.find(({ alias }) => alias === record.name)
    return {
      name: record.name,
      ...targetOf(record),
      createdAt: Number(record.created_at),
      updatedAt: Number(record.updated_at),
      history,
      previous: history[0]?.from ?? null,
      calls: Number(use?.calls ?? 0),
      lastCallAt: use ? Number(use.last) : null,
    }
  })
}

interface Change {
  name: string
  kind: AliasChange['kind']
  why: string
}

interface Current {
  before: AliasRecord | null
  last: ChangeRecord | undefined
}

/** Writes an alias's new target and the change in one transaction. */
async function changeAlias(
  { name, kind, why }: Change,
  nextTarget: (current: Current) => ModelRef | null,
): Promise<void> {
  await inTransaction(async (db) => {
    const before = (await aliasRecord(name, db)) ?? null
    const to = nextTarget({ before, last: await lastChange(name, db) })
    const at = Date.now()
    const from = before && targetOf(before)
    if (from && to && from.providerId === to.providerId && from.model === to.model)
      throw new AppError('conflict', ['models.pointsAlready', { name, model: to.model }], { param: 'model' })
    const place = { name, created_at: before?.created_at ?? at, updated_at: at }
    if (to) await keepAlias({ ...place, provider_id: to.providerId, model: to.model }, db)
    else await dropAlias(name, db)
    const targets = {
      from_provider_id: from?.providerId ?? null,
      from_model: from?.model ?? null,
      to_provider_id: to?.providerId ?? null,
      to_model: to?.model ?? null,
    }
    await insertChange({ alias: name, kind, who: WHO, at, why, ...targets }, db)
  })
}

/** A program that asks for a model by its own name, in any case, must get that model; soon also one that is downloaded. */
async function refuseTaken(name: string): Promise<void> {
  const [{ models }, downloads] = await Promise.all([
    listModels(),
    readLibrary().then(
      (library) => library.downloads,
      () => [], // the engine is gone, and `listModels` has its models no more than this
    ),
  ])
  const names = [...models.map(({ id }) => id), ...downloads.map((download) => download.name)]
  if (names.some((taken) => taken.toLowerCase() === name))
    throw new AppError('conflict', ['models.modelNamed', { name }], {
      param: 'name',
    })
}

/**
 * An alias must point at an existing model. Other providers' models are not checked: that needs a request, which may
 * cost.
 * @throws AppError not_found for a model that the engine never had or that was deleted
 */
async function expectHere({ providerId, model }: ModelRef): Promise<void> {
  if (providerId !== 'embedded') return
  try {
    await askJson('embedded', 'model', z.unknown(), { path: ['models', model], most: MOST_OBJECT })
  } catch (thrown) {
    if (!(thrown instanceof APIError) || thrown.status !== 404) throw thrown
    throw new AppError('not_found', ['models.noModel', { model }], {
      param: 'model',
      cause: thrown,
    })
  }
}

/**
 * Makes an alias, or changes its target. From the next request on, its calls are answered by the model.
 * @returns all aliases
 * @throws AppError conflict when a model has that name or it points there already; not_found or unavailable when the
 * provider or the model is not here
 */
export async function pointAlias({ name, providerId, model, why }: AliasDraft): Promise<Alias[]> {
  endpoint(providerId)
  await refuseTaken(name)
  await expectHere({ providerId, model })
  await changeAlias({ name, kind: 'pointed', why }, () => ({ providerId, model }))
  return listAliases()
}

const noAlias = (name: string) => new AppError('not_found', ['models.noAlias', { name }], { param: 'name' })

/**
 * Points an alias where it pointed before its last change. That is a change too: doing it twice changes nothing.
 * @returns all aliases
 * @throws AppError not_found, also for a model that was deleted since; conflict when it has never pointed elsewhere
 */
export async function rollBack(name: string): Promise<Alias[]> {
  const last = await lastChange(name)
  const earlier = last && refIn(last.from_provider_id, last.from_model)
  if (earlier) await expectHere(earlier)
  await changeAlias({ name, kind: 'rolled_back', why: '' }, ({ before, last }) => {
    if (!before) throw noAlias(name)
    const previous = last && refIn(last.from_provider_id, last.from_model)
    if (!previous) throw new AppError('conflict', ['models.pointedNowhere', { name }], { param: 'name' })
    return previous
  })
  return listAliases()
}

/**
 * Deletes an alias; calls to it are refused from then on. Its history stays.
 * @returns all aliases
 * @throws AppError not_found
 */
export async function removeAlias(name: string): Promise<Alias[]> {
  await changeAlias({ name, kind: 'removed', why: '' }, ({ before }) => {
    if (!before) throw noAlias(name)
    return null
  })
  return listAliases()
}

/** The current target of an alias; null when there is none. */
export async function targetOfAlias(name: string): Promise<ModelRef | null> {
  const record = await aliasRecord(name)
  return record ? targetOf(record) : null
}
