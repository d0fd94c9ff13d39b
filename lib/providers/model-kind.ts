import type { CatalogModel } from './schema.ts'

/** `ft:…:ckpt-step-80` is a snapshot; `ft:…` and Azure's `BASE.ft-HEX` came out of a job. */
export function kindOf(id: string): CatalogModel['kind'] {
  if (/:ckpt-step-\d+$/.test(id)) return 'checkpoint'
  return id.startsWith('ft:') || /\.ft-[0-9a-f]+$/.test(id) ? 'fine-tuned' : 'base'
}
