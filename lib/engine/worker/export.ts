/** Writes one export as a zip file to standard output: nothing is staged on disk, and one tensor is in memory at a time. */
import path from 'node:path'
import { makeZip, predictLength } from 'client-zip'
import { AppError } from '#lib/core/errors.ts'
import { adapterFiles, type ExportFile, ggufFiles, mergedFiles, textFile } from '../export/files.ts'
import { type OpenModel, openWeights } from '../export/lazy-weights.ts'
import { hubId, readLicence, readmeOf } from '../export/readme.ts'
import { withoutPaths } from '../worker-process.ts'
import type { ExportChoice, ExportFacts, ExportOffer, ExportOrder, ExportReport } from './protocol.ts'

type Tell = (report: ExportReport) => Promise<void>

type GgufChoice = Extract<ExportChoice, { format: 'gguf' }>

const choices: ExportChoice[] = [
  { format: 'gguf', type: 'q8_0' },
  { format: 'gguf', type: 'f16' },
  { format: 'merged' },
  { format: 'adapter' },
]

const types: Record<GgufChoice['type'], 'F16' | 'Q8_0'> = { f16: 'F16', q8_0: 'Q8_0' }

interface Opened {
  folder: string
  facts: ExportFacts
  model: OpenModel
}

/** Of the file without its ending, and of the folder in it. */
const titleOf = ({ name }: ExportFacts, choice: ExportChoice): string =>
  choice.format === 'gguf' ? `${name}-gguf-${choice.type}` : `${name}-${choice.format}`

function modelFiles({ folder, facts, model }: Opened, base: string, choice: ExportChoice): ExportFile[] {
  const source = { folder, origin: facts.origin ?? model.root }
  if (choice.format === 'adapter') return adapterFiles(source, model, base)
  if (choice.format === 'merged') return mergedFiles(source, model)
  return ggufFiles(source, model, { name: facts.name, type: types[choice.type] })
}

/** All files of an export; README.md comes first. @throws AppError `invalid` for a format that the model does not have */
function filesOf(opened: Opened, choice: ExportChoice): ExportFile[] {
  const { facts, model } = opened
  const origin = facts.origin ?? model.root
  const base = hubId(origin, facts.base)
  const under = facts.under === facts.base ? base : facts.under
  const title = titleOf(facts, choice)
  const files = modelFiles(opened, under, choice)
  const rank = model.adapters.reduce((sum, { lora }) => sum + lora.rank, 0)
  const about = { ...facts, base, under, title, rank, licence: readLicence(origin) }
  const readme = textFile('README.md', readmeOf(about, choice))
  return [readme, ...files].map((file) => ({ ...file, name: path.posix.join(title, file.name) }))
}

const lengthOf = (files: readonly ExportFile[]): number =>
  Number(predictLength(files.map(({ name, size }) => ({ name, size }))))

function refusal(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError('invalid', { message: `This model cannot be exported: ${withoutPaths(message)}` })
}

function offerOf(opened: Opened, choice: ExportChoice): ExportOffer {
  const offer = { format: choice.format, type: choice.format === 'gguf' ? choice.type : null }
  try {
    return { ...offer, bytes: lengthOf(filesOf(opened, choice)), reason: null }
  } catch (thrown) {
    return { ...offer, bytes: null, reason: refusal(thrown).message }
  }
}

/** Resolves when the system has taken the chunk: what is not read is not produced. */
const write = (chunk: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => (error ? reject(error) : resolve()))
  })

async function* inputOf({ chunks }: ExportFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const chunk of chunks()) yield chunk as Uint8Array<ArrayBuffer>
}

async function writeZip(files: readonly ExportFile[]): Promise<void> {
  const entries = files.map((file) => ({ name: file.name, input: inputOf(file) }))
  for await (const chunk of makeZip(entries)) await write(chunk)
}

/** Answers one order; an error after `began` ends the process, and with it the download. */
export async function exportModel({ model: folder, facts, choice }: ExportOrder, tell: Tell): Promise<void> {
  let files: ExportFile[]
  try {
    const opened = { folder, facts, model: await openWeights(folder) }
    if (choice === null) {
      await tell({ kind: 'offers', offers: choices.map((each) => offerOf(opened, each)) })
      return
    }
    files = filesOf(opened, choice)
    await tell({ kind: 'began', filename: `${titleOf(facts, choice)}.zip`, bytes: lengthOf(files) })
  } catch (thrown) {
    await tell({ kind: 'refused', error: refusal(thrown).toWire() })
    return
  }
  await writeZip(files)
}
