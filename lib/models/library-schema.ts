import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'

/** What a model of a hub is asked for by; pasted addresses of its page are understood too. */
const Repo = z
  .string()
  .trim()
  .transform((text) => text.replace(/^https?:\/\/[^/]+\//, '').replace(/\/+$/, ''))
  .pipe(z.string().regex(/^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/, issue('models.repoForm')))

/** A model to add: a folder on this computer, or a model of a hub. */
export const SourceRef = z.union([
  z.strictObject({
    folder: z.string().trim().min(1, issue('models.folderMissing')).max(4096),
  }),
  z.strictObject({ repo: Repo, revision: z.string().trim().min(1).max(200).optional() }),
])
export type SourceRef = z.infer<typeof SourceRef>

/** The fields of the form, each by itself: a union would not tell which of its branches is meant. */
export const FolderRef = SourceRef.options[0]
export const RepoRef = SourceRef.options[1]

const Kind = z.enum(['folder', 'hub'])

/** What a model will need here; memory and time are estimates of the engine. */
const Needs = z.object({
  parameters: z.number(),
  /** Bytes to train on rows of 512 tokens. */
  memory: z.number(),
  /** Seconds that the ten rows of the sample take with automatic settings. */
  seconds: z.number(),
})

/** A model before it is added. */
export const ModelSource = z.object({
  name: z.string(),
  kind: Kind,
  /** Path of the folder, or `owner/name`. */
  source: z.string(),
  /** Address of its page. */
  page: z.url({ protocol: /^https?$/ }).nullable(),
  licence: z.string().nullable(),
  gated: z.boolean(),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  bytes: z.number(),
  /** null if they cannot be read. */
  facts: Needs.extend({ family: z.string(), context: z.number() }).nullable(),
  /** Free bytes on the disk of the data folder. */
  free: z.number().nullable(),
  /** Why it cannot be added, in the engine's words; null: it can. */
  problem: z.string().nullable(),
})
export type ModelSource = z.infer<typeof ModelSource>

export const ModelOffer = Needs.extend({
  name: z.string(),
  repo: z.string(),
  licence: z.string(),
  gated: z.boolean(),
  bytes: z.number(),
  /** Whether a model with its name is here or on its way. */
  here: z.boolean(),
})
export type ModelOffer = z.infer<typeof ModelOffer>

export const AddedModel = z.object({
  name: z.string(),
  kind: Kind,
  source: z.string(),
  licence: z.string().nullable(),
  /** null for a folder elsewhere. */
  bytes: z.number().nullable(),
  problem: z.string().nullable(),
})
export type AddedModel = z.infer<typeof AddedModel>

export const Download = z.object({
  id: z.string(),
  name: z.string(),
  repo: z.string(),
  bytes: z.number(),
  done: z.number(),
  /** Bytes per second; null while nothing comes. */
  rate: z.number().nullable(),
  state: z.enum(['downloading', 'checking', 'paused', 'failed']),
  /** In the engine's words. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type Download = z.infer<typeof Download>

/** The models that can be added, are being added, and were added. */
export const Library = z.object({
  offers: z.array(ModelOffer),
  added: z.array(AddedModel),
  downloads: z.array(Download),
  /** Bytes of memory of this computer. */
  memory: z.number(),
})
export type Library = z.infer<typeof Library>

/** What can be done to a download that has not ended. */
export const DownloadChange = z.object({ change: z.enum(['pause', 'resume']) })
export type DownloadChange = z.infer<typeof DownloadChange>
