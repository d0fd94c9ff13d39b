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

/**
 * Everything the engine says over HTTP, typed by the SDK itself, so that drift fails the compiler.
 * What is wider or ours is named here and nowhere else; all of ours stands under the one key `limerick`.
 */
export type { FileDeleted, ModelDeleted }

/**
 * Widening: OpenAI really sends `status_details: null`, which the SDK's type has no room for, and takes the purpose `evals`,
 * which it types for uploads alone.
 */
export type WireFile = Omit<FileObject, 'status_details' | 'purpose'> & {
  status_details: null
  purpose: FileObject['purpose'] | 'evals'
}

/** Widening: OpenAI echoes the suffix, which the SDK's type leaves out. */
export type WireJob = FineTuningJob & {
  user_provided_suffix: string | null
  limerick: {
    method: 'full' | 'lora'
    /** When each status began, in ms since 1970. */
    status_times: Partial<Record<FineTuningJob['status'], number>>
    /** Steps done and steps in all; null before training began. */
    step: number | null
    total_steps: number | null
  }
}

export type WireEvent = FineTuningJobEvent

/** `data` of a metrics event; a key without a value is absent. */
export type StepData = FineTuningJobCheckpoint.Metrics & {
  step: number
  total_steps: number
  /**
   * `rows`: zero-based training rows of the step's batch; `losses`: the loss of each by itself, null for a row in which
   * nothing is learnt; `seconds`: the step's wall time.
   */
  limerick: { rows: number[]; losses: (number | null)[]; seconds: number; epoch: number }
}

/** `data` of the event that names the examples whose answers the model does not read to their end. */
export interface CutData {
  limerick: {
    cut: {
      file: 'training_file' | 'validation_file'
      /** Tokens that the model reads of an example. */
      context: number
      /** Examples in all, those that lose a part of their answers, and those of which nothing is left to learn. */
      rows: number
      part: number
      all: number
      /** The first of them, examples and physical lines from 1; `lost` and `left` in tokens of the answers. */
      examples: { row: number; line: number; lost: number; left: number }[]
    }
  }
}

/** `data` of the event that tells why a job failed. */
export interface FailureData {
  error_code: string
  error_param: string | null
  /** Where in the file, when a line is to blame: physical line and UTF-16 column from 1, example from 1. */
  limerick?: { rule: string; line: number; column: number; row: number | null }
}

export type WireCheckpoint = FineTuningJobCheckpoint

/** How fast a base model is trained, in its own tokens. */
export interface WireSpeed {
  method: 'full' | 'lora'
  tokens_per_second: number
  /** ms since 1970; null: never measured on this computer, the figure ships with the engine. */
  measured_at: number | null
}

export type WireModel = Model & {
  /** Longest conversation, in tokens, where clients of vLLM look for it. */
  max_model_len: number
  limerick: {
    /** The shipped or added model at the root of the lineage. */
    base: string
    /** Longest conversation, in tokens. */
    context: number
    parameters: number
    /** The job that made it; null for a base model. */
    job: string | null
    /** Of its base: a job that starts from its results is as fast. */
    training: WireSpeed
  }
}

/** Folders that cannot be used stand beside the models, each with its reason. */
export interface WireModels {
  object: 'list'
  data: WireModel[]
  limerick: { unusable: { name: string; reason: string }[] }
}

interface AnswerFacts {
  limerick?: {
    /** Milliseconds from the request to the first token and to the last. */
    first_token_ms: number
    total_ms: number
    /** As used: the request's own, else those of the model's `generation_config.json`, else 1. */
    sampling: { temperature: number; top_p: number }
  }
}
export type WireCompletion = ChatCompletion & AnswerFacts
export type WireChunk = ChatCompletionChunk & AnswerFacts
export type WireTextCompletion = Completion & AnswerFacts

/** `output_text` is made by the SDK itself. Widening: OpenAI says `store`, which the SDK's type leaves out. */
export type WireResponse = Omit<Response, 'output_text'> & AnswerFacts & { store: false }

type Narrowed<Event> = Event extends { response: Response }
  ? Omit<Event, 'response'> & { response: WireResponse }
  : Event
/** Events of a streamed response, with the response as we send it. */
export type WireResponseEvent = Narrowed<ResponseStreamEvent>

export interface ErrorBody {
  error: Pick<ErrorObject, 'message' | 'type' | 'param' | 'code'>
}

export interface List<Item> {
  object: 'list'
  data: Item[]
  has_more: boolean
}

/** Milliseconds in the database, whole seconds on the wire. */
export const seconds = (ms: number): number => Math.floor(ms / 1000)

/** Answer to `POST /tokenize`, in the shape of vLLM; all lists have one entry per token. */
export interface WireTokens {
  count: number
  /** The model's context: training reads no token beyond it. */
  max_model_len: number
  tokens: number[]
  token_strs: string[]
  limerick: {
    /** Whether the loss looks at it. */
    trained: boolean[]
    /** Tokens that the loss would look at if they did not stand beyond the context. */
    lost: number
    special: boolean[]
  }
}
