/** trl on a Ray cluster: its runs and models lie in a folder that all nodes see. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import path from 'node:path'
import { writeFolderDurably } from '#lib/core/durable-file.ts'
import { apiError } from '../api-error.ts'
import type { JobRow } from '../job-wire.ts'
import { hashOf } from '../model/weight-files.ts'
import type { ModelStore } from '../models.ts'
import type { ClusterSettings } from '../settings.ts'
import { type Disk, keepCopy } from '../storage.ts'
import { isWeights } from '../trainers/adopt.ts'
import { keepAsking } from '../trainers/asking.ts'
import type { Command } from '../trainers/launcher.ts'
import { MODULE, OFFLINE, PACKAGE } from '../trainers/python.ts'
import { type RunFolder, readSpec } from '../trainers/run-folder.ts'
import type { Trainer } from '../trainers/trainer.ts'
import { expectFew, trlRuns } from '../trainers/trl-runs.ts'
import type { WireCluster } from '../wire.ts'
import type { TrainOrder } from '../worker/protocol.ts'
import { ClusterError, type ClusterFacts, clusterClient } from './client.ts'
import { clusterLauncher } from './launcher.ts'

/** GPUs that compute no bfloat16, as Ray names them. */
const WITHOUT_BF16 = ['K80', 'P4', 'P100', 'V100', 'T4']

/** A cluster's devices, or why they are not known. */
type Found = { facts: ClusterFacts } | { problem: string; state: ClusterError['kind'] }

/** Files of a folder; of links, as in the cache of a model hub, those that they lead to. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile())
    .toSorted()

/** What an engine that was killed has left of a copy, which may be gigabytes. */
function dropUnfinished(to: string): void {
  const [parent, start] = [path.dirname(to), `${path.basename(to)}.`]
  for (const name of existsSync(parent) ? readdirSync(parent) : [])
    if (name.startsWith(start) && name.endsWith('.tmp')) rmSync(path.join(parent, name), { recursive: true })
}

async function copyFolder(from: string, to: string): Promise<string> {
  if (existsSync(to)) return to
  dropUnfinished(to)
  await writeFolderDurably(to, async (unfinished) => {
    for (const name of filesIn(from))
      await keepCopy(realpathSync(path.join(from, name)), path.join(unfinished, name))
  })
  return to
}

const copying = new Map<string, Promise<string>>()

/** Copies a folder once; concurrent callers share the copy. @param to named by its content */
function keepFolder(from: string, to: string): Promise<string> {
  const under = copying.get(to) ?? copyFolder(from, to).finally(() => copying.delete(to))
  copying.set(to, under)
  return under
}

/** Named by its weights, and by all that the same weights may be used with: tokenizer, template, config. */
async function nameOf(folder: string, weights: string): Promise<string> {
  const rest = filesIn(folder).filter((name) => !isWeights(name))
  const other = await hashOf(rest.map((name) => path.join(folder, name)))
  return `${weights.slice(0, 32)}-${other.slice(0, 16)}`
}

/** The package of this repository, where the nodes see it. @returns the folder that it lies in */
async function keepPackage(shared: string): Promise<string> {
  const source = path.join(PACKAGE, 'limerick_trainer')
  const hash = await hashOf(filesIn(source).map((name) => path.join(source, name)))
  const folder = path.join(shared, 'trainer', hash)
  await keepFolder(source, path.join(folder, 'limerick_trainer'))
  return folder
}

interface Parts {
  disk: Disk
  models: ModelStore
  cluster: ClusterSettings
}

export interface ClusterTrainer extends Trainer {
  /** What the cluster has, at once: what is still being asked says so. @param refresh asks again */
  state: (refresh: boolean) => WireCluster
  /** What a job gets there. @throws AppError `invalid` if the cluster cannot be used */
  kind: () => Promise<ClusterKind>
}

/** Kept with a job. */
interface ClusterKind {
  /** Whether it trains on GPUs. */
  gpu: boolean
  bf16: boolean
}

const NOTHING = { version: null, nodes: 0, cpus: 0, gpus: 0, kinds: [], problem: null }

export function clusterTrainer({ disk, models, cluster }: Parts): ClusterTrainer {
  const client = clusterClient(cluster)
  const launcher = clusterLauncher(client, ({ root }) => path.basename(path.dirname(root)))

  async function look(): Promise<Found> {
    try {
      return { facts: await client.facts() }
    } catch (thrown) {
      if (thrown instanceof ClusterError) return { problem: thrown.message, state: thrown.kind }
      throw thrown
    }
  }

  const asking = keepAsking(look, (found) => 'problem' in found)

  /** @param refresh else what is known will do @throws AppError `invalid` that says why it cannot be used */
  async function facts(refresh = true): Promise<ClusterFacts> {
    const found = await asking.ask(refresh)
    if ('facts' in found) return found.facts
    throw apiError('invalid', `This job asks for the cluster of LIMERICK_RAY; ${found.problem}.`, {
      code: 'cluster_not_available',
      param: 'limerick.launcher',
    })
  }

  async function command(job: JobRow, run: RunFolder): Promise<Command> {
    const { devices, batch_size } = readSpec(run)
    const processes = devices.length || Math.min(job.devices ?? 1, batch_size)
    const argv = [cluster.python, ...MODULE, 'cluster', run.root, '--processes', String(processes)]
    const env = { ...OFFLINE, PYTHONPATH: await keepPackage(cluster.folder), RAY_USAGE_STATS_ENABLED: '0' }
    return { argv, env, yields: false }
  }

  const runs = trlRuns({
    ...{ disk, models, launcher, command },
    place: async (folder, hash) =>
      keepFolder(folder, path.join(cluster.folder, 'models', await nameOf(folder, hash))),
    prepare(run, { id }) {
      const shared = path.join(cluster.folder, 'runs', id)
      mkdirSync(shared, { recursive: true, mode: 0o700 })
      if (!lstatSync(run.root, { throwIfNoEntry: false })) symlinkSync(shared, run.root)
    },
  })

  /** As the cluster was when the job was made: now it may not answer, and the job waits for it. */
  async function devicesFor({ devices, cluster_json }: JobRow, { batchSize }: TrainOrder) {
    const { gpu, bf16 }: ClusterKind = JSON.parse(cluster_json ?? '{"gpu":false,"bf16":false}')
    return { devices: gpu ? Math.min(devices ?? 1, batchSize) : 0, bf16 }
  }

  return {
    name: 'trl',

    async expectAble({ model, quantization }) {
      expectFew(model)
      if ((await facts()).gpus > 0 || quantization === null) return
      throw apiError(
        'invalid',
        'Weights of 4 bits (QLoRA) need an NVIDIA GPU, and the cluster has none: train by "lora".',
        { code: 'unsupported_parameter', param: 'limerick.method' },
      )
    },

    find: runs.find,
    start: (job, order) => runs.start(job, order, () => devicesFor(job, order)),
    noteSpeed: async () => undefined,
    noteMemory: async () => undefined,

    async kind() {
      const { gpus, kinds } = await facts(false)
      const gpu = gpus > 0
      return { gpu, bf16: gpu && !kinds.some((kind) => WITHOUT_BF16.includes(kind)) }
    },

    state(refresh) {
      const found = asking.peek(refresh)
      const { address } = cluster
      if (found === null) return { ...NOTHING, address, state: 'asking' }
      return 'facts' in found
        ? { ...NOTHING, ...found.facts, address, state: 'ready' }
        : { ...NOTHING, ...found, address }
    },
  }
}
