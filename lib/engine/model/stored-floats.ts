/** All weights of a model in float32, side by side, as the constants of a session. */
import { type Architecture, weightShapes } from './architecture.ts'
import type { Place } from './onnx.ts'
import { elements, type Tensor } from './tensors.ts'

export interface FloatWeights {
  bytes: Uint8Array<ArrayBuffer>
  /** Where each weight lies among the bytes. */
  places: ReadonlyMap<string, Place>
}

export const putFloats = ({ buffer }: Uint8Array<ArrayBuffer>, { offset }: Place, { data }: Tensor): void =>
  new Float32Array(buffer, offset, data.length).set(data)

/** @param weights all weights of the architecture, in any order; none is kept once it is copied */
export function layFloats(a: Architecture, weights: Iterable<[name: string, Tensor]>): FloatWeights {
  const places = new Map<string, Place>()
  let end = 0
  for (const [name, shape] of weightShapes(a)) {
    const length = elements(shape) * Float32Array.BYTES_PER_ELEMENT
    places.set(name, { offset: end, length })
    end += length
  }
  const bytes = new Uint8Array(end)
  // The shapes were checked when the model was read.
  for (const [name, tensor] of weights) putFloats(bytes, places.get(name) as Place, tensor)
  return { bytes, places }
}
