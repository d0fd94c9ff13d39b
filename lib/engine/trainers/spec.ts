import { loraOf } from '../model/defaults.ts'
import type { TrainOrder } from '../worker/protocol.ts'
import { CONTRACT, type RunSpec } from './contract.ts'

/** Share of the steps in which the learning rate rises. */
const WARM_UP = 0.03

/** Rows of a validation between two ends of an epoch. */
const SMALL_VALIDATION = 8

/** Epoch checkpoints that the trainer keeps, and the best. */
const KEPT = 3

interface Surroundings {
  job: string
  base: RunSpec['base']
  start_adapter: RunSpec['start_adapter']
  /** Most tokens of a row. */
  context: number
  /** GPUs that it gets. */
  devices: number
  bf16: boolean
  /** Of the frozen weights. */
  quantization: RunSpec['quantization']
}

/** What the engine has resolved, in the contract's words. */
export const specOf = (order: TrainOrder, around: Surroundings): RunSpec => {
  const lora = loraOf(order.method)
  return {
    contract: CONTRACT,
    job: around.job,
    attempt: 1,
    base: around.base,
    start_adapter: around.start_adapter,
    method: order.preference ? 'dpo' : 'supervised',
    tuning: order.method,
    lora: lora && { r: lora.rank, alpha: lora.alpha, dropout: 0, targets: lora.targets },
    dpo: order.preference,
    epochs: order.epochs,
    batch_size: order.batchSize,
    micro_batch: 'auto',
    learning_rate: order.learningRate,
    schedule: 'linear',
    warmup_ratio: WARM_UP,
    weight_decay: order.weightDecay,
    clip: 1,
    max_length: around.context,
    too_long: 'cut_end',
    template: { source: 'base', kwargs: {} },
    dtype: around.bf16 ? 'bf16' : 'float32',
    quantization: around.quantization,
    devices: Array.from({ length: around.devices }, (_, index) => index),
    distributed: 'auto',
    evaluate: {
      every_epoch: true,
      steps: null,
      small_rows: SMALL_VALIDATION,
      patience: order.patience,
    },
    checkpoints: { every_epoch: true, keep: KEPT },
    seed: order.seed,
    deterministic: false,
  }
}
