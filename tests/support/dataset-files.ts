import { exportDataset } from '#lib/datasets/export.ts'

/** A row as a line of a file, with its line end. */
export const rowLine = (question: string, answer: string): string =>
  `{"messages": [{"role": "user", "content": "${question}"}, {"role": "assistant", "content": "${answer}"}]}\n`

/** A file as an import takes it. */
export const incoming = (content: string | Uint8Array, extra: object = {}) => ({
  name: 'file.jsonl',
  source: (async function* () {
    yield Buffer.from(content)
  })(),
  length: null,
  split: 'train' as const,
  ...extra,
})

/** The file that a dataset, or a version of it, is exported as. */
export async function exportedBytes(id: string, version?: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync((await exportDataset(id, { version })).bytes))
}
