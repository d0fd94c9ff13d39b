import { lstatSync, readdirSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs'
import { totalmem } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { renameDurably, syncFolder } from '#lib/core/durable-file.ts'
import { AppError } from '#lib/core/errors.ts'
import { newId } from '#lib/core/ids.ts'
import { apiError, parse } from './api-error.ts'
import { addBase, type BaseModels, clauseOf, nameProblem, problemOf, SHIPPED } from './base-models.ts'
import { expectRepo, hubClient } from './hub/client.ts'
import { createDownloads, nameTaken } from './hub/downloads.ts'
import { neededFiles } from './hub/needed-files.ts'
import { offers } from './hub/offers.ts'
import { readRecord } from './hub/record.ts'
import { estimateOf, folderProblem, sourceChecker } from './model-source.ts'
import type { ModelStore } from './models.ts'
import type { HubSettings, Patience } from './settings.ts'
import { type Disk, remove } from './storage.ts'
import type { SpeedBook } from './throughput.ts'
import type { Tokenizers } from './tokenizers.ts'
import type { WireAddedModel, WireLibrary, WireOffer, WireSource } from './wire.ts'

const Source = z.union([
  z.strictObject({ folder: z.string().trim().min(1).max(4096) }),
  z.strictObject({
    repo: z.string().trim().min(1).max(200),
    revision: z
      .string()
      .trim()
      .regex(/^[\w./-]{1,200}$/)
      .default('main'),
  }),
])

interface Rooms {
  disk: Disk
  bases: BaseModels
  models: ModelStore
  speeds: SpeedBook
  hub: HubSettings
  patience: Patience
  /** Throws if a model's tokenizer cannot be used or hangs. */
  tokenizers: Pick<Tokenizers, 'check'>
  /** The most memory that a training may use, in bytes; null for all of the computer's. */
  memoryLimit: number | null
}

const cannot = (reason: string) =>
  apiError('invalid', `This model cannot be used: ${reason.replace(/\.$/, '')}.`, { code: 'model_unusable' })

/** Base models that are added and removed while the engine runs. */
export async function createLibrary({
  disk,
  bases,
  models,
  speeds,
  hub: settings,
  patience,
  tokenizers,
  memoryLimit,
}: Rooms) {
  const hub = hubClient(settings, patience.hub)
  const target = (name: string): string => path.join(disk.models, name)

  async function tokenizerProblem(folder: string): Promise<string | null> {
    try {
      await tokenizers.check({ name: path.basename(folder), folder, created_at: 0, job: null })
      return null
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'invalid') return clauseOf(thrown)
      throw thrown
    }
  }

  /** A complete download becomes a model in one step. */
  async function publish(folder: string, name: string, signal: AbortSignal): Promise<void> {
    const problem = folderProblem(folder) ?? (await tokenizerProblem(folder))
    signal.throwIfAborted() // also after the last byte, a cancelled download becomes no model
    const taken = nameProblem(name, bases)
    if (taken) throw nameTaken(taken)
    if (problem) throw cannot(problem)
    renameDurably(folder, target(name))
    syncFolder(disk.downloads)
    addBase(bases, target(name))
  }

  const downloads = await createDownloads({ disk, hub, patience, publish })
  const sources = sourceChecker({ disk, bases, speeds, hub, downloads, tokenizerProblem })

  function added(name: string): WireAddedModel {
    const folder = target(name)
    const unusable = bases.unusable.find((other) => other.name === name)
    // A linked folder may have been moved since.
    const own = { name, problem: unusable?.reason ?? problemOf(folder) }
    if (lstatSync(folder).isSymbolicLink())
      return { ...own, kind: 'folder', source: readlinkSync(folder), licence: null, bytes: null }
    const record = readRecord(folder)
    return {
      ...own,
      kind: 'hub',
      source: record?.repo ?? folder,
      licence: record?.licence ?? null,
      bytes: record?.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? null,
    }
  }

  async function offer(one: (typeof offers)[number]): Promise<WireOffer> {
    const { architecture, ...told } = one
    return {
      ...told,
      ...(await estimateOf(one.name, architecture, speeds)),
      here: sources.taken(one.name) !== null,
    }
  }

  const names = (): string[] => readdirSync(disk.models).filter((name) => !name.startsWith('.'))

  const list = async (): Promise<WireLibrary> => ({
    offers: await Promise.all(offers.map(offer)),
    added: names().sort().map(added),
    downloads: downloads.list(),
    memory: Math.min(totalmem(), memoryLimit ?? Infinity),
  })

  function expectUsable({ name, problem }: WireSource): void {
    const taken = sources.taken(name)
    if (taken) throw nameTaken(taken)
    if (problem) throw cannot(problem)
  }

  /**
   * A link, not a copy: a model may have gigabytes, and its owner still uses it there. The folder of LIMERICK_MODELS
   * may hold links too, so both are read alike.
   */
  async function addFolder(folder: string): Promise<void> {
    const source = await sources.folder(folder)
    expectUsable(source)
    symlinkSync(folder, target(source.name), 'junction')
    syncFolder(disk.models)
    addBase(bases, target(source.name))
  }

  async function addFromHub(repo: string, revision: string, signal: AbortSignal): Promise<void> {
    expectRepo(repo)
    const source = await sources.hub(repo, revision, signal)
    expectUsable(source)
    const { name, licence, model } = source
    await downloads.start({
      ...{ id: newId('download_'), name, repo, revision, commit: model.commit, licence },
      files: neededFiles(model.files),
      created_at: Date.now(),
    })
  }

  /** Of a folder elsewhere only the link goes; of a downloaded one the files, after the model is out of reach. */
  async function removeAdded(name: string): Promise<void> {
    const folder = target(name)
    const isLink = lstatSync(folder).isSymbolicLink()
    const gone = disk.temporary()
    const take = () => {
      if (isLink) unlinkSync(folder)
      else renameDurably(folder, gone)
      syncFolder(disk.models)
    }
    const base = bases.usable.find((one) => one.folder === folder)
    if (base) await models.removeBase(base, take)
    else take()
    bases.unusable = bases.unusable.filter((other) => other.name !== name)
    await remove(gone)
  }

  /** What has changed is told by the whole list. */
  const listed =
    <Given extends unknown[]>(change: (...given: Given) => Promise<void>) =>
    async (...given: Given): Promise<WireLibrary> => {
      await change(...given)
      return list()
    }

  return {
    list,

    /** What a folder or a hub's model is, and whether it can be added. @throws AppError if there is no such thing */
    async check(body: unknown, signal: AbortSignal): Promise<WireSource> {
      const source = parse(Source, body)
      if ('folder' in source) return sources.folder(source.folder)
      expectRepo(source.repo)
      const { model: _, ...told } = await sources.hub(source.repo, source.revision, signal)
      return told
    },

    /** Adds a folder at once; begins the download of a hub's model. @throws AppError with the reason */
    add: listed(async (body: unknown, signal: AbortSignal) => {
      const source = parse(Source, body)
      if ('folder' in source) await addFolder(source.folder)
      else await addFromHub(source.repo, source.revision, signal)
    }),

    /** @throws AppError `not_found` for a model that was not added, `invalid` while it is needed */
    remove: listed(async (name: string) => {
      if (!names().includes(name))
        throw apiError(
          'not_found',
          `There is no added model '${name}'${name === SHIPPED ? ': it is shipped' : ''}.`,
          {
            code: 'model_not_found',
            param: 'name',
          },
        )
      await removeAdded(name)
    }),

    pause: listed(downloads.pause),
    resume: listed(downloads.resume),
    cancel: listed(downloads.cancel),
    close: downloads.close,
  }
}
export type Library = Awaited<ReturnType<typeof createLibrary>>
