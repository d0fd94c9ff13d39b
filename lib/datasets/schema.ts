import { z } from 'zod'
import type { WireError } from '#lib/errors.ts'
import type { Issue, RuleId } from '#lib/examples/issue.ts'
import { ProviderId } from '#lib/providers/schema.ts'

/** Trained on, or kept back to see what was learnt. */
export const Split = z.enum(['train', 'heldout'])
export type Split = z.infer<typeof Split>

export const SplitSummary = z.object({
  /** Examples: lines that are not blank. */
  examples: z.number(),
  /** Tokens read in one epoch, by OpenAI's encoding: an estimate for any other model. */
  tokens: z.number(),
  /** The part of them that the loss looks at. */
  trainedTokens: z.number(),
  errors: z.number(),
  warnings: z.number(),
})
export type SplitSummary = z.infer<typeof SplitSummary>

export const DatasetSummary = z.object({
  id: z.string(),
  name: z.string(),
  sample: z.string().nullable(),
  revision: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  train: SplitSummary,
  heldout: SplitSummary,
  /** Whether a job may train on it: blocked while either split has an error. */
  state: z.enum(['empty', 'blocked', 'ready']),
})
export type DatasetSummary = z.infer<typeof DatasetSummary>

/** One physical line. */
export interface DatasetRow {
  id: string
  /** Its line in the whole dataset, from 1. */
  number: number
  split: Split
  revision: number
  /** null when the bytes are not UTF-8. */
  text: string | null
  /** Tokens of the whole example and of each message; null when the line is no example. */
  tokens: { total: number; trained: number; messages: number[] } | null
  /** Errors of this line alone, as saved. */
  errors: number
}

/** A dataset's page: its summary, all problems, and a window of rows. */
export interface DatasetView {
  dataset: DatasetSummary
  /** Both splits, by line; at most 1,000 of each. */
  issues: Issue[]
  byRule: Partial<Record<RuleId, number>>
  rows: DatasetRow[]
  /** Lines in all, and the index of the first one in `rows`. */
  total: number
  offset: number
}

/** Lines in one window. */
export const PAGE_ROWS = 200

/** Shown to people and kept as text: one line, no control characters. */
export const DatasetName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, 'A dataset needs a name.')
  .max(120, 'A name has at most 120 characters.')
  .regex(/^\P{Cc}*$/u, 'A name is one line of text.')

export const DatasetDraft = z.object({ name: DatasetName })
export type DatasetDraft = z.infer<typeof DatasetDraft>

export const DatasetChange = z.object({ name: DatasetName.optional(), deleted: z.boolean().optional() })
export type DatasetChange = z.infer<typeof DatasetChange>

/** A row's text is one physical line; a half of a surrogate pair would not survive UTF-8. */
const Line = z
  .string()
  .max(8 * 1024 * 1024, 'A line has at most 8 MB.')
  .refine((text) => !/[\n\0]/.test(text), 'A row is one line: it holds no line break.')
  .refine((text) => text.isWellFormed(), 'The text holds half a character (a lone surrogate).')

/** A new row at the end, or behind another one; without a line it is a form to fill in. */
export const RowDraft = z.object({
  line: Line.optional(),
  split: Split.default('train'),
  after: z.string().optional(),
  /** Copies this row instead. */
  copyOf: z.string().optional(),
})
export type RowDraft = z.input<typeof RowDraft>

/** `revision` is the one that the change was made from. */
export const RowChange = z.object({
  revision: z.number().int(),
  line: Line.optional(),
  split: Split.optional(),
  deleted: z.boolean().optional(),
})
export type RowChange = z.infer<typeof RowChange>

export const ImportQuery = z.object({
  name: z.string().trim().min(1).max(255),
  split: Split.default('train'),
})
export type ImportQuery = z.infer<typeof ImportQuery>

export const ExportQuery = z.object({ split: Split.optional() })

export const RowsQuery = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(PAGE_ROWS),
})

/** Where a page should open: a line of the dataset, or a line of the file that one split makes. */
export const Place = z.object({
  row: z.coerce.number().int().min(1).optional().catch(undefined),
  split: Split.catch('train'),
  line: z.coerce.number().int().min(1).optional().catch(undefined),
})
export type Place = z.infer<typeof Place>

export const CountDraft = z.object({ line: z.string().max(8 * 1024 * 1024) })

export const UploadDraft = z.object({ split: Split.default('train'), providerId: ProviderId })
export type UploadDraft = z.infer<typeof UploadDraft>

/** A dataset's file as a provider holds it. */
export interface Upload {
  providerId: string
  fileId: string
  filename: string
  bytes: number
  sha256: string
  createdAt: number
  /** The provider already had these bytes, so nothing was sent. */
  reused: boolean
}

/** What a sending says while it goes on: bytes that left, then where the file is or why it is not. */
export type UploadNews =
  | { type: 'progress'; sent: number; total: number }
  | { type: 'stored'; upload: Upload }
  | { type: 'failed'; error: WireError }
