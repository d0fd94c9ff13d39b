import {
  type Attribute,
  type Constant,
  type Dimension,
  type DType,
  encodeModel,
  type Node,
  type Place,
  type ValueInfo,
} from './onnx.ts'

/** A tensor of the graph: while the graph is built, only its name and shape are known. */
export interface Value extends ValueInfo {
  /** Whether it needs a gradient, directly or for one of its inputs. */
  differentiable: boolean
}

export type Shape = readonly Dimension[]

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

interface EmitOptions {
  attributes?: Record<string, Attribute>
  /** ONNX Runtime's own operators are in `com.microsoft`. */
  domain?: string
  dtype?: DType
  /** Number of additional outputs of the operator, named `<first>:1`, `<first>:2`, … */
  extraOutputs?: number
}

/**
 * Reverse-mode differentiation that emits ONNX instead of computing: every forward operation
 * records on the tape how to emit its gradient; `backward` replays the tape in reverse.
 */
export class Graph {
  readonly #nodes: Node[] = []
  readonly #inputs: Value[] = []
  readonly #outputs: Value[] = []
  readonly #constants = new Map<string, Constant>()
  readonly #tape: (() => void)[] = []
  readonly #gradients = new Map<string, Value>()

  input(name: string, shape: Shape, dtype: DType = 'float', differentiable = false): Value {
    const value = { name, shape, dtype, differentiable }
    this.#inputs.push(value)
    return value
  }

  /** Makes a value a graph output under this name. */
  output(name: string, value: Value): void {
    this.#write('Identity', [value], [name])
    this.#outputs.push({ ...value, name })
  }

  scalar(number: number): Value {
    return this.#constant(`float ${number}`, 'float', [], bytesOf(Float32Array.of(number)))
  }

  ints(numbers: readonly number[]): Value {
    const data = BigInt64Array.from(numbers, BigInt)
    return this.#constant(`ints ${numbers.join(' ')}`, 'int64', [numbers.length], bytesOf(data))
  }

  /** A constant whose bytes lie in the session's file of weights. */
  stored(name: string, shape: readonly number[], dtype: DType, place: Place): Value {
    return this.#constant(name, dtype, shape, place)
  }

  /** Adds a node and returns its first output. `shape` is the operator's output shape. */
  emit(op: string, inputs: Value[], shape: Shape, options: EmitOptions = {}): Value {
    const name = `${op} ${this.#nodes.length}`
    const extra = Array.from({ length: options.extraOutputs ?? 0 }, (_, index) => `${name}:${index + 1}`)
    this.#write(op, inputs, [name, ...extra], options)
    const differentiable = inputs.some((input) => input.differentiable)
    return { name, shape, dtype: options.dtype ?? 'float', differentiable }
  }

  /** Records on the tape how to continue once the gradient of `value` is known. */
  onGradient(value: Value, write: (gradient: Value) => void): Value {
    if (value.differentiable)
      this.#tape.push(() => {
        const gradient = this.#gradients.get(value.name)
        if (gradient) write(gradient)
      })
    return value
  }

  /** Adds a term to the gradient of `value`; emits the nodes only if a gradient is needed. */
  accumulate(value: Value, share: () => Value): void {
    if (!value.differentiable) return
    const known = this.#gradients.get(value.name)
    this.#gradients.set(value.name, known ? this.emit('Add', [known, share()], value.shape) : share())
  }

  /** Emits the gradients of everything that `loss` depends on. */
  backward(loss: Value): void {
    this.#gradients.set(loss.name, this.scalar(1))
    for (const write of this.#tape.toReversed()) write()
  }

  gradient(value: Value): Value {
    const gradient = this.#gradients.get(value.name)
    if (!gradient) throw new Error(`nothing was learned about ${value.name}`)
    return gradient
  }

  encode(): Uint8Array {
    return encodeModel({
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: this.#outputs,
      constants: [...this.#constants.values()],
    })
  }

  #constant(name: string, dtype: DType, shape: readonly number[], data: Constant['data']): Value {
    this.#constants.set(name, { name, dtype, shape, data })
    return { name, shape, dtype, differentiable: false }
  }

  #write(
    op: string,
    inputs: Value[],
    outputs: string[],
    { attributes = {}, domain = '' }: EmitOptions = {},
  ): void {
    this.#nodes.push({ op, inputs: inputs.map((input) => input.name), outputs, attributes, domain })
  }
}
