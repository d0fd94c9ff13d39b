import { ItemFacts, type ItemKind, type Reason } from '#lib/archive/schema.ts'
import {
  archivedProviders,
  askForMissing,
  bytesOf,
  countItems,
  type ItemRecord,
  type KindCount,
  missingItems,
} from '#lib/archive/store.ts'
import { AppError } from '#lib/core/errors.ts'
import { Worded } from '#lib/i18n/worded.ts'
import { accountOf } from '#lib/providers/account.ts'
import { endpoint, listProviders } from '#lib/providers/registry.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import type { Meter, MissingItem, Rescue, RescueDraft } from './schema.ts'
import { RescueState } from './schema.ts'
import { beginRescue, endRescue, type RescueRecord, rescueRecords } from './store.ts'

/** In the order of the page. */
const KINDS: readonly ItemKind[] = ['job', 'file', 'events', 'checkpoints', 'model', 'list']

/** Items of the list of what is missing. */
const MOST_MISSING = 500

const sum = (counts: readonly KindCount[]): number => counts.reduce((total, { count }) => total + count, 0)

function meterOf(kind: ItemKind, counts: readonly KindCount[]): Meter {
  const absent = counts.filter(({ saved }) => !saved)
  const reasons = new Map<Reason, number>()
  for (const { reason, due, count } of absent)
    if (reason !== null && !due) reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  return {
    kind,
    count: sum(counts),
    saved: sum(counts.filter(({ saved }) => saved)),
    waiting: sum(absent.filter(({ due }) => due)),
    missing: [...reasons].map(([reason, count]) => ({ reason, count })),
  }
}

const metersOf = (counts: readonly KindCount[]): Meter[] =>
  KINDS.flatMap((kind) => {
    const own = counts.filter((one) => one.kind === kind)
    return own.length > 0 ? [meterOf(kind, own)] : []
  })

const wordsIn = (json: string | null): Worded | null =>
  json === null ? null : (Worded.safeParse(JSON.parse(json)).data ?? null)

/** A provider whose key is not set any more is still known by what is here of it. */
const nameOf = (id: ProviderId): string =>
  listProviders().find((provider) => provider.id === id)?.name ?? (id === 'openai' ? 'OpenAI' : id)

async function rescueOf(id: ProviderId, record: RescueRecord | undefined): Promise<Rescue> {
  const counts = await countItems(id)
  return {
    providerId: id,
    name: nameOf(id),
    configured: listProviders().some((provider) => provider.id === id),
    state: record ? RescueState.parse(record.state) : 'none',
    error: wordsIn(record?.error_json ?? null),
    startedAt: record ? Number(record.started_at) : null,
    endedAt: record?.ended_at ? Number(record.ended_at) : null,
    meters: metersOf(counts),
    missing: sum(counts.filter(({ reason, due }) => reason !== null && !due)),
    bytes: await bytesOf(id),
  }
}

/**
 * The rescue of each provider that trains or of which something is here; the built-in engine needs none, and a server
 * that only answers has nothing to bring home.
 */
export async function listRescues(): Promise<Rescue[]> {
  const records = new Map((await rescueRecords()).map((record) => [record.provider_id, record]))
  const ids = new Set([
    ...listProviders()
      .filter(({ capabilities }) => capabilities.train)
      .map(({ id }) => id),
    ...records.keys(),
    ...(await archivedProviders()),
  ])
  ids.delete('embedded')
  return Promise.all([...ids].map((id) => rescueOf(ProviderId.parse(id), records.get(id))))
}

/**
 * Starts a rescue in the background, or goes on with it.
 * @throws AppError invalid for the built-in engine, not_found for a provider that is not configured
 */
export async function startRescue(providerId: string, { retry }: RescueDraft): Promise<Rescue[]> {
  if (providerId === 'embedded') throw new AppError('invalid', 'rescue.builtIn', { param: 'providerId' })
  const { provider } = endpoint(providerId)
  if (retry) await askForMissing(provider.id, accountOf(provider.id))
  await beginRescue(provider.id)
  return listRescues()
}

/** Stops a rescue; what is here stays. */
export async function stopRescue(providerId: string): Promise<Rescue[]> {
  await endRescue(providerId, 'stopped')
  return listRescues()
}

const factsIn = ({ facts_json }: ItemRecord): ItemFacts =>
  facts_json === null ? {} : ItemFacts.parse(JSON.parse(facts_json))

const asMissing = (item: ItemRecord): MissingItem => ({
  kind: item.kind,
  id: item.remote_id,
  filename: factsIn(item).filename ?? null,
  reason: item.reason ?? 'unreachable',
  error: wordsIn(item.error_json),
  saved: item.saved_at !== null,
  checkedAt: item.checked_at === null ? null : Number(item.checked_at),
})

/** What is not here of a provider, or could not be brought up to date, and why. */
export const listMissing = async (providerId: string): Promise<MissingItem[]> =>
  (await missingItems(providerId, MOST_MISSING)).map(asMissing)
