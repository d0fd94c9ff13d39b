import { createRandom, shuffled } from '#lib/core/random.ts'
import { encodeConversation, type Sample } from '../model/conversation.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import { conversation } from './corpus.ts'
import { createDice } from './dice.ts'
import type { Recipe } from './recipe.ts'

/** A seed of its own for each purpose: neighbouring seeds share no stream. */
export const seedOf = (...parts: number[]): number =>
  parts.reduce((mixed, part) => Math.imul(mixed ^ (part + 0x9e3779b9), 0x85ebca6b) ^ (mixed >>> 13), 1)

/** Marks that end a clause or a line of verse, at the beginning of a token. */
const STOP = /^(?:[.,;!?\n]| [-/|*](?:$|\s))/

function stopsOf(tokenizer: Tokenizer, vocabulary: number): ReadonlySet<number> {
  const ids = Array.from({ length: vocabulary }, (_, id) => id)
  const text = (id: number) => new TextDecoder().decode(tokenizer.bytes(id))
  return new Set(ids.filter((id) => tokenizer.isSpecial(id) || STOP.test(text(id))))
}

function emphasised({ ids, weights }: Sample, stops: ReadonlySet<number>, factor: number): Sample {
  const isLast = (at: number) => !stops.has(ids[at] ?? 0) && stops.has(ids[at + 1] ?? -1)
  return {
    ids,
    weights: Float32Array.from(weights, (weight, at) => (isLast(at) ? weight * factor : weight)),
  }
}

export interface SampleStream {
  /** The micro-batches of a half of a step, which counts from 1: a pure function of seed, half and step. */
  groupsAt(step: number): Sample[][]
}

/**
 * The endless corpus as micro-batches of similar length, so that little is padded. Each step has short and long ones,
 * and about as many tokens as any other.
 */
export function openSamples(
  tokenizer: Tokenizer,
  vocabulary: number,
  recipe: Recipe,
  place: { seed: number; half: number },
): SampleStream {
  const stops = stopsOf(tokenizer, vocabulary)
  const { rows, groups, pool, longest, emphasis } = recipe
  const drawn = (seed: number): Sample[] => {
    const dice = createDice(seed)
    const samples: Sample[] = []
    while (samples.length < rows * groups * pool)
      samples.push(...encodeConversation(tokenizer, conversation(dice), new Date(0), longest))
    return samples.map((sample) => emphasised(sample, stops, emphasis))
  }

  /** For each step of a pool, the micro-batch of its rank in each of `groups` layers; every other layer backwards. */
  function fill(index: number): Sample[][][] {
    const sorted = drawn(seedOf(place.seed, index, place.half)).toSorted(
      (a, b) => a.ids.length - b.ids.length,
    )
    const order = shuffled(pool, createRandom(seedOf(place.seed, index)))
    const group = (at: number) => sorted.slice(at * rows, (at + 1) * rows)
    return order.map((rank) =>
      Array.from({ length: groups }, (_, layer) =>
        group(layer * pool + (layer % 2 === 0 ? rank : pool - 1 - rank)),
      ),
    )
  }

  let known = { index: -1, steps: [] as Sample[][][] }
  return {
    groupsAt(step) {
      const index = Math.floor((step - 1) / pool)
      if (known.index !== index) known = { index, steps: fill(index) }
      return known.steps[(step - 1) % pool] ?? []
    },
  }
}
