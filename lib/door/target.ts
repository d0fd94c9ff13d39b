import { targetOfAlias } from '#lib/models/aliases.ts'
import { refOf } from '#lib/models/ref.ts'
import { AliasName, type ModelRef } from '#lib/models/schema.ts'

/** Who answers for the name that a program asked for. */
export interface Target extends ModelRef {
  alias: string | null
}

/**
 * An alias leads where it points; `PROVIDER/MODEL` names a model of any provider, as the playground's address does; every
 * other name is the embedded engine's to know.
 */
export async function targetOf(asked: string): Promise<Target> {
  const alias = AliasName.safeParse(asked).success ? await targetOfAlias(asked) : null
  if (alias) return { ...alias, alias: asked }
  return { ...(refOf(asked) ?? { providerId: 'embedded', model: asked }), alias: null }
}
