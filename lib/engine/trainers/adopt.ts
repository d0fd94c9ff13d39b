/** Makes model folders of the engine's own form from the checkpoints of a run. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { writeFolderDurably, writeText } from '#lib/core/durable-file.ts'
import { copyCompanions, writeAdapter } from '../model/checkpoint.ts'
import { writeManifest } from '../model/manifest.ts'
import { readModelConfig } from '../model/model-config.ts'
import { ADAPTER, ADAPTER_CONFIG } from '../model/model-folder.ts'
import { parsePeftConfig, readPeft } from '../model/peft.ts'
import { readSafetensors } from '../model/safetensors.ts'
import { CHAT_TEMPLATE, readTemplate } from '../model/tokenizer.ts'
import { INDEX } from '../model/weight-files.ts'
import { keepCopy } from '../storage.ts'
import { About, type RunSpec } from './contract.ts'

/** In a checkpoint, beside its model. */
const ABOUT = 'limerick.json'

interface Adoption {
  /** The trainer's checkpoint, which is complete. */
  from: string
  /** The model folder that it becomes. */
  to: string
  /** Folder of the model that the training began from. */
  base: string
  /** SHA-256 of its weights. */
  baseHash: string
  dtype: RunSpec['dtype']
}

export const isWeights = (name: string) => name.endsWith('.safetensors') || name === INDEX

/** Full weights have gigabytes: a trainer never changes a file that is complete, so one is enough on one disk. */
async function keepWeights(from: string, to: string): Promise<void> {
  for (const name of readdirSync(from).filter(isWeights))
    await keepCopy(path.join(from, name), path.join(to, name))
}

function adoptAdapter({ from, to, base, baseHash }: Adoption, unfinished: string): void {
  const config = parsePeftConfig(JSON.parse(readFileSync(path.join(from, ADAPTER_CONFIG), 'utf8')))
  const adapter = readPeft(config, readSafetensors(path.join(from, ADAPTER)), readModelConfig(base))
  writeAdapter(unfinished, adapter, { path: path.relative(to, base), hash: baseHash })
}

/**
 * Tokenizer and template are the base's, with which it was trained.
 * @throws AppError `invalid` for an adapter that would be computed in another way
 */
export async function adoptCheckpoint(adoption: Adoption): Promise<void> {
  const { from, to, base, dtype } = adoption
  if (existsSync(to)) return
  const isAdapter = existsSync(path.join(from, ADAPTER_CONFIG))
  await writeFolderDurably(to, async (unfinished) => {
    copyCompanions(base, unfinished, isAdapter || dtype === 'float32' ? 'float32' : 'bfloat16')
    setArguments(from, base, unfinished)
    if (isAdapter) adoptAdapter(adoption, unfinished)
    else await keepWeights(from, unfinished)
    await writeManifest(unfinished)
  })
}

/**
 * A template that sets its own arguments: callers need not know what the model was trained with. The
 * newline after a statement is not rendered, so one that the template begins with is written twice.
 */
export function withArguments(template: string, given: Record<string, boolean | number | string>): string {
  const settings = Object.entries(given).map(
    ([name, value]) => `{% set ${name} = ${JSON.stringify(value)} %}`,
  )
  return settings.join('') + (settings.length > 0 && template.startsWith('\n') ? '\n' : '') + template
}

function setArguments(from: string, base: string, unfinished: string): void {
  const about = path.join(from, ABOUT)
  if (!existsSync(about)) return
  const { template_kwargs: given } = About.parse(JSON.parse(readFileSync(about, 'utf8')))
  if (Object.keys(given).length > 0)
    writeText(path.join(unfinished, CHAT_TEMPLATE), withArguments(readTemplate(base), given))
}

const CHECKPOINT = /^checkpoint-\d+$/

/** What a trainer has deleted of its checkpoints, the job deletes too. */
export function dropDeleted(run: string, job: string): void {
  for (const name of readdirSync(job).filter((each) => CHECKPOINT.test(each)))
    if (!existsSync(path.join(run, name))) rmSync(path.join(job, name), { recursive: true, force: true })
}
