/** `manifest.json`, a model folder's file sizes and SHA-256 hashes when it was written: name → size and hash. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { jsonText, sha256, writeJson } from '#lib/core/durable-file.ts'
import { AppError } from '#lib/core/errors.ts'

const MANIFEST = 'manifest.json'

const Manifest = z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() }))
type Manifest = z.infer<typeof Manifest>

async function describe(folder: string, names: readonly string[]): Promise<Manifest> {
  const manifest: Manifest = {}
  for (const name of names) {
    const file = path.join(folder, name)
    manifest[name] = { bytes: statSync(file).size, sha256: await sha256(file) }
  }
  return manifest
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name !== MANIFEST)
    .sort()

/** Writes the manifest of a folder. */
export async function writeManifest(folder: string): Promise<void> {
  writeJson(path.join(folder, MANIFEST), await describe(folder, filesOf(folder)))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema rejects a damaged manifest
  }
}

/** @returns null if the manifest is missing or invalid */
function readManifest(folder: string): Manifest | null {
  const file = path.join(folder, MANIFEST)
  return existsSync(file) ? (Manifest.safeParse(parse(readFileSync(file, 'utf8'))).data ?? null) : null
}

/** Whether a folder holds exactly the files of its manifest, unchanged. */
export async function isWhole(folder: string): Promise<boolean> {
  const manifest = readManifest(folder)
  return manifest !== null && jsonText(await describe(folder, filesOf(folder))) === jsonText(manifest)
}

const damaged = (name: string, how: string) =>
  new AppError(
    'damaged',
    {
      message: `This model is damaged: its file ${name} ${how}. Delete the model and train it again, or put the file back from a backup.`,
    },
    { facts: { file: name } },
  )

/**
 * Checks the files needed for generation against the manifest. Files needed only for training may be
 * missing. A folder without a manifest (from elsewhere, or from an older version) is accepted unchecked.
 * @throws AppError `damaged` that names the file
 */
export async function expectUndamaged(folder: string): Promise<void> {
  const manifest = readManifest(folder)
  for (const [name, { bytes, sha256: expected }] of Object.entries(manifest ?? {})) {
    if (onlyForResuming.includes(name)) continue
    const file = path.join(folder, name)
    if (!existsSync(file)) throw damaged(name, 'is missing')
    const same = statSync(file).size === bytes && (await sha256(file)) === expected
    if (!same) throw damaged(name, 'is not what it was when the model was made')
  }
}

/** Two thirds of a checkpoint's size; useless once its job has ended. */
export const onlyForResuming = ['optimizer.safetensors', 'trainer_state.json']
