import { providerKind } from '../kinds.ts'
import type { ProviderId, ProviderKind } from '../schema.ts'
import { type Adapter, PLAIN } from './adapter.ts'
import { AZURE } from './azure.ts'
import { FIREWORKS } from './fireworks.ts'
import { NEBIUS } from './nebius.ts'
import { TOGETHER } from './together.ts'

/** Kinds of providers that do not speak OpenAI's API as it is. */
const ADAPTERS: Partial<Record<ProviderKind, Adapter>> = {
  azure: AZURE,
  fireworks: FIREWORKS,
  nebius: NEBIUS,
  together: TOGETHER,
}

export const adapterOf = (id: ProviderId): Adapter => ADAPTERS[providerKind(id)] ?? PLAIN
