/** The models in memory: loaded on demand, the most recent are kept; adapters share the weights of their base model. */
import { existsSync, statSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import { AppError } from '#lib/core/errors.ts'
import { freeMemory } from '#lib/core/free-memory.ts'
import { openWeights } from '../export/lazy-weights.ts'
import { tokenizerStamp } from '../folder-cache.ts'
import { expectMemoryToAnswer, type Holding } from '../memory.ts'
import { type Architecture, parameterCount } from '../model/architecture.ts'
import {
  createDecoder,
  createQuantisedDecoder,
  createStoredDecoder,
  type Decoder,
  decodingKey,
  openDecodingSession,
  openQuantised,
  openStored,
  type QuantisedModel,
  type StoredModel,
} from '../model/decoder.ts'
import { readModelConfig } from '../model/model-config.ts'
import { adapterBase, checkedAdapter, mergedWeights, modelFiles, readModel } from '../model/model-folder.ts'
import { answersQuantised, quantise } from '../model/quantise.ts'
import type { Session } from '../model/session.ts'
import type { Tensor, Tensors } from '../model/tensors.ts'
import { readTokenizer, type Tokenizer } from '../model/tokenizer.ts'
import { createPrefixes, type Prefixes } from './prefixes.ts'

/** Most models in memory, and most parameters of all together; at least four models, whatever their size. */
const MODELS = 16
const LARGE_MODELS = 4
const PARAMETERS = 200e6

/** What a model counts of these parameters. */
const sizeOf = (a: Architecture): number => Math.min(parameterCount(a), PARAMETERS / LARGE_MODELS)

/** ONNX Runtime's threads only wait for each other in smaller models. */
const THREADED_ABOVE = 20e6

export interface Writer {
  decoder: Decoder
  session: Session
  tokenizer: Tokenizer
  /** What it has read of earlier prompts. */
  prefixes: Prefixes
}

/** A session; where it holds the weights, it belongs to one model and is that model. */
type Opened = { session: Session } | StoredModel | QuantisedModel

/** How to generate with a model, and the session for it. */
type Reading = Pick<Writer, 'decoder' | 'session'> & { key: string }

/** Sessions by key. A session that is dropped is released once no chat uses it; new chats do not use it. */
function createSessions(forgetUsers: (key: string) => void) {
  const retired = new Set<Promise<Opened>>()
  const opened = new LRUCache<string, Promise<Opened>>({
    max: MODELS,
    maxSize: PARAMETERS,
    dispose: (session, key) => {
      retired.add(session)
      forgetUsers(key)
    },
  })
  return {
    async get<Found extends Opened>(
      key: string,
      a: Architecture,
      open: () => Promise<Found>,
    ): Promise<Found> {
      const session = (opened.get(key) as Promise<Found> | undefined) ?? open()
      if (opened.peek(key) !== session) opened.set(key, session, { size: sizeOf(a) })
      try {
        return await session
      } catch (thrown) {
        retired.delete(session)
        opened.delete(key) // do not cache failures: a retry may succeed
        retired.delete(session)
        throw thrown
      }
    },
    has: (key: string): boolean => opened.has(key),
    drop(wanted: (key: string) => boolean): void {
      for (const key of [...opened.keys()]) if (wanted(key)) opened.delete(key)
    },
    /** Frees sessions that were dropped, but those in use. */
    async release(used: ReadonlySet<Session>): Promise<void> {
      for (const opened of [...retired]) {
        const { session } = await opened
        if (used.has(session)) continue
        retired.delete(opened)
        await session.release()
      }
    },
  }
}

/** The weights of a model one by one, each read when it is asked for. */
async function weightsOf(folder: string): Promise<Iterable<[name: string, Tensor]>> {
  const { weights } = await openWeights(folder)
  return weights.entries().map(([name, weight]) => [name, weight.read()])
}

/**
 * @param inUse whose memory is not freed
 * @param free bytes of memory that may still be used
 */
export function createModels(threads: number, inUse: () => readonly Writer[], free = freeMemory) {
  const writers = new LRUCache<string, { writer: Writer; stamp: string; session: string }>({
    max: MODELS,
    maxSize: PARAMETERS,
    sizeCalculation: ({ writer }) => sizeOf(writer.decoder.architecture),
  })
  const weights = new LRUCache<string, { weights: Tensors; stamp: string }>({ max: LARGE_MODELS })
  const sessions = createSessions((key) => {
    for (const [name, { session }] of [...writers.entries()]) if (session === key) writers.delete(name)
  })
  const threadsFor = (a: Architecture) => (parameterCount(a) < THREADED_ABOVE ? 1 : threads)

  async function baseWeights(folder: string): Promise<Tensors> {
    const stamp = stampOf(folder)
    const known = weights.get(folder)
    if (known?.stamp === stamp) return known.weights
    const read = await mergedWeights(folder)
    weights.set(folder, { stamp, weights: read })
    return read
  }

  const release = () => sessions.release(new Set(inUse().map(({ session }) => session)))

  /** Gives up the other models if memory is short. @throws AppError if it still is */
  async function makeRoom(a: Architecture, holding: Holding): Promise<void> {
    try {
      expectMemoryToAnswer(a, holding, free())
    } catch {
      writers.clear()
      weights.clear()
      sessions.drop(() => true)
      await release()
      expectMemoryToAnswer(a, holding, free())
    }
  }

  /** Weights as inputs of a session: it needs their memory only once, for models that are too large to need more. */
  async function readShared(folder: string, a: Architecture, stamp: string): Promise<Reading> {
    if (!weights.has(adapterBase(folder) ?? folder)) await makeRoom(a, 'shared')
    const model = await readModel(folder, baseWeights)
    if (!model.adapter) weights.set(folder, { stamp, weights: model.weights })
    const key = decodingKey(model)
    const open = async () => ({ session: await openDecodingSession(model, threadsFor(model.architecture)) })
    const { session } = await sessions.get(key, model.architecture, open)
    return { decoder: createDecoder(model, session), session, key }
  }

  async function readStored(folder: string, a: Architecture, stamp: string): Promise<Reading> {
    const key = storedKey(32, folder, stamp)
    const open = async () => {
      await makeRoom(a, 'stored')
      return openStored(a, await weightsOf(folder), threadsFor(a))
    }
    const model = await sessions.get(key, a, open)
    return { decoder: createStoredDecoder(model), session: model.session, key }
  }

  async function readQuantised(folder: string, a: Architecture): Promise<Reading> {
    const adapter = await checkedAdapter(folder, a)
    const base = adapterBase(folder) ?? folder
    const adaptableKey = storedKey(8, base, stampOf(base))
    const plainKey = `${adaptableKey} plain`
    // A base generates faster alone, until one of its adapters is asked: then both share a session.
    const adaptable = adapter !== null || sessions.has(adaptableKey)
    if (adaptable) sessions.drop((key) => key === plainKey)
    const key = adaptable ? adaptableKey : plainKey
    const open = async () => {
      await makeRoom(a, 'quantised')
      return openQuantised(a, quantise(a, await weightsOf(base)), { threads: threadsFor(a), adaptable })
    }
    const model = await sessions.get(key, a, open)
    return { decoder: createQuantisedDecoder(model, adapter), session: model.session, key }
  }

  function read(folder: string, stamp: string, exact: boolean): Promise<Reading> {
    const architecture = readModelConfig(folder)
    if (!answersQuantised(architecture)) return readStored(folder, architecture, stamp)
    return exact ? readShared(folder, architecture, stamp) : readQuantised(folder, architecture)
  }

  return {
    /**
     * @param exact float32, also where weights of 8 bits are the default
     * @param announce called before the model's tokenizer or chat template runs
     */
    async open(folder: string, exact: boolean, announce: () => Promise<void>): Promise<Writer> {
      const name = nameOf(folder, exact)
      const weightsStamp = stampOf(folder)
      const stamp = `${weightsStamp} ${tokenizerStamp(folder)}`
      const known = writers.get(name)
      if (known?.stamp === stamp) {
        await announce()
        return known.writer
      }
      const { decoder, session, key } = await read(folder, weightsStamp, exact)
      await announce()
      const writer = { decoder, session, tokenizer: readTokenizer(folder), prefixes: createPrefixes() }
      writers.set(name, { stamp, writer, session: key })
      return writer
    },

    /** Frees the memory of models that are no longer wanted, but of those in use. */
    release,

    forget(folder: string): void {
      for (const exact of [true, false]) writers.delete(nameOf(folder, exact))
      weights.delete(folder)
      for (const bits of [8, 32] as const) sessions.drop((key) => key.startsWith(storedKey(bits, folder, '')))
    },
  }
}

const nameOf = (folder: string, exact: boolean) => JSON.stringify([exact, folder])
const storedKey = (bits: 8 | 32, folder: string, stamp: string) => `${bits} bits\0${folder}\0${stamp}`

/** Changes when a model's files change. */
function stampOf(folder: string): string {
  const base = adapterBase(folder)
  const stamps = modelFiles(folder).map((file) => {
    if (!existsSync(file))
      throw new AppError('not_found', { message: 'The files of this model are not there any more.' })
    const { mtimeMs, size, ino } = statSync(file)
    return [mtimeMs, size, ino].join(' ')
  })
  return [...stamps, base ? stampOf(base) : ''].join(' ')
}
