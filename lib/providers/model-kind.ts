import type { CatalogModel } from './schema.ts'

/** The base model that ships with the built-in engine. */
export const SHIPPED = 'limerick-base'

/**
 * `ft:…:ckpt-step-80` is a checkpoint; `ft:…` and Azure's `BASE.ft-HEX`, perhaps with a suffix, are results of a job.
 */
export function kindOf(id: string): CatalogModel['kind'] {
  if (/:ckpt-step-\d+$/.test(id)) return 'checkpoint'
  return id.startsWith('ft:') || /\.ft-[0-9a-f]{4,64}(-[\w-]{1,64})?$/.test(id) ? 'fine-tuned' : 'base'
}

/** OpenAI's name of a model that Azure writes without the dot: `gpt-35-turbo-0125`. */
export const openaiName = (model: string): string => model.replace(/(^|:)gpt-35-/, '$1gpt-3.5-')
