import { capabilitiesOf } from './capabilities.ts'
import { providerKind } from './kinds.ts'
import type { ProviderId } from './schema.ts'

/** Kinds of providers whose way to deploy a model is told. */
const TOLD = ['azure', 'nebius', 'together', 'fireworks'] as const
export type DeployingKind = (typeof TOLD)[number]

/** @returns null for a provider whose models answer as they are */
export const deployingKind = (id: ProviderId): DeployingKind | null =>
  (capabilitiesOf(id).deploys && TOLD.find((kind) => kind === providerKind(id))) || null
