import type { ItemKind } from '#lib/archive/schema.ts'
import {
  addItems,
  askForChanging,
  askForLost,
  dropUnused,
  dueItems,
  type ItemRecord,
  leaveToOtherKeys,
  missItem,
  type PartRecord,
  saveItem,
} from '#lib/archive/store.ts'
import { AppError } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { accountOf } from '#lib/providers/account.ts'
import { type Asking, reasonOf } from './asking.ts'
import { type Fetching, fetchItem, LISTS } from './fetch-item.ts'

/** Requests at once. */
const LANES = 4

/** Items read from the database at once. */
const BATCH = 200

/** Items in a row for which the provider has no answer: then a rescue gives up until it is started again. */
const MOST_SILENT = 8

/** What is brought home after what: lists and jobs lead to everything else. */
const PHASES: readonly (readonly ItemKind[])[] = [
  ['list'],
  ['job'],
  ['file'],
  ['events', 'checkpoints'],
  ['model'],
]

/** Works on items in a few lanes. The first failure ends all of them, each after its item. */
async function inLanes(items: readonly ItemRecord[], work: (item: ItemRecord) => Promise<void>) {
  const left = items.values()
  let failed = false
  const lane = async () => {
    for (const item of left) {
      if (failed) return
      await work(item).catch((thrown: unknown) => {
        failed = true
        throw thrown
      })
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

class Run {
  readonly #fetching: Fetching
  readonly #account: string
  /** Bytes that a newer answer has replaced. */
  readonly #replaced: PartRecord[] = []
  #silent = 0

  constructor(asking: Asking) {
    this.#fetching = { ...asking, listed: new Map() }
    this.#account = accountOf(asking.providerId)
  }

  async all(): Promise<void> {
    const { providerId } = this.#fetching
    await askForLost(providerId)
    await askForChanging(providerId)
    await addItems(providerId, this.#account, LISTS)
    for (const kinds of PHASES) await this.#phase(kinds)
    await leaveToOtherKeys(providerId)
    await dropUnused(this.#replaced)
  }

  /** Every item ends as saved or missing, so the due ones come to an end. */
  async #phase(kinds: readonly ItemKind[]): Promise<void> {
    const { providerId } = this.#fetching
    for (;;) {
      const items = await dueItems(providerId, this.#account, kinds, BATCH)
      if (items.length === 0) return
      await inLanes(items, (item) => this.#bring(item))
    }
  }

  async #bring(item: ItemRecord): Promise<void> {
    this.#fetching.signal.throwIfAborted()
    try {
      const saved = await fetchItem(this.#fetching, item)
      this.#replaced.push(...(await saveItem(item, saved)))
      this.#silent = 0
    } catch (thrown) {
      this.#fetching.signal.throwIfAborted()
      await this.#miss(item, thrown)
    }
  }

  /** @throws what is not the provider's doing; AppError when the provider has stopped answering */
  async #miss(item: ItemRecord, thrown: unknown): Promise<void> {
    const reason = reasonOf(item.kind, thrown)
    if (reason === null) throw thrown
    this.#silent = reason === 'unreachable' ? this.#silent + 1 : 0
    if (this.#silent >= MOST_SILENT)
      throw new AppError('provider_unreachable', 'rescue.silent', { cause: thrown })
    const final = reason === 'gone' || reason === 'notOffered'
    await missItem(item, { reason, error: failure(thrown).words, final })
  }
}

/**
 * Brings home what an account has and is not here yet. Only asks: it changes and spends nothing at the provider. It may
 * be ended at any moment; the next run goes on.
 * @throws AppError when the provider stops answering; a failure of our own; the signal's reason
 */
export const bringHome = (asking: Asking): Promise<void> => new Run(asking).all()
