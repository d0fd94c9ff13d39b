import { z } from 'zod'

export const TrainerName = z.enum(['onnx', 'trl'])
export type TrainerName = z.infer<typeof TrainerName>

/** Where trl trains: on this computer, or on a Ray cluster. */
export const LauncherName = z.enum(['local', 'ray'])
export type LauncherName = z.infer<typeof LauncherName>

/** What is trained: all weights, an adapter, or an adapter over weights of 4 bits. */
export const TuningMethod = z.enum(['full', 'lora', 'qlora'])
export type TuningMethod = z.infer<typeof TuningMethod>

const Device = z.object({
  name: z.string(),
  /** Bytes. */
  memory: z.number(),
  free: z.number().nullable(),
  /** CUDA's compute capability, as "8.6"; and the version of the driver. */
  capability: z.string().nullable(),
  driver: z.string().nullable(),
  /** Nobody works with it. */
  idle: z.boolean(),
})
export type Device = z.infer<typeof Device>

/** Why a device cannot be used, or not well. The message is English; `code` and `values` are for a translation. */
const Problem = z.object({ code: z.string(), message: z.string(), values: z.record(z.string(), z.string()) })
export type TrainerProblem = z.infer<typeof Problem>

/** A program of the built-in engine that trains. */
export const EngineTrainer = z.object({
  name: TrainerName,
  /** `asking`: its environment is being asked, which takes seconds. Only `ready` trains. */
  state: z.enum(['ready', 'asking', 'unset', 'system', 'incomplete', 'broken', 'version']),
  /** Why it cannot train, as a clause in English. */
  problem: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
  /** Names of Python packages that are not installed. */
  missing: z.array(z.string()),
  /** GPUs, the emptiest first. */
  devices: z.array(Device),
  cpu: z.object({ threads: z.number(), memory: z.number(), free: z.number() }),
  cuda: z.string().nullable(),
  bf16: z.boolean(),
  methods: z.array(
    z.object({ name: TuningMethod, missing: z.enum(['no_gpu', 'no_bitsandbytes']).nullable() }),
  ),
  /** Models that it answers in the built-in generator's place. */
  answers: z.enum(['none', 'large', 'all']),
  problems: z.array(Problem),
})
export type EngineTrainer = z.infer<typeof EngineTrainer>

/** A Ray cluster that trl can train on. */
export const Cluster = z.object({
  address: z.string(),
  /** `asking`: it is being asked. Only `ready` trains. `answer`: it is no Ray cluster, or one that is broken. */
  state: z.enum(['ready', 'asking', 'offline', 'refused', 'answer']),
  /** Why it cannot train, as a clause in English. */
  problem: z.string().nullable(),
  /** Of Ray. */
  version: z.string().nullable(),
  nodes: z.number(),
  cpus: z.number(),
  gpus: z.number(),
  /** Kinds of GPU, as Ray names them. */
  kinds: z.array(z.string()),
})
export type Cluster = z.infer<typeof Cluster>

/** A vLLM server that answers models of its base. */
export const Vllm = z.object({
  address: z.string(),
  state: z.enum(['ready', 'asking', 'offline']),
  /** Why it does not answer, as a clause in English. */
  problem: z.string().nullable(),
  /** Names of the base models that it has, and of the models whose adapters it has been given. */
  bases: z.array(z.string()),
  adapters: z.array(z.string()),
  /** Its reasons against adapters, in its own words. */
  refused: z.array(z.string()),
})
export type Vllm = z.infer<typeof Vllm>

/** The Python environment of trl. */
export const Environment = z.object({
  /** `given`: LIMERICK_PYTHON names one. `ready`: it was made here. */
  state: z.enum(['given', 'none', 'making', 'failed', 'ready']),
  /** What is done right now, and why the last one failed: English. */
  doing: z.string().nullable(),
  problem: z.string().nullable(),
  /** That it takes. */
  bytes: z.number(),
})
export type Environment = z.infer<typeof Environment>

export const EngineTrainers = z.object({
  data: z.array(EngineTrainer),
  environment: Environment,
  /** null: none is set up. */
  cluster: Cluster.nullable(),
  /** null: none is set up. */
  vllm: Vllm.nullable(),
  /** Bytes that are free on the disk of the data folder. */
  disk: z.number(),
})
export type EngineTrainers = z.infer<typeof EngineTrainers>

/** Rows of the largest batch: more devices would have nothing to do. */
const MOST_DEVICES = 256

/** How a job of the built-in engine is to be trained; null: as the engine chooses. */
export const Tuning = z.object({
  trainer: TrainerName.nullable(),
  launcher: LauncherName.nullable().default(null),
  /** GPUs, or processes on a cluster without any; null: as many as are idle, on a cluster one. */
  devices: z.number().int().min(1).max(MOST_DEVICES).nullable().default(null),
  method: TuningMethod.nullable(),
  /** Most tokens that are read of a row. */
  maxLength: z
    .number()
    .int()
    .min(32)
    .max(2 ** 24)
    .nullable(),
})
export type Tuning = z.infer<typeof Tuning>
