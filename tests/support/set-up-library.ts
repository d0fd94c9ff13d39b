import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { newFolder, startEngine, stopEngine, type TestEngine } from './engine.ts'
import { startHub } from './hub.ts'
import { libraryOf } from './library.ts'

export const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
export const WEIGHTS = 'model.safetensors'
export const weights = readFileSync(path.join(shipped, WEIGHTS))

/** A model of the small hub, and its name here. */
export const REPO = 'owner/Little-Instruct'
export const NAME = 'Little-Instruct'

/** Folders of models: one with more files than are used, one of another kind, one that does not chat. */
async function makeFolders(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'limerick-hub-'))
  const copies = ['little', 'phi', 'base-only']
  for (const name of copies) await cp(shipped, path.join(root, name), { recursive: true })
  const write = (file: string, content: string | Buffer) => writeFileSync(path.join(root, file), content)
  write('little/LICENSE', 'Take it.')
  write('little/pytorch_model.bin', Buffer.alloc(4096))
  write('phi/config.json', '{"model_type":"phi3"}')
  write('base-only/tokenizer_config.json', '{}')
  return root
}

/** A small hub, and for each test an engine in a new folder that downloads from it. */
export async function setUpLibrary() {
  const root = await makeFolders()
  const folderOf = (name: string) => path.join(root, name)
  const hub = await startHub({
    [REPO]: { folder: folderOf('little') },
    'owner/Gated-Instruct': { folder: folderOf('little'), gated: true, licence: 'gemma' },
    'owner/Phi': { folder: folderOf('phi') },
    'owner/Unhashed': { folder: folderOf('little'), unhashed: true },
    'owner/Base': { folder: folderOf('base-only') },
  })
  let engine: TestEngine
  // ms. Long enough that a hub on a busy machine is not taken for a silent one.
  const silence = 5_000
  const start = async (folder: string, { token = null as string | null, endpoint = hub.endpoint } = {}) => {
    engine = await startEngine(folder, null, { hub: { endpoint, token, silence } })
  }
  beforeEach(async () => {
    hub.faults.clear()
    hub.requests.length = 0
    await start(await newFolder())
  })
  afterEach(() => stopEngine(engine))
  afterAll(async () => {
    await hub.close()
    await rm(root, { recursive: true })
  })
  return {
    hub,
    root,
    folderOf,
    /** The present one. */
    engine: () => engine,
    library: () => libraryOf(engine),
    /** Kills the engine, and starts another one on its folder. */
    async restart(options?: Parameters<typeof start>[1]): Promise<void> {
      await engine.kill()
      await start(engine.folder, options)
    },
    models: async () => (await engine.client.models.list()).data.map(({ id }) => id),
    downloads: () => readdirSync(path.join(engine.folder, 'downloads')),
  }
}
