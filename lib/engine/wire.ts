import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { Completion } from 'openai/resources/completions'
import type { FileDeleted, FileObject } from 'openai/resources/files'
import type {
  FineTuningJob,
  FineTuningJobCheckpoint,
  FineTuningJobEvent,
} from 'openai/resources/fine-tuning/jobs'
import type { Model, ModelDeleted } from 'openai/resources/models'
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { ErrorObject } from 'openai/resources/shared'
import type { Upload } from 'openai/resources/uploads/uploads'
import type { Excerpt } from '#lib/training-data/excerpt.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import type { Rewards } from './model/preference.ts'
import type { LauncherName, TrainerName, Tuning } from './tables.ts'
import type { ExportOffer } from './worker/protocol.ts'

/**
 * All HTTP responses of the engine, typed by the SDK itself, so that drift fails to compile.
 * Only this file widens or extends those types; all our extensions are under the key `limerick`.
 */
export type { FileDeleted, ModelDeleted }

/**
 * Widening: OpenAI sends `status_details: null`, which the SDK's type does not allow, and accepts the purpose `evals`,
 * which it allows only for uploads.
 */
export type WireFile = Omit<FileObject, 'status_details' | 'purpose'> & {
  status_details: null
  purpose: FileObject['purpose'] | 'evals'
}

/** Narrowing: a completed upload holds its file as `/v1/files` shows it. */
export type WireUpload = Omit<Upload, 'file'> & { file?: WireFile | null }

/** Widening: OpenAI's reference has the two statuses of a pause, which the SDK's type lacks. */
export type WireStatus = FineTuningJob['status'] | 'pausing' | 'paused'

/**
 * Widening: OpenAI returns the suffix, which the SDK's type lacks, and null for the deprecated hyperparameters of a job
 * that is not supervised.
 */
export type WireJob = Omit<FineTuningJob, 'status' | 'hyperparameters'> & {
  status: WireStatus
  hyperparameters: FineTuningJob.Hyperparameters | null
  user_provided_suffix: string | null
  limerick: {
    method: Tuning
    /** Most tokens that are read of a row; null: as many as the model can read. */
    max_length: number | null
    /** `onnx` is the built-in one. */
    trainer: TrainerName
    launcher: LauncherName
    /** GPUs that it asks for; null: as many as are idle, on a cluster one. */
    devices: number | null
    /** null before its trainer has told of itself, and always of the built-in one. */
    run: WireRun | null
    /** When each status began, in ms since 1970: the first time, and of a pause the last one. */
    status_times: Partial<Record<WireStatus, number>>
    /** Completed and total steps; null before training has started. */
    step: number | null
    total_steps: number | null
    /** ms from the first step on in which it was paused, or queued after a pause; without the pause that lasts. */
    paused_ms: number
    early_stopping: { patience: number } | null
    /** AdamW's; 0 by default. */
    weight_decay: number
    /** The checkpoint with the lowest loss on the whole validation file, so far. */
    best: { step: number; full_valid_loss: number } | null
    /** The step that the fine-tuned model is from; null before there is one. */
    final_step: number | null
  }
}

/** What another trainer than the built-in one has told of itself. */
export interface WireRun {
  versions?: Record<string, string>
  devices?: { name: string }[]
  /** Bytes, and how a step is divided. */
  memory?: {
    estimate?: number
    measured?: number
    free?: number
    micro_batch?: number
    accumulation?: number
    strategy?: string
  }
  /** What it does outside of steps: a clause such as "loading the model". */
  doing?: string
}

export type WireEvent = FineTuningJobEvent

/**
 * What TRL calls `rewards/chosen`, `rewards/rejected`, `rewards/accuracies` and `rewards/margins`, of a job with
 * preference pairs; over the same rows as the loss of the same name. OpenAI has no names for them.
 */
export interface WireRewards {
  train_rewards: Rewards
  valid_rewards: Rewards
  full_valid_rewards: Rewards
}

/** `data` of a metrics event; a key without a value is absent. */
export type StepData = FineTuningJobCheckpoint.Metrics & {
  step: number
  total_steps: number
  /**
   * `rows`: zero-based training rows of the step's batch; `losses`: loss per row, null for a row without trained
   * tokens; `seconds`: the step's wall time; `grad_norm`: norm of the gradients before clipping, null without any.
   */
  limerick: Partial<WireRewards> & {
    rows: number[]
    losses: (number | null)[]
    seconds: number
    epoch: number
    learning_rate: number | null
    grad_norm: number | null
  }
}

/** `data` of the event that lists examples with truncated answers. */
export interface CutData {
  limerick: {
    cut: {
      file: 'training_file' | 'validation_file'
      /** Maximum tokens per example. */
      context: number
      /** Number of examples: all, and those with a truncated answer. */
      rows: number
      part: number
      /** Always 0: an example of which nothing is left to learn is refused. */
      all: 0
      /** The first of them, with example and physical line from 1; `lost` and `left` in answer tokens. */
      examples: { row: number; line: number; lost: number; left: number }[]
    }
  }
}

/** `data` of the event that says why a job failed. */
export interface FailureData {
  error_code: string
  error_param: string | null
  /**
   * Location in the file, if a line caused it: physical line and UTF-16 column from 1, example from 1; with the values of
   * the rule's sentence and the text around the place.
   */
  limerick?: {
    rule: string
    line: number
    column: number
    row: number | null
    values?: Issue['values']
    excerpt?: Excerpt
  }
}

export type WireCheckpoint = FineTuningJobCheckpoint & {
  limerick: Partial<WireRewards> & {
    /** Whether no other checkpoint of the job has a lower loss on the whole validation file. */
    best: boolean
  }
}

/** What training a base model takes on this computer; speed in that model's tokens. */
export interface WireSpeed {
  method: 'full' | 'lora'
  tokens_per_second: number
  /** ms since 1970; null: never measured on this computer, the figure ships with the engine. */
  measured_at: number | null
}

/** Bytes: `fixed + per_token · T + per_token_squared · T²`, T the longest row in tokens; of a pair, its longer answer's. */
export interface WireMemory {
  fixed: number
  per_token: number
  per_token_squared: number
}

/** Bytes. */
export interface WireNeeds {
  memory: WireMemory
  /** Of a job with preference pairs. */
  preference_memory: WireMemory
  /** At most, for the checkpoints of one job. */
  disk: number
  /** What a training may still use. */
  free: { memory: number; disk: number }
}

/** What a trainer takes to train a model by a method; null for a speed that no job has shown yet. */
export interface WireTraining extends WireNeeds {
  method: Tuning
  /** Name of the GPU, or CPU. */
  device: string
  tokens_per_second: number | null
  measured_at: number | null
}

/** What can train on this computer. */
export interface WireTrainers {
  object: 'list'
  data: WireTrainer[]
  environment: WireEnvironment
  /** A Ray cluster that trl can train on; null: none is set up. */
  cluster: WireCluster | null
  /** A vLLM server that answers models of its base; null: none is set up. */
  vllm: WireVllm | null
  /** Bytes that are free for checkpoints. */
  disk: number
}

/** The Python environment of trl. */
export interface WireEnvironment {
  /** `given`: LIMERICK_PYTHON names one. `ready`: it was made here. */
  state: 'given' | 'none' | 'making' | 'failed' | 'ready'
  /** What is done right now, partly in pip's words. */
  doing: string | null
  /** Why the last one failed, as a clause. */
  problem: string | null
  /** That it takes. */
  bytes: number
}

export interface WireVllm {
  address: string
  state: 'ready' | 'asking' | 'offline'
  /** Why it does not answer, as a clause. */
  problem: string | null
  /** Names of the base models that it has. */
  bases: string[]
  /** Names of the models whose adapters it has been given. */
  adapters: string[]
  /** Its reasons against adapters that it has refused; the engine answers those itself. */
  refused: string[]
}

export interface WireCluster {
  address: string
  /** `asking`: it is being asked. Only `ready` trains. `answer`: it is no Ray cluster, or one that is broken. */
  state: 'ready' | 'asking' | 'offline' | 'refused' | 'answer'
  /** Why it cannot train, as a clause. */
  problem: string | null
  /** Of Ray. */
  version: string | null
  nodes: number
  cpus: number
  gpus: number
  /** Kinds of GPU, as Ray names them. */
  kinds: string[]
}

export interface WireTrainer {
  name: TrainerName
  /** `asking`: its environment is being asked, which takes seconds; ask again. Only `ready` trains. */
  state: 'ready' | 'asking' | 'unset' | 'system' | 'incomplete' | 'broken' | 'version'
  /** Why it cannot train, as a clause. */
  problem: string | null
  versions: Record<string, string>
  /** Names of Python packages that are not installed. */
  missing: string[]
  /** GPUs, the emptiest first; `idle`: nobody works with it. */
  devices: {
    name: string
    memory: number
    free: number | null
    capability: string | null
    driver: string | null
    idle: boolean
  }[]
  /** Of the processor, which trains where there is no device: bytes, and what may be used of them. */
  cpu: { threads: number; memory: number; free: number }
  cuda: string | null
  bf16: boolean
  methods: { name: Tuning; missing: 'no_gpu' | 'no_bitsandbytes' | null }[]
  /** Models that PyTorch answers in the built-in generator's place, while no training uses it. */
  answers: 'none' | 'large' | 'all'
  /** Why a device cannot be used, or not well; the message is English. */
  problems: { code: string; message: string; values: Record<string, string> }[]
}

export type WireModel = Model & {
  /** Maximum tokens of a conversation, under vLLM's name. */
  max_model_len: number
  limerick: {
    /** The shipped or added model at the root of the lineage. */
    base: string
    /** Maximum tokens of a conversation. */
    context: number
    parameters: number
    /** Bits per weight in generation, unless a request asks for `precision: "exact"`: 32 is float32. */
    decoding: { bits: 8 | 32 }
    /** The job that made it; null for a base model. */
    job: string | null
    /** Throughput of its base model, which also applies to fine-tuned models. */
    training: WireSpeed & WireNeeds
  }
}

/** The models, and the folders that cannot be used, each with its reason. */
export interface WireModels {
  object: 'list'
  data: WireModel[]
  limerick: { unusable: { name: string; reason: string }[] }
}

/** Bytes on disk of the models. */
export interface WireSizes {
  object: 'list'
  data: { id: string; bytes: number }[]
}

/** The formats that a model can be taken away in. */
export interface WireExports {
  object: 'list'
  data: ExportOffer[]
}

interface AnswerFacts {
  limerick?: {
    /** Milliseconds from the request to the first token and to the last. */
    first_token_ms: number
    total_ms: number
    /** The values used: from the request, else from the model's `generation_config.json`, else 1. */
    sampling: { temperature: number; top_p: number }
    /** Bits per weight used; null where a vLLM server has answered, which does not say so. */
    decoding: { bits: 8 | 32 | null }
  }
}
export type WireCompletion = ChatCompletion & AnswerFacts
export type WireChunk = ChatCompletionChunk & AnswerFacts
export type WireTextCompletion = Completion & AnswerFacts

/** The SDK itself computes `output_text`. Widening: OpenAI returns `store`, which the SDK's type lacks. */
export type WireResponse = Omit<Response, 'output_text'> & AnswerFacts & { store: false }

type Narrowed<Event> = Event extends { response: Response }
  ? Omit<Event, 'response'> & { response: WireResponse }
  : Event
/** Events of a streamed response, with our response type. */
export type WireResponseEvent = Narrowed<ResponseStreamEvent>

export interface ErrorBody {
  error: Pick<ErrorObject, 'message' | 'type' | 'param' | 'code'>
}

export interface List<Item> {
  object: 'list'
  data: Item[]
  has_more: boolean
}

/** Converts milliseconds (database) to whole seconds (wire). */
export const seconds = (ms: number): number => Math.floor(ms / 1000)

/** Response to `POST /tokenize`, in vLLM's shape; all lists have one entry per token. */
export interface WireTokens {
  count: number
  /** The model's context: training truncates examples to it. */
  max_model_len: number
  tokens: number[]
  token_strs: string[]
  limerick: {
    /** Whether the token carries loss. */
    trained: boolean[]
    /** Number of tokens beyond the context that would carry loss. */
    lost: number
    special: boolean[]
    /** Tokens that end an answer. */
    ends: number[]
  }
}

/** A model that can be added, before it is: a folder, or a repository of a hub. */
export interface WireSource {
  /** Name that it will have here. */
  name: string
  kind: 'folder' | 'hub'
  /** Path of the folder, or `owner/name`. */
  source: string
  /** Its page, for a hub's. */
  page: string | null
  commit: string | null
  licence: string | null
  /** Whether its licence must be accepted on its page. */
  gated: boolean
  /** The files that are used, and their bytes together. */
  files: { name: string; bytes: number }[]
  bytes: number
  /** null if `config.json` cannot be read. */
  facts: WireSourceFacts | null
  /** Free bytes on the disk of the engine's folder, without what running downloads will write. */
  free: number | null
  /** Why it cannot be added, a clause or a sentence; null: it can. */
  problem: string | null
}

/** What a model will need here; memory and time are estimates. */
export interface WireEstimate {
  parameters: number
  /** Bytes of memory to train on rows of 512 tokens. */
  memory: number
  /** Seconds that ten short rows take with automatic settings. */
  seconds: number
}

export interface WireSourceFacts extends WireEstimate {
  family: string
  /** Maximum tokens of a conversation. */
  context: number
}

/** A download that has not ended. `paused` also after a restart of the engine. */
export interface WireDownload {
  id: string
  name: string
  repo: string
  bytes: number
  /** Bytes that are on the disk. */
  done: number
  /** null while nothing comes. */
  rate: number | null
  state: 'downloading' | 'checking' | 'paused' | 'failed'
  error: { code: string; message: string } | null
}

/** A model of the short list that ships with the engine. */
export interface WireOffer extends WireEstimate {
  name: string
  repo: string
  licence: string
  gated: boolean
  /** Approximate size of the download. */
  bytes: number
  /** Whether a model with its name is here or on its way. */
  here: boolean
}

export interface WireAddedModel {
  name: string
  kind: 'folder' | 'hub'
  source: string
  licence: string | null
  /** Bytes on the disk; null for a folder elsewhere, which stays when the model is removed. */
  bytes: number | null
  /** Why it cannot be used, or null. */
  problem: string | null
}

/** Response to every call under `/limerick/models`, but the check. */
export interface WireLibrary {
  offers: WireOffer[]
  added: WireAddedModel[]
  downloads: WireDownload[]
  /** Bytes of memory of this computer, or the user's limit for a training. */
  memory: number
}
