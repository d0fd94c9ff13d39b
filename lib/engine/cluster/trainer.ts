/** trl on a Ray cluster: its runs and models lie in a folder that all nodes see. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { writeFolderDurably } from '#lib/core/durable-file.ts'
import { apiError } from '../api-error.ts'
import type { JobRow } from '../job-wire.ts'
import { hashOf } from '../model/weight-files.ts'
import type { ModelStore } from '../models.ts'
import type { ClusterSettings } from '../settings.ts'
import { type Disk, keepCopy } from '../storage.ts'
import { keepAsking } from '../trainers/asking.ts'
import type { Command } from '../trainers/launcher.ts'
import { MODULE, OFFLINE, PACKAGE } from '../trainers/python.ts'
import { type RunFolder, readSpec } from '../trainers/run-folder.ts'
import type { Trainer } from '../trainers/trainer.ts'
import { expectFew, trlRuns } from '../trainers/trl-runs.ts'
import type { WireCluster } from '../wire.ts'
import { ClusterError, type ClusterFacts, clusterClient } from './client.ts'
import { clusterLauncher } from './launcher.ts'

/** GPUs that compute no bfloat16, as Ray names them. */
const WITHOUT_BF16 = ['K80', 'P4', 'P100', 'V100', 'T4']

/** A cluster's devices, or why they are not known. */
type Found = { facts: ClusterFacts } | { problem: string; state: ClusterError['kind'] }

/** Files of a folder that has no folders in it. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .toSorted()

/** Copies a folder once. @param to named by what is in it */
async function keepFolder(from: string, to: string): Promise<string> {
  if (existsSync(to)) return to
  await writeFolderDurably(to, async (unfinished) => {
    for (const name of filesIn(from)) await keepCopy(path.join(from, name), path.join(unfinished, name))
  })
  return to
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

  /** @throws AppError `invalid` that says why it cannot be used */
  async function facts(): Promise<ClusterFacts> {
    const found = await asking.ask(true)
    if ('facts' in found) return found.facts
    throw apiError('invalid', `This job asks for the cluster of LIMERICK_RAY; ${found.problem}.`, {
      code: 'cluster_not_available',
      param: 'limerick.launcher',
    })
  }

  async function command(job: JobRow, run: RunFolder): Promise<Command> {
    const processes = readSpec(run).devices.length || (job.devices ?? 1)
    const argv = [cluster.python, ...MODULE, 'cluster', run.root, '--processes', String(processes)]
    const env = { ...OFFLINE, PYTHONPATH: await keepPackage(cluster.folder), RAY_USAGE_STATS_ENABLED: '0' }
    return { argv, env, yields: false }
  }

  const runs = trlRuns({
    ...{ disk, models, launcher, command },
    place: (folder, hash) => keepFolder(folder, path.join(cluster.folder, 'models', hash)),
    prepare(run, { id }) {
      const shared = path.join(cluster.folder, 'runs', id)
      mkdirSync(shared, { recursive: true, mode: 0o700 })
      if (!existsSync(run.root)) symlinkSync(shared, run.root)
    },
  })

  async function devicesFor({ devices }: JobRow) {
    const { gpus, kinds } = await facts()
    if (gpus === 0) return { devices: 0, bf16: false }
    return { devices: devices ?? 1, bf16: !kinds.some((kind) => WITHOUT_BF16.includes(kind)) }
  }

  return {
    name: 'trl',

    async expectAble({ model, quantization }) {
      const { gpus } = await facts()
      expectFew(model)
      if (quantization === null || gpus > 0) return
      throw apiError(
        'invalid',
        'Weights of 4 bits (QLoRA) need an NVIDIA GPU, and the cluster has none: train by "lora".',
        { code: 'unsupported_parameter', param: 'limerick.method' },
      )
    },

    find: runs.find,
    start: (job, order) => runs.start(job, order, () => devicesFor(job)),
    noteSpeed: async () => undefined,
    noteMemory: async () => undefined,

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
