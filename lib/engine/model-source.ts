/** What can be known of a model before it is added. */
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '#lib/core/errors.ts'
import { freeSpace } from '#lib/disk/space.ts'
import { bytesFor } from '#lib/training-data/memory.ts'
import { automaticEpochs } from '#lib/training-data/plan.ts'
import { apiError } from './api-error.ts'
import {
  type BaseModels,
  clauseOf,
  cleanName,
  nameProblem,
  problemOf,
  sizeProblem,
  statOf,
} from './base-models.ts'
import type { HubClient, HubModel } from './hub/client.ts'
import type { Downloads } from './hub/downloads.ts'
import { isHubError } from './hub/errors.ts'
import { missingFile, neededFiles, weightsOf } from './hub/needed-files.ts'
import { trainingMemory } from './memory.ts'
import { type Architecture, parameterCount } from './model/architecture.ts'
import { automaticMethod } from './model/defaults.ts'
import { parseModelConfig, readModelConfig } from './model/model-config.ts'
import { isAdapter } from './model/model-folder.ts'
import { CHAT_TEMPLATE, expectTemplate, readTemplate } from './model/tokenizer.ts'
import type { Disk } from './storage.ts'
import type { SpeedBook } from './throughput.ts'
import type { WireEstimate, WireSource, WireSourceFacts } from './wire.ts'

const MB = 1024 * 1024

/** Tokens of a row for the estimate of memory. */
const LONG_ROW = 512
/** The shipped sample: rows, and tokens of each. */
const SAMPLE = { rows: 10, tokens: 82 }

/** What a model will need here. */
export async function estimateOf(
  name: string,
  architecture: Architecture,
  speeds: SpeedBook,
): Promise<WireEstimate> {
  const parameters = parameterCount(architecture)
  const { tokens_per_second } = await speeds.of(name, parameters)
  const tokens = SAMPLE.rows * SAMPLE.tokens * automaticEpochs(SAMPLE.rows, 'engine').value
  return {
    parameters,
    memory: bytesFor(trainingMemory(architecture, automaticMethod(parameters)), LONG_ROW),
    seconds: tokens / tokens_per_second,
  }
}

interface Checker {
  disk: Disk
  bases: BaseModels
  speeds: SpeedBook
  hub: HubClient
  downloads: Downloads
  /** Why a folder's tokenizer or chat template cannot be used, or null. */
  tokenizerProblem: (folder: string) => Promise<string | null>
}

/** @throws AppError `invalid` for a path that is not a folder that can be read */
function expectFolder(folder: string): void {
  const refuse = (why: string) => apiError('invalid', why, { param: 'folder', code: 'invalid_value' })
  if (!path.isAbsolute(folder))
    throw refuse('Give the whole path of the folder, such as /home/me/models/my-model.')
  try {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw refuse(`There is no folder ${folder} on this computer. Check the path.`)
    readdirSync(folder)
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    throw refuse(`The folder ${folder} cannot be read: check its permissions.`)
  }
}

const LICENCE = /^(licen[cs]e)(\.(txt|md))?$/i
const COUNTED = /\.(json|jinja|safetensors)$/

/** The files of a folder that are a model's. */
const filesIn = (folder: string) =>
  readdirSync(folder).flatMap((name) => {
    const found = statOf(path.join(folder, name))
    return found?.isFile() && (COUNTED.test(name) || LICENCE.test(name)) ? [{ name, bytes: found.size }] : []
  })

/** Why a folder cannot be added, or null: everything that is wrong without reading the weights. */
export function folderProblem(folder: string): string | null {
  if (isAdapter(folder))
    return 'it holds an adapter: put it into the folder of LIMERICK_MODELS, and start Limerick again'
  const problem = problemOf(folder)
  if (problem !== null) return problem
  try {
    readTemplate(folder)
    return null
  } catch (thrown) {
    return clauseOf(thrown)
  }
}

const architectureIn = (folder: string): Architecture | null => {
  try {
    return readModelConfig(folder)
  } catch {
    return null
  }
}

/** A hub's text file that must be JSON. @throws AppError with a clause, as for a folder */
function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw apiError('invalid', `${name} is not JSON`)
  }
}

function templateProblem(tokenizerConfig: string): string | null {
  try {
    expectTemplate(parsed('tokenizer_config.json', tokenizerConfig))
    return null
  } catch (thrown) {
    return clauseOf(thrown)
  }
}

const COMMIT = /^[0-9a-f]{40}$/

/** Name that a folder's model will have here. The hub's own cache is `models--OWNER--NAME/snapshots/COMMIT`. */
function nameOf(folder: string): string {
  const [last = '', snapshots, cached = ''] = folder.split(path.sep).filter(Boolean).toReversed()
  const [kind, , ...name] = cached.split('--')
  const isCached = COMMIT.test(last) && snapshots === 'snapshots' && kind === 'models'
  return cleanName(isCached ? name.join('--') : last)
}

export function sourceChecker({ disk, bases, speeds, hub, downloads, tokenizerProblem }: Checker) {
  const free = async (): Promise<number | null> => {
    const bytes = (await freeSpace(disk.root)) - downloads.promised()
    return Number.isFinite(bytes) ? bytes : null
  }

  const factsOf = async (name: string, architecture: Architecture | null): Promise<WireSourceFacts | null> =>
    architecture && {
      family: architecture.family,
      context: architecture.context,
      ...(await estimateOf(name, architecture, speeds)),
    }

  const isNamed = (name: string) => (other: string) => other.toLowerCase() === name.toLowerCase()

  const taken = (name: string): string | null => {
    const problem = nameProblem(name, bases)
    if (problem !== null) return problem
    const other = downloads.named(name)
    if (other) return `${other.repo} is being downloaded under this name`
    return readdirSync(disk.models).some(isNamed(name))
      ? `an added model is called ${name}, and cannot be used`
      : null
  }

  /** The configuration of a hub's model, checked like a folder's, with two or three small files read. */
  async function readHub(model: HubModel, signal: AbortSignal) {
    const files = neededFiles(model.files)
    const text = (name: string) => hub.text(model, name, 16 * MB, signal)
    const config = await text('config.json')
    const architecture = parseModelConfig(parsed('config.json', config))
    const problem = missingFile(files) ?? sizeProblem(architecture, weightsOf(files))
    if (problem !== null || files.some(({ name }) => name === CHAT_TEMPLATE)) return { architecture, problem }
    return { architecture, problem: templateProblem(await text('tokenizer_config.json')) }
  }

  /** Also describes a model that is gated, or that we cannot compute. */
  async function lookInto(model: HubModel, signal: AbortSignal) {
    if (!model.files.some(({ name }) => name === 'config.json'))
      return { architecture: null, problem: 'it lacks config.json' }
    try {
      return await readHub(model, signal)
    } catch (thrown) {
      const told = thrown instanceof AppError && (!isHubError(thrown) || thrown.facts?.code === 'hub_gated')
      if (!told) throw thrown
      return { architecture: null, problem: clauseOf(thrown) }
    }
  }

  return {
    taken,

    /** @throws AppError `invalid` for a path that is no folder */
    async folder(folder: string): Promise<WireSource> {
      expectFolder(folder)
      const name = nameOf(folder)
      const files = filesIn(folder)
      return {
        ...{
          name,
          kind: 'folder',
          source: folder,
          page: null,
          commit: null,
          licence: null,
          gated: false,
          files,
        },
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        facts: await factsOf(name, architectureIn(folder)),
        free: await free(),
        problem: folderProblem(folder) ?? taken(name) ?? (await tokenizerProblem(folder)),
      }
    },

    /** @throws AppError if the hub has no such model, or does not answer */
    async hub(
      repo: string,
      revision: string,
      signal: AbortSignal,
    ): Promise<WireSource & { model: HubModel }> {
      const model = await hub.model(repo, revision, signal)
      const name = cleanName(repo.split('/')[1] ?? repo)
      const { architecture, problem } = await lookInto(model, signal)
      const files = neededFiles(model.files)
      const { commit, licence, gated } = model
      return {
        ...{ name, kind: 'hub', source: repo, page: hub.page(repo), commit, licence, gated },
        files: files.map(({ name, bytes }) => ({ name, bytes })),
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        facts: await factsOf(name, architecture),
        free: await free(),
        problem: problem ?? taken(name),
        model,
      }
    },
  }
}
