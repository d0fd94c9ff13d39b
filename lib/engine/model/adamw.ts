/**
 * AdamW (Loshchilov & Hutter 2019, algorithm 2) on flat arrays: the inner loop of every training. JavaScript has no
 * arithmetic of four numbers at once, so blocks of the arrays go through a module of WebAssembly (adamw.wat), which has.
 * Of 5.4 million weights: 14 CPU-ms with their norm, where the same loop in JavaScript takes 25.
 */
import { readFileSync } from 'node:fs'

type Floats = Float32Array<ArrayBufferLike>

/** One number per weight each; `m` and `v` are the running means of the gradients and of their squares. */
export interface Moments {
  weights: Floats
  gradients: Floats
  m: Floats
  v: Floats
}

/** Places in the arrays; `to` is not one of them. */
export interface Range {
  from: number
  to: number
}

export interface Step {
  /** Number of updates, this one included. */
  updates: number
  learningRate: number
  /** Decoupled: applied to the weights themselves, so that no large gradient hides it; 0 for none. */
  weightDecay: number
  /** Factor on the gradients, which clips their norm. */
  scale: number
  beta1: number
  beta2: number
  epsilon: number
}

/** Numbers in a block: four of them stay in a core's own cache. */
const BLOCK = 16_384

interface Loops {
  memory: WebAssembly.Memory
  squares: (at: number, count: number) => number
  step: (...addressesCountAndNumbers: number[]) => void
}

const wasm = new WebAssembly.Module(readFileSync(new URL('./adamw.wasm', import.meta.url)))
const loops = new WebAssembly.Instance(wasm).exports as unknown as Loops

/** Where each block lies in the module's memory, in bytes. */
const ADDRESSES = [0, 1, 2, 3].map((block) => 4 * BLOCK * block) as [number, number, number, number]
const [weightBlock, gradientBlock, mBlock, vBlock] = ADDRESSES.map(
  (address) => new Float32Array(loops.memory.buffer, address, BLOCK),
) as [Floats, Floats, Floats, Floats]

/** Sum of the squares of all numbers, in float64. */
export function sumOfSquares(numbers: Floats): number {
  let sum = 0
  for (let at = 0; at < numbers.length; at += BLOCK) {
    const part = numbers.subarray(at, at + BLOCK)
    weightBlock.set(part)
    weightBlock.fill(0, part.length, inFours(part.length))
    sum += loops.squares(0, inFours(part.length))
  }
  return sum
}

const inFours = (count: number): number => Math.ceil(count / 4) * 4

/**
 * One step on a range, in one pass: g ← g · scale; p ← p (1 − lr · decay); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
 * p ← p − lr · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). In float32, as PyTorch's. Overwrites
 * weights, m and v.
 */
export function adamW({ weights, gradients, m, v }: Moments, { from, to }: Range, step: Step): void {
  const { updates, learningRate, weightDecay, scale, beta1, beta2, epsilon } = step
  const rate = learningRate / (1 - beta1 ** updates)
  const square = 1 / (1 - beta2 ** updates)
  const keep = 1 - learningRate * weightDecay
  for (let at = from; at < to; at += BLOCK) {
    const end = Math.min(to, at + BLOCK)
    const count = end - at
    weightBlock.set(weights.subarray(at, end))
    gradientBlock.set(gradients.subarray(at, end))
    mBlock.set(m.subarray(at, end))
    vBlock.set(v.subarray(at, end))
    const numbers = [scale, keep, rate, square, beta1, beta2, 1 - beta1, 1 - beta2, epsilon]
    loops.step(...ADDRESSES, inFours(count), ...numbers)
    weights.set(weightBlock.subarray(0, count), at)
    m.set(mBlock.subarray(0, count), at)
    v.set(vBlock.subarray(0, count), at)
  }
}
