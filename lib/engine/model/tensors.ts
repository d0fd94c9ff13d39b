/** A dense float32 array in row-major order. */
export interface Tensor {
  shape: number[]
  data: Float32Array<ArrayBuffer>
}

/** Tensors by their Hugging Face names. */
export type Tensors = Map<string, Tensor>

export type NamedShape = [name: string, shape: number[]]

export const elements = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1)

/** 0, 1, …, length − 1. */
export const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index)

export const zeros = (shape: number[]): Tensor => ({ shape, data: new Float32Array(elements(shape)) })

/** Zeros of the same names and shapes. */
export const zerosLike = (tensors: Tensors): Tensors =>
  new Map([...tensors].map(([name, { shape }]) => [name, zeros(shape)]))

export const bytesOf = (tensors: Tensors): number =>
  tensors.values().reduce((sum, { data }) => sum + data.byteLength, 0)

/** @throws TypeError if the name is missing: the caller validated the names when it read the file */
export function tensor(tensors: Tensors, name: string): Tensor {
  const found = tensors.get(name)
  if (!found) throw new TypeError(`there is no tensor ${name}`)
  return found
}
