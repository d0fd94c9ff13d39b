import { apiError, unsupported } from '../api-error.ts'
import { factsOf, SHIPPED } from '../base-models.ts'
import { clusterTrainer } from '../cluster/trainer.ts'
import type { JobRow } from '../job-wire.ts'
import { automaticMethod } from '../model/defaults.ts'
import type { ModelStore, UsableModel } from '../models.ts'
import type { ClusterSettings, EnvironmentSettings, TorchAnswers } from '../settings.ts'
import type { Disk } from '../storage.ts'
import type { LauncherName, TrainerName, Tuning } from '../tables.ts'
import type { SpeedBook } from '../throughput.ts'
import type { Tokenizers } from '../tokenizers.ts'
import { torchServer } from '../torch.ts'
import type { WireEnvironment, WireTraining } from '../wire.ts'
import { createEnvironment } from './environment.ts'
import { trlProbe } from './python.ts'
import { onlyTrl, onnxTrainer, type Trainer, type Wanted } from './trainer.ts'
import { trainersOnWire } from './trainers-wire.ts'
import type { Training } from './training.ts'
import { trlTrainer } from './trl.ts'
import type { TrlMeasures } from './trl-measures.ts'

interface Parts {
  disk: Disk
  models: ModelStore
  memoryLimit: number | null
  /** A Python interpreter for trl, or null. */
  python: string | null
  /** Where one is made on request; null: none can be. */
  environment: EnvironmentSettings | null
  /** A cluster for trl, or null. */
  cluster: ClusterSettings | null
  /** Of the processor, for all processes of a training. */
  threads: number
  speeds: SpeedBook
  measures: TrlMeasures
  tokenizers: Pick<Tokenizers, 'read'>
  torchAnswers: TorchAnswers
  /** Whether trl trains on this computer. */
  isTraining: () => boolean
}

/** What a job asks for; absent: as the engine chooses. */
interface Asked {
  trainer?: TrainerName | undefined
  launcher?: LauncherName | undefined
  devices?: number | null | undefined
}

const NO_CLUSTER =
  'This job asks for a cluster; none is set up: set LIMERICK_RAY and LIMERICK_CLUSTER_DIR, then start Limerick again.'

const NO_ENVIRONMENT: WireEnvironment = { state: 'given', doing: null, problem: null, bytes: 0 }

/** @throws AppError `invalid` for what the built-in trainer does not have */
function expectTrl({ launcher, devices }: Asked): void {
  if (launcher === 'ray')
    throw unsupported(
      'limerick.launcher',
      'Only the trl trainer trains on a cluster; the built-in one, here.',
    )
  if ((devices ?? null) !== null)
    throw unsupported(
      'limerick.devices',
      'The built-in trainer uses the processor: leave it out, or use trl.',
    )
}

/** All that can train here. */
export function createTrainers({
  disk,
  models,
  memoryLimit,
  python: given,
  environment: settings,
  cluster,
  threads,
  speeds,
  measures,
  tokenizers,
  torchAnswers: answers,
  isTraining,
}: Parts) {
  const onnx = onnxTrainer(memoryLimit, speeds, models)
  const environment =
    settings &&
    createEnvironment(settings, given, () => {
      probe.peek(true)
    })
  const python = (): string | null => (environment ? environment.python() : given)
  const probe = trlProbe(python)
  const torch = torchServer({ answers, python, probe, tokenizers, isTraining })
  const { release } = torch
  const trl = trlTrainer({ disk, models, python, probe, threads, memoryLimit, measures, release })
  const ray = cluster && clusterTrainer({ disk, models, cluster })

  /** A GPU is faster than the built-in trainer's processor, but for a model that is trained in seconds. */
  const preferred = async ({ model }: Wanted): Promise<Trainer[]> =>
    python() !== null && models.baseOf(model.name) !== SHIPPED && (await trl.hasDevice())
      ? [trl, onnx]
      : [onnx]

  async function here({ trainer, devices }: Asked, wanted: Wanted): Promise<TrainerName> {
    const named = trainer ?? ((devices ?? null) === null ? undefined : 'trl')
    const candidates = named ? [named === 'trl' ? trl : onnx] : await preferred(wanted)
    let refusal: unknown
    for (const candidate of candidates)
      try {
        await candidate.expectAble(wanted)
        return candidate.name
      } catch (thrown) {
        refusal = thrown
      }
    throw refusal
  }

  /** @throws AppError `invalid` if no cluster is set up any more */
  function onCluster() {
    if (ray) return ray
    throw apiError('invalid', NO_CLUSTER, { code: 'cluster_not_available', param: 'limerick.launcher' })
  }

  /** The one that a job has been given to. @throws AppError `invalid` if its cluster is not set up any more */
  function of({ trainer, launcher }: Pick<JobRow, 'trainer' | 'launcher'>): Trainer {
    if (launcher === 'ray') return onCluster()
    return trainer === 'trl' ? trl : onnx
  }

  return {
    of,

    hasCluster: ray !== null,

    /** The training that an earlier engine has begun and whose end is not known yet; null: there is none, or it is out of reach. */
    find: async (job: JobRow): Promise<Training | null> =>
      job.launcher === 'ray' && ray === null ? null : of(job).find(job),

    /**
     * What trains a new job, and where: as it asks, or here by the first that can.
     * @throws AppError `invalid` that says why it cannot be trained
     */
    async choose(
      asked: Asked,
      wanted: Wanted,
    ): Promise<Pick<JobRow, 'trainer' | 'launcher' | 'devices' | 'cluster_json'>> {
      if (asked.trainer === 'onnx') expectTrl(asked)
      const devices = asked.devices ?? null
      if (asked.launcher !== 'ray')
        return { trainer: await here(asked, wanted), launcher: 'local', devices, cluster_json: null }
      await onCluster().expectAble(wanted)
      const cluster_json = JSON.stringify(await onCluster().kind())
      return { trainer: 'trl', launcher: 'ray', devices: devices ?? 1, cluster_json }
    },

    /** What can train here, at once: what is still being asked says so. @param refresh asks again */
    list: (refresh: boolean) =>
      trainersOnWire({
        probe: probe.peek(refresh),
        cluster: ray ? ray.state(refresh) : null,
        environment: environment?.state() ?? NO_ENVIRONMENT,
        ...{ memoryLimit, threads, torchAnswers: answers, root: disk.root },
      }),

    environment,

    /** What answers where this Python environment does it better. */
    torch,

    /**
     * What a trainer takes to train a model here.
     * @param asked absent: the method that a job would use
     * @throws AppError `invalid` if it is not there, or cannot train by that method
     */
    async needs(trainer: TrainerName, model: UsableModel, asked?: Tuning): Promise<WireTraining> {
      if (trainer === 'trl')
        return trl.needs(model, asked ?? automaticMethod(factsOf(model.folder).parameters))
      if (asked === 'qlora') throw onlyTrl('method')
      return models.training(model, asked)
    },
  }
}
export type Trainers = ReturnType<typeof createTrainers>
