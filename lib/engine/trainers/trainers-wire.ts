import { totalmem } from 'node:os'
import { freeSpace } from '#lib/disk/space.ts'
import { memoryForTraining } from '../memory.ts'
import type { TorchAnswers } from '../settings.ts'
import type { WireCluster, WireEnvironment, WireTrainer, WireTrainers } from '../wire.ts'
import type { TrainerFacts } from './contract.ts'
import type { Probe } from './python.ts'
import { devicesOf, IDLE, noQuantization, taken } from './trl.ts'

interface Parts {
  /** null: it is being asked. */
  probe: Probe | null
  cluster: WireCluster | null
  environment: WireEnvironment
  torchAnswers: TorchAnswers
  memoryLimit: number | null
  threads: number
  /** The engine's folder. */
  root: string
}

const NOTHING = {
  ...{ problem: null, versions: {}, missing: [], devices: [], cuda: null, bf16: false, problems: [] },
  methods: [],
  answers: 'none',
} satisfies Partial<WireTrainer>

/** Of a ready environment. */
function answersOf(setting: TorchAnswers, { devices }: TrainerFacts): WireTrainer['answers'] {
  if (setting === 'always') return 'all'
  return setting === 'auto' && devices.length > 0 ? 'large' : 'none'
}

function factsIn(probe: Probe | null, torchAnswers: TorchAnswers): Omit<WireTrainer, 'name' | 'cpu'> {
  if (probe === null) return { ...NOTHING, state: 'asking' }
  if ('problem' in probe) {
    const { state, problem, missing = [], versions = {} } = probe
    return { ...NOTHING, state, problem, missing: [...missing], versions }
  }
  const { facts } = probe
  const devices = devicesOf(facts).map((device) => ({
    name: device.name,
    memory: device.memory,
    free: device.free ?? null,
    capability: device.capability ?? null,
    driver: device.driver ?? null,
    idle: taken(device) < IDLE,
  }))
  const methods: WireTrainer['methods'] = [
    { name: 'full', missing: null },
    { name: 'lora', missing: null },
    { name: 'qlora', missing: noQuantization(facts) },
  ]
  const { versions, cuda = null, bf16, problems } = facts
  return {
    ...NOTHING,
    state: 'ready',
    versions,
    devices,
    cuda,
    bf16,
    methods,
    problems,
    answers: answersOf(torchAnswers, facts),
  }
}

/** All trainers, with what they can use. */
export async function trainersOnWire({
  probe,
  cluster,
  environment,
  torchAnswers,
  memoryLimit,
  threads,
  root,
}: Parts): Promise<Omit<WireTrainers, 'vllm'>> {
  const memory = Math.min(totalmem(), memoryLimit ?? Infinity)
  const cpu = { threads, memory, free: memoryForTraining(memoryLimit) }
  const methods: WireTrainer['methods'] = [
    { name: 'full', missing: null },
    { name: 'lora', missing: null },
  ]
  return {
    object: 'list',
    data: [
      { ...NOTHING, name: 'onnx', state: 'ready', methods, cpu },
      { ...factsIn(probe, torchAnswers), name: 'trl', cpu },
    ],
    ...{ cluster, environment },
    disk: await freeSpace(root),
  }
}
