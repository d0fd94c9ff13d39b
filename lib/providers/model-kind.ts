import type { CatalogModel } from './schema.ts'

/** The base model that ships with the built-in engine. */
export const SHIPPED = 'limerick-base'

/** `ft:…:ckpt-step-80` is a checkpoint; `ft:…` and Azure's `BASE.ft-HEX` are results of a job. */
export function kindOf(id: string): CatalogModel['kind'] {
  if (/:ckpt-step-\d+$/.test(id)) return 'checkpoint'
  return id.startsWith('ft:') || /\.ft-[0-9a-f]+$/.test(id) ? 'fine-tuned' : 'base'
}
