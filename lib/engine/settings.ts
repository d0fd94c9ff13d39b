import { z } from 'zod'

/** Time limits in ms; settable so that tests can use short ones. */
const Patience = z.object({
  /** For a tokenizer to process one text of up to a megabyte; the same again for each additional megabyte. */
  tokenizer: z.number().positive().default(15_000),
  /** For a model hub to send its next byte. */
  hub: z.number().positive().default(60_000),
  /** Pause before a broken download goes on; longer each time in a row. */
  again: z.number().nonnegative().default(1_000),
})
export type Patience = z.infer<typeof Patience>

export const usualPatience: Patience = Patience.parse({})

/** Where models are downloaded from. */
const Hub = z.object({
  /** Origin and base path of a server with the API of huggingface.co. */
  endpoint: z.url({ protocol: /^https?$/ }).default('https://huggingface.co'),
  /** Access token of the user; sent to the endpoint's own origin only. */
  token: z.string().min(1).nullable().default(null),
})
export type HubSettings = z.infer<typeof Hub>

export const usualHub: HubSettings = Hub.parse({})

/** A Ray cluster that trains. */
const Cluster = z.object({
  /** Of its dashboard. */
  address: z.url({ protocol: /^https?$/ }),
  token: z.string().min(1).nullable(),
  /** Absolute path of a folder that all nodes and this computer see under the same path. */
  folder: z.string().min(1),
  /** Of the nodes: a program that can run limerick_trainer. */
  python: z.string().min(1),
})
export type ClusterSettings = z.infer<typeof Cluster>

/** A vLLM server of this computer that answers. */
const Vllm = z.object({
  /** Origin, without `/v1`. */
  address: z.url({ protocol: /^https?$/ }),
  key: z.string().min(1).nullable(),
})
export type VllmSettings = z.infer<typeof Vllm>

/** Whether PyTorch answers: large models where there is a GPU, every model that it can, or none. */
const TorchAnswers = z.enum(['auto', 'always', 'never'])
export type TorchAnswers = z.infer<typeof TorchAnswers>

/** Where a Python environment is made on request, and what pip has to know. */
const Environment = z.object({
  /** Absolute path. */
  folder: z.string().min(1),
  /** Of pip, proxies and certificates; they may hold passwords. */
  variables: z.record(z.string(), z.string()),
})
export type EnvironmentSettings = z.infer<typeof Environment>

/** The studio's first IPC message; the engine reads no environment variables of Limerick. */
export const Settings = z.object({
  /** Absolute path of the engine's folder. */
  folder: z.string().min(1),
  /** The bearer key that every request must send. */
  key: z.string().min(16),
  /** Where it listens; at port 0 the system chooses one. */
  host: z.string().min(1).default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(0),
  /** Absolute path of a folder whose subfolders are additional base models. */
  modelsFolder: z.string().min(1).nullable(),
  /** The most memory that a training may use, in bytes; null for all that is free. */
  memoryLimit: z.number().positive().nullable().default(null),
  /** Absolute path of a Python interpreter that can run limerick_trainer. */
  python: z.string().min(1).nullable().default(null),
  /** null: none can be made. */
  environment: Environment.nullable().default(null),
  cluster: Cluster.nullable().default(null),
  vllm: Vllm.nullable().default(null),
  torchAnswers: TorchAnswers.default('auto'),
  /** Process id of our parent: the engine exits when the parent ends. */
  parent: z.number().int(),
  patience: Patience.default(usualPatience),
  hub: Hub.default(usualHub),
})
export type Settings = z.infer<typeof Settings>

/** The engine's IPC messages. */
export type EngineReport =
  | { kind: 'listening'; port: number }
  /** Heartbeat: sent each second from the main thread while it is responsive. */
  | { kind: 'alive' }
  /** Why startup failed. */
  | { kind: 'failed'; reason: string }
