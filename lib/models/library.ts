import { AppError } from '#lib/core/errors.ts'
import { askJson, MOST_PAGE } from '#lib/providers/request.ts'
import { aliasRecords } from './alias-store.ts'
import { refuseAliased } from './delete-model.ts'
import { type DownloadChange, Library, ModelSource, type SourceRef } from './library-schema.ts'

interface Call {
  method?: 'get' | 'post' | 'delete'
  path: string[]
  body?: unknown
}

/** The engine's own paths, outside `/v1`: the gateway forwards none of them. */
const call = ({ path, ...rest }: Call): Promise<Library> =>
  askJson('embedded', 'library', Library, {
    ...rest,
    path: ['limerick', ...path],
    atRoot: true,
    most: MOST_PAGE,
  })

/** What can be added, is being downloaded, and was added. @throws APIError as the engine answers */
export const readLibrary = (): Promise<Library> => call({ path: ['models'] })

/** What a folder or a hub's model is, and whether it can be added. @throws APIError in the engine's words */
export const checkSource = (source: SourceRef, signal: AbortSignal): Promise<ModelSource> =>
  askJson('embedded', 'library', ModelSource, {
    method: 'post',
    path: ['limerick', 'models', 'check'],
    atRoot: true,
    body: source,
    most: MOST_PAGE,
    signal,
  })

/**
 * An alias wins over a model of its name: programs that ask for the model would get another one. The engine, which knows
 * no aliases, matches names in any case.
 */
async function refuseAliasName(source: SourceRef, signal: AbortSignal): Promise<void> {
  const aliases = await aliasRecords()
  if (aliases.length === 0) return
  const { name } = await checkSource(source, signal)
  const alias = aliases.find((each) => each.name === name.toLowerCase())
  if (alias) throw new AppError('conflict', ['models.aliasNamed', { name: alias.name }], { param: 'name' })
}

/**
 * Adds a folder, or begins the download of a hub's model.
 * @throws AppError conflict while an alias has its name; APIError in the engine's words
 */
export async function addModel(body: SourceRef, signal: AbortSignal): Promise<Library> {
  await refuseAliasName(body, signal)
  return call({ method: 'post', path: ['models'], body })
}

/** @throws APIError for a download that has ended */
export const changeDownload = (id: string, { change }: DownloadChange): Promise<Library> =>
  call({ method: 'post', path: ['downloads', id, change] })

/** Stops a download and deletes what has come. @throws APIError for one that has ended */
export const cancelDownload = (id: string): Promise<Library> =>
  call({ method: 'delete', path: ['downloads', id] })

/**
 * Removes an added model.
 * @throws AppError conflict while an alias points at it; APIError while a job or a fine-tuned model needs it
 */
export async function removeAdded(name: string): Promise<Library> {
  await refuseAliased({ providerId: 'embedded', model: name })
  return call({ method: 'delete', path: ['models', name] })
}
