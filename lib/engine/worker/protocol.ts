/**
 * What the engine and its worker processes say to each other over the IPC channel.
 * Paths are the engine's own; nothing a caller sends is ever used as a path.
 */
import type { WireError } from '#lib/core/errors.ts'
import type { Reading } from '#lib/training-data/verdict.ts'

/** How one job trains, every automatic value already resolved. */
export interface TrainOrder {
  kind: 'train'
  /** Folder of the model to start from: config.json, tokenizer.json, tokenizer_config.json, model.safetensors. */
  base: string
  /** The job's own folder; checkpoints are written to `<folder>/checkpoint-<step>`. */
  folder: string
  /** JSONL files whose every row has already been validated. */
  training: string
  validation: string | null
  method: 'full' | 'lora'
  epochs: number
  batchSize: number
  /** Absolute learning rate (base rate × multiplier). */
  learningRate: number
  seed: number
  /** ms. What a chat template takes for today: the same after a restart. */
  date: number
  /** ONNX Runtime's intra-op threads. */
  threads: number
}

export interface StepMetrics {
  /** null where no token of the batch is learnt: a loss of 0 would say that all of them are known by heart. */
  trainLoss: number | null
  trainAccuracy: number | null
  /** On a small validation batch. */
  validLoss?: number
  validAccuracy?: number
  /** On the whole validation file; at the end of each epoch. */
  fullValidLoss?: number
  fullValidAccuracy?: number
}

/** A stop with `keep` leaves what was learnt as a checkpoint for people, which is reported before `stopped`. */
export type TrainerRequest = TrainOrder | { kind: 'stop'; keep: boolean }

export type TrainerReport =
  /** Sent once, before the first step; `step` is where a resumed run continues after. What a listener may have missed
   * before the interruption follows at once: steps and checkpoints can come twice, with the same content. */
  | { kind: 'started'; step: number; totalSteps: number; tokensPerEpoch: number }
  /** `rows` are the zero-based training rows of the batch, `losses` their own (null: nothing to learn); `seconds` is
   * the wall time of the step. */
  | {
      kind: 'step'
      step: number
      totalSteps: number
      epoch: number
      metrics: StepMetrics
      rows: number[]
      losses: (number | null)[]
      seconds: number
    }
  /** The folder is durable (fsynced and renamed) when this is sent. The newest three stay on the disk; sending the
   * fourth, the trainer has removed the first. */
  | { kind: 'checkpoint'; step: number; epoch: number; folder: string; metrics: StepMetrics }
  | { kind: 'done'; step: number; trainedTokens: number }
  /** A resumable state of exactly this step is on the disk. */
  | { kind: 'stopped'; step: number }
  | { kind: 'failed'; code: 'training_failed' | 'disk_full' | 'model_damaged'; message: string }

/** One message of a conversation, contents already plain text. */
export interface Turn {
  role: string
  content: string
}

export interface GenerateOrder {
  kind: 'generate'
  id: string
  /** Folder of a base, fine-tuned or checkpoint model. */
  model: string
  /** A conversation to answer, or text to go on with as it stands. */
  messages: Turn[] | string
  maxTokens: number
  temperature: number
  topP: number
  seed: number
  stop: string[]
  /** How many alternatives to report per token; null: no log-probabilities at all. */
  topLogprobs: number | null
}

export type GeneratorRequest =
  | GenerateOrder
  /** Ends the chat; it sends no further report. */
  | { kind: 'abort'; id: string }
  /** Drops a model folder from memory. */
  | { kind: 'forget'; model: string }

export interface TokenLogprob {
  token: string
  logprob: number
  bytes: number[]
}

export type GeneratorReport =
  /** The model is in memory, and its tokenizer reads the prompt next: code and patterns of the model's own folder, which
   * may never come to an end. `encoded` follows when they have, whatever became of the chat. */
  | { kind: 'encoding'; id: string; model: string; characters: number }
  | { kind: 'encoded'; id: string }
  | { kind: 'began'; id: string; promptTokens: number }
  /** `text` may be empty while bytes of one character are still arriving. */
  | { kind: 'token'; id: string; text: string; logprob?: TokenLogprob & { top: TokenLogprob[] } }
  | {
      kind: 'finished'
      id: string
      reason: 'stop' | 'length'
      promptTokens: number
      completionTokens: number
    }
  /**
   * `context`: the prompt is longer than the model's context; `model`: it can't be used; `damaged`: a file of it
   * is not what was written.
   */
  | { kind: 'refused'; id: string; code: 'context' | 'model' | 'damaged' | 'internal'; message: string }

export interface TokenizerRequest {
  id: number
  /** Folder of the model whose tokenizer reads. */
  model: string
  turns: (Turn & { weight: number })[]
  /** Whether the assistant's turn is opened at the end, as before an answer. */
  opened: boolean
  /** Only how far the model reads is asked for, not the tokens. */
  measured?: boolean
  /** Tokens that are read, in place of the model's own context. */
  limit?: number
}

export type TokenizerReport =
  /** Its tokenizer is at work from now on; it may never come to an end. */
  | { kind: 'reading'; id: number }
  /** `json` is a WireTokens in UTF-8: the engine hands it on as it is. */
  | { kind: 'tokens'; id: number; json: Uint8Array }
  | { kind: 'measured'; id: number; reading: Reading }
  | { kind: 'refused'; id: number; error: WireError }
