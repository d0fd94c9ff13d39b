/** All of several iterables, each item as it comes. Leaving early leaves all of them. @throws what one of them throws */
export async function* merged<Item>(all: readonly AsyncIterator<Item>[]): AsyncGenerator<Item> {
  const next = (from: AsyncIterator<Item>) => from.next().then((result) => ({ from, result }))
  const open = new Map(all.map((from) => [from, next(from)]))
  try {
    while (open.size > 0) {
      const { from, result } = await Promise.race(open.values())
      if (result.done) open.delete(from)
      else {
        open.set(from, next(from))
        yield result.value
      }
    }
  } finally {
    for (const [from, pending] of open) {
      pending.catch(() => undefined)
      void from.return?.()
    }
  }
}
