/** PEFT adapters in LIMERICK_MODELS. Each is kept in our own form in the engine's folder, beside what it needs of its base. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { jsonText, writeFolderDurably, writeJson, writeText } from '#lib/core/durable-file.ts'
import { AppError } from '#lib/core/errors.ts'
import {
  type BaseModel,
  type BaseModels,
  baseModel,
  cleanName,
  fileProblem,
  findBase,
  leaveOut,
  nameProblem,
  needed,
  optional,
  subfolders,
} from './base-models.ts'
import { GENERATION_CONFIG } from './model/generation-config.ts'
import { adapterConfig, toPeft } from './model/lora.ts'
import { readModelConfig } from './model/model-config.ts'
import { ADAPTER, ADAPTER_CONFIG, isAdapter } from './model/model-folder.ts'
import { type PeftConfig, parsePeftConfig, readPeft, UNUSABLE_ADAPTER } from './model/peft.ts'
import { readSafetensors, writeSafetensors } from './model/safetensors.ts'
import { CHAT_TEMPLATE, readTemplate } from './model/tokenizer.ts'

/** What an adapter was kept from: it is read again when one of these changes. */
const SOURCE = 'source.json'

const tokenizer = ['tokenizer.json', 'tokenizer_config.json']

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

/** @throws AppError as parsePeftConfig does */
const readPeftConfig = (folder: string): PeftConfig =>
  parsePeftConfig(readJson(path.join(folder, ADAPTER_CONFIG)))

/** The last part of a hub id or a path: `HuggingFaceTB/SmolLM2-135M` → `SmolLM2-135M`. */
const lastPartOf = (name: string): string =>
  name
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1) ?? name

const stampOf = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${file} ${found.size} ${found.mtimeMs}` : file
}

interface Import {
  /** In LIMERICK_MODELS. */
  folder: string
  /** The base model's folder. */
  base: string
  /** Where it is kept. */
  to: string
}

function sourceOf({ folder, base }: Import): string {
  const mine = [ADAPTER, ADAPTER_CONFIG, GENERATION_CONFIG, CHAT_TEMPLATE, ...tokenizer]
  const stamps = [
    ...mine.map((name) => stampOf(path.join(folder, name))),
    ...['config.json', ...tokenizer].map((name) => stampOf(path.join(base, name))),
  ]
  return jsonText(stamps)
}

/** The tokenizer that the adapter was trained with lies beside it; if none does, it is the base's. */
function copyCompanions({ folder, base }: Import, to: string): void {
  const own = tokenizer.every((name) => existsSync(path.join(folder, name))) ? folder : base
  const copy = (from: string, name: string) =>
    writeText(path.join(to, name), readFileSync(path.join(from, name), 'utf8'))
  copy(base, 'config.json')
  for (const name of tokenizer) copy(own, name)
  for (const name of [GENERATION_CONFIG, CHAT_TEMPLATE]) {
    const from = [folder, base].find((each) => existsSync(path.join(each, name)))
    if (from && (name !== CHAT_TEMPLATE || from === own)) copy(from, name)
  }
  if (!hasTemplate(to)) writeText(path.join(to, CHAT_TEMPLATE), readTemplate(base))
}

function hasTemplate(folder: string): boolean {
  try {
    return readTemplate(folder) !== ''
  } catch {
    return false
  }
}

/**
 * Keeps an adapter as a model folder of our own form.
 * @throws AppError `invalid` for an adapter that would be computed wrongly
 */
async function importAdapter(order: Import): Promise<void> {
  const { folder, base, to } = order
  const source = sourceOf(order)
  const known = path.join(to, SOURCE)
  if (existsSync(known) && readFileSync(known, 'utf8') === source) return
  const file = readSafetensors(path.join(folder, ADAPTER))
  const { lora, factors } = readPeft(readPeftConfig(folder), file, readModelConfig(base))
  await writeFolderDurably(to, async (unfinished) => {
    copyCompanions(order, unfinished)
    writeJson(path.join(unfinished, ADAPTER_CONFIG), adapterConfig(lora, path.relative(to, base)))
    writeSafetensors(path.join(unfinished, ADAPTER), toPeft(factors))
    writeText(path.join(unfinished, SOURCE), source)
  })
}

/** Every file of an adapter has to be a regular one; the weights may have any size. */
function filesProblem(folder: string): string | null {
  const limits = {
    ...optional,
    ...needed,
    [ADAPTER_CONFIG]: optional[GENERATION_CONFIG],
    [ADAPTER]: Infinity,
  }
  for (const [file, most] of Object.entries(limits)) {
    const isNeeded = file === ADAPTER || file === ADAPTER_CONFIG
    const problem = isNeeded || existsSync(path.join(folder, file)) ? fileProblem(folder, file, most) : null
    if (problem) return problem
  }
  return null
}

/** Matches the name that PEFT knows, a hub id or a path, with the models that are here. */
function baseIn(bases: BaseModels, { base_model_name_or_path: name }: PeftConfig): BaseModel {
  const found = findBase(bases, name) ?? findBase(bases, cleanName(lastPartOf(name)))
  if (found && found.base === undefined) return found
  throw new AppError('invalid', {
    message: `its base model ${name} is not here: a folder called ${lastPartOf(name)} has to lie beside it`,
  })
}

/** @throws AppError `invalid` with the reason why a folder is no usable adapter */
async function addAdapter(bases: BaseModels, folder: string, kept: string): Promise<void> {
  const name = cleanName(path.basename(folder))
  const problem = nameProblem(name, bases) ?? filesProblem(folder)
  if (problem) throw new AppError('invalid', { message: problem })
  const base = baseIn(bases, readPeftConfig(folder))
  const to = path.join(kept, name)
  await importAdapter({ folder: path.resolve(folder), base: path.resolve(base.folder), to })
  bases.usable.push({ ...baseModel(name, to), base: base.name })
}

/**
 * Adds the adapters of the models folders, each as a model on the base that it names.
 * @param kept folder for what is made of them
 */
export async function addAdapters(
  bases: BaseModels,
  modelsFolders: readonly string[],
  kept: string,
): Promise<void> {
  const folders = modelsFolders.flatMap((models) => subfolders(models).map((name) => path.join(models, name)))
  for (const folder of folders.filter(isAdapter))
    try {
      await addAdapter(bases, folder, kept)
    } catch (thrown) {
      const reason = (thrown instanceof Error ? thrown.message : String(thrown)).replace(UNUSABLE_ADAPTER, '')
      bases.unusable.push(leaveOut(folder, reason))
    }
}
