import { middle } from '#components/ui/format.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'

export { refKey, refOf } from '#lib/models/ref.ts'

/** Shortens `ft:limerick-base:limerick:poems:AbCd1234` to `ft:…:poems:AbCd1234`: the end distinguishes models. */
export function shortName(id: string): string {
  const [head, , , ...own] = id.split(':')
  return head === 'ft' && own.length > 0 ? `ft:…:${own.filter(Boolean).join(':')}` : middle(id, 20, 10)
}

export const refIn = ({ providerId, id }: CatalogModel): ModelRef => ({ providerId, model: id })
