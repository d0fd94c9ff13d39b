import { type ReadRecord, recordsIn } from '#lib/datasets/records.ts'
import type { ImportPlan, Mapping } from '#lib/training-data/formats/plan.ts'

export const table: Mapping = {
  shape: 'columns',
  system: null,
  systemText: null,
  user: 'q',
  assistant: 'a',
  rejected: null,
  weight: null,
}

export async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function read(
  text: string | Uint8Array,
  plan: Partial<ImportPlan>,
  size = 5,
): Promise<ReadRecord[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return Array.fromAsync(recordsIn(inPieces(bytes, size), { container: 'jsonl', mapping: table, ...plan }))
}

export const brief = (records: ReadRecord[]) =>
  records.map((record) => [record.line, 'problem' in record ? record.problem : record.value])
