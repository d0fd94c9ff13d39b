import { heldOutQuestion, trainingSystemPrompt } from '#lib/datasets/prompts.ts'
import { datasetOfFile } from '#lib/datasets/upload.ts'
import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/fetch.ts'
import { textLines } from '#lib/training-data/jsonl.ts'
import { textOf } from '#lib/training-data/schema.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import type { RemoteJob } from './wire.ts'

/** Where a job's training data came from, as far as it is known. */
export interface Lineage {
  dataset_id: string | null
  system_prompt: string | null
  question: string | null
}

const UNKNOWN: Lineage = { dataset_id: null, system_prompt: null, question: null }

/** Bytes of a training file that are read to find the first example. */
const HEAD = 256 * 1024

const LINE_FEED = 0x0a

/** The beginning of a body, up to the end of its first line. */
async function headOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early cancels the rest of the download.
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (chunk.includes(LINE_FEED) || bytes > HEAD) break
  }
  return Buffer.concat(chunks)
}

/** The bytes of a provider's file; null where it is not. */
export type ReadFile = (providerId: string, fileId: string) => Promise<AsyncIterable<Uint8Array> | null>

const fromProvider: ReadFile = async (providerId, fileId) =>
  (await client(providerId).files.content(fileId, { signal: briefly() })).body

/** The system prompt of a file's first example. */
async function promptIn(body: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  const [line] = body ? textLines(await headOf(body)) : []
  const turns = line ? checkLine(line).example?.messages : undefined
  const system = turns?.find(({ role }) => role === 'system')
  return system ? textOf(system.content) : null
}

/**
 * Finds the dataset that a job of other code was trained on, when its file was uploaded from here; else at least the
 * system prompt of its file. The rest is null: the file may be gone, the dataset deleted.
 */
export async function lineageOf(
  providerId: string,
  { training_file }: RemoteJob,
  read: ReadFile = fromProvider,
): Promise<Lineage> {
  if (!training_file) return UNKNOWN
  const datasetId = await datasetOfFile(providerId, training_file)
  try {
    if (datasetId === null)
      return { ...UNKNOWN, system_prompt: await promptIn(await read(providerId, training_file)) }
    const [system_prompt, question] = await Promise.all([
      trainingSystemPrompt(datasetId),
      heldOutQuestion(datasetId),
    ])
    return { dataset_id: datasetId, system_prompt, question }
  } catch {
    // Optional: the job is added without it.
    return UNKNOWN
  }
}
