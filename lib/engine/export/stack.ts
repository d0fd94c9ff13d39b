/** Several adapters on one base as a single one: B₁A₁ + B₂A₂ = [B₁ B₂] · [A₁; A₂]. */
import { type Architecture, weightShapes } from '../model/architecture.ts'
import { factorNames, isTarget, type Lora, loraShapes } from '../model/lora.ts'
import type { Adapter } from '../model/model-folder.ts'
import { type Tensor, type Tensors, zeros } from '../model/tensors.ts'

interface Factors {
  /** [rank, in] */
  a: Tensor
  /** [out, rank], with the adapter's scale. */
  b: Tensor
}

const scaled = ({ shape, data }: Tensor, factor: number): Tensor => ({
  shape,
  data: data.map((value) => value * factor),
})

/** An adapter's factors for one weight; none if it does not adapt it. */
function factorsOf({ lora, factors }: Adapter, weight: string): Factors[] {
  if (!isTarget(lora, weight)) return []
  const [a, b] = [factors.get(factorNames(weight).a), factors.get(factorNames(weight).b)]
  return a && b ? [{ a, b: scaled(b, lora.alpha / lora.rank) }] : []
}

/** Puts `parts` into the first ranks; ranks that are left stay zero, and add nothing. */
function place(parts: Factors[], a: Tensor, b: Tensor): void {
  const [rank = 0] = a.shape
  let first = 0
  for (const part of parts) {
    const [own = 0, into = 0] = part.a.shape
    const [out = 0] = part.b.shape
    a.data.set(part.a.data, first * into)
    for (let row = 0; row < out; row++)
      b.data.set(part.b.data.subarray(row * own, (row + 1) * own), row * rank + first)
    first += own
  }
}

/** One adapter that adds what all of them add. */
export function stack(architecture: Architecture, adapters: readonly Adapter[]): Adapter {
  const rank = adapters.reduce((sum, { lora }) => sum + lora.rank, 0)
  const targets = [...new Set(adapters.flatMap(({ lora }) => lora.targets))]
  const lora: Lora = { rank, alpha: rank, targets }
  const factors: Tensors = new Map(
    loraShapes(architecture, lora).map(([name, shape]) => [name, zeros(shape)]),
  )
  for (const [weight] of weightShapes(architecture)) {
    const names = factorNames(weight)
    const [a, b] = [factors.get(names.a), factors.get(names.b)]
    const parts = adapters.flatMap((adapter) => factorsOf(adapter, weight))
    if (a && b) place(parts, a, b)
  }
  return { lora, factors }
}
