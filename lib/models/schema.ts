import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'
import { Worded } from '#lib/i18n/worded.ts'
import { JobScore } from '#lib/jobs/schema.ts'
import { CatalogModel, ProviderId, UnusableFolder } from '#lib/providers/schema.ts'

/** A model and its provider: names are only unique within a provider. */
export const ModelRef = z.object({
  providerId: ProviderId,
  model: z.string().trim().min(1).max(512),
})
export type ModelRef = z.infer<typeof ModelRef>

/** Spellings that the built-in engine accepts for its base model. */
const ENGINES = /^(limerick-base|(gpt-3\.5-turbo|gpt-35-turbo|gpt-4o-mini)(-\d{4}(-\d{2}-\d{2})?)?)$/

export const AliasName = z
  .string()
  .trim()
  .min(1, issue('models.aliasMissing'))
  .max(64, issue('models.aliasTooLong'))
  .regex(/^[a-z0-9.-]*$/, issue('models.aliasForm'))
  .regex(/^(?![.-])(?!.*[.-]$)/, issue('models.aliasEnds'))
  .refine((name) => !ENGINES.test(name), issue('models.aliasTaken'))
export type AliasName = z.infer<typeof AliasName>

/** What the form holds, the route takes and `pointAlias` is given. */
export const AliasDraft = ModelRef.extend({
  name: AliasName,
  why: z.string().trim().max(500, issue('models.whyTooLong')).default(''),
})
export type AliasDraft = z.infer<typeof AliasDraft>

/** A change of an alias; `to` is null when it was deleted, `from` when it was made. */
export const AliasChange = z.object({
  kind: z.enum(['pointed', 'rolled_back', 'removed']),
  who: z.string(),
  /** ms */
  at: z.number(),
  why: z.string(),
  from: ModelRef.nullable(),
  to: ModelRef.nullable(),
})
export type AliasChange = z.infer<typeof AliasChange>

export const Alias = ModelRef.extend({
  name: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Newest first. */
  history: z.array(AliasChange),
  /** Target of a rollback; null when it has never pointed elsewhere. */
  previous: ModelRef.nullable(),
  /** Answered calls, and ms of the last. */
  calls: z.number(),
  lastCallAt: z.number().nullable(),
})
export type Alias = z.infer<typeof Alias>

/** Which job made a model, and how well the model answers. */
export const Maker = z.object({
  jobId: z.string(),
  number: z.number(),
  name: z.string().nullable(),
  suffix: z.string().nullable(),
  datasetName: z.string().nullable(),
  /** null for the job's result. */
  step: z.number().nullable(),
  /** On held-out rows. */
  score: JobScore.nullable(),
  /** Whether no other model of the job has a better score. */
  best: z.boolean(),
})
export type Maker = z.infer<typeof Maker>

/** Where a model comes from, if it was made here. */
export const Lineage = Maker.extend({
  datasetId: z.string().nullable(),
  /** Number of the version that it was trained on. */
  version: z.number().nullable(),
  /** The base model, or the model that training continued from. */
  base: z.string(),
  systemPrompt: z.string().nullable(),
  question: z.string().nullable(),
})
export type Lineage = z.infer<typeof Lineage>

/** A model to choose; null: no job here has made it. */
export const ListedModel = CatalogModel.extend({ lineage: Maker.nullable() })
export type ListedModel = z.infer<typeof ListedModel>

export const ModelList = z.object({
  models: z.array(ListedModel),
  /** Providers whose models are not in the list, and why. */
  failures: z.array(Worded.extend({ providerId: ProviderId, name: z.string() })),
  unusable: z.array(UnusableFolder),
})
export type ModelList = z.infer<typeof ModelList>

/** A row of the table of models. */
export const StudioModel = CatalogModel.extend({
  lineage: Lineage.nullable(),
  /** Aliases that point here. */
  aliases: z.array(z.string()),
  /** Its own date, or that of its base model: a fine-tuned model ends with it. */
  endsOn: z.string().nullable(),
  /** Whether its provider can delete it; never true for a base model. */
  deletable: z.boolean(),
  /** Whether its files can be had. */
  exportable: z.boolean(),
  /** On the disk of this computer; null elsewhere. */
  bytes: z.number().nullable(),
})
export type StudioModel = z.infer<typeof StudioModel>

/** A format that a model can be taken away in. */
export const ExportOffer = z.object({
  format: z.enum(['adapter', 'merged', 'gguf']),
  type: z.enum(['f16', 'q8_0']).nullable(),
  /** Of the download; null when the model cannot be had in this format. */
  bytes: z.number().nullable(),
  /** Why not. */
  reason: z.string().nullable(),
})
export type ExportOffer = z.infer<typeof ExportOffer>

export const ExportOffers = z.array(ExportOffer)

export const ExportQuery = ModelRef.extend({
  format: ExportOffer.shape.format,
  type: z.enum(['f16', 'q8_0']).optional(),
})
export type ExportQuery = z.infer<typeof ExportQuery>

export const StudioModels = ModelList.extend({ models: z.array(StudioModel) })
export type StudioModels = z.infer<typeof StudioModels>

/** Models that are deleted at once, at most. */
const MOST_AT_ONCE = 200

export const ModelsDeletion = z.object({ models: z.array(ModelRef).min(1).max(MOST_AT_ONCE) })

/** The remaining models, and what was not deleted. */
export const ModelsDeleted = StudioModels.extend({
  refused: z.array(Worded.extend(ModelRef.shape)),
})
export type ModelsDeleted = z.infer<typeof ModelsDeleted>

/** Training speed of a model on this computer, in its own tokens; `measuredAt` in ms. */
export const Measurement = z.object({ tokensPerSecond: z.number(), measuredAt: z.number() })
export type Measurement = z.infer<typeof Measurement>

/** As the built-in engine answers. */
export const ServedMeasurement = z.object({
  tokens_per_second: z.number().positive(),
  measured_at: z.number(),
})
