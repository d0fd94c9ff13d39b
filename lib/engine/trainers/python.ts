/** The programs of `limerick_trainer`, which runs Hugging Face's TRL: what they are called with, and what they can do. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { childEnv } from '#lib/core/child-env.ts'
import { withoutPaths } from '../worker-process.ts'
import { keepAsking } from './asking.ts'
import { type Device, TrainerFacts } from './contract.ts'
import type { Command } from './launcher.ts'
import type { RunFolder } from './run-folder.ts'

/** ms for a probe, which imports the libraries. */
const PROBE = 120_000

/** The package of this repository: an interpreter needs its libraries only. */
export const PACKAGE = fileURLToPath(new URL('../../../trainer', import.meta.url))

export const MODULE = ['-m', 'limerick_trainer']

/** Nothing is fetched, and nobody is told: models are folders of this computer. */
export const OFFLINE = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_DATASETS_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
  WANDB_MODE: 'disabled',
  TOKENIZERS_PARALLELISM: 'false',
  PYTHONUNBUFFERED: '1',
}

/** Of the environment: the GPUs that a process may use; none: the processor. */
export const onlyGpus = (devices: readonly Device[]) => ({
  CUDA_VISIBLE_DEVICES: devices.map(({ uuid, index }) => uuid ?? String(index)).join(','),
})

/** One process trains on one device; torchrun starts one for each of several. */
const argvOf = (python: string, run: RunFolder, processes: number): string[] => {
  const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', String(processes)]
  return [python, ...(processes > 1 ? torchrun : []), ...MODULE, 'train', run.root]
}

/**
 * @param devices GPUs; none: the processor
 * @param threads of the processor, for each process; fixed, because another number gives other last bits
 * @param memoryFactor what an earlier job took, as a share of what was estimated
 */
export const trlCommand = (
  python: string,
  run: RunFolder,
  {
    devices,
    threads,
    memoryFactor = 1,
  }: { devices: readonly Device[]; threads: number; memoryFactor?: number },
): Command => ({
  argv: argvOf(python, run, devices.length),
  env: {
    PATH: process.env.PATH ?? '',
    HOME: run.root,
    ...OFFLINE,
    PYTHONPATH: PACKAGE,
    OMP_NUM_THREADS: String(threads),
    LIMERICK_MEMORY_FACTOR: String(memoryFactor),
    ...onlyGpus(devices),
  },
  yields: devices.length === 0,
})

/** Why a trainer is not there. `incomplete`: packages are missing; `broken`: its interpreter cannot run it. */
type Absence = 'unset' | 'system' | 'incomplete' | 'broken' | 'version'

/** A trainer that is there, or why it is not, as a clause. */
export type Probe =
  | { facts: TrainerFacts }
  | { problem: string; state: Absence; missing?: readonly string[]; versions?: TrainerFacts['versions'] }

const NO_PYTHON =
  'no Python environment with limerick_trainer is set up: make one on the Providers page, or set LIMERICK_PYTHON to the interpreter of one and start Limerick again'

const lastLineOf = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? ''

function factsIn(stdout: string): TrainerFacts | null {
  try {
    return TrainerFacts.parse(JSON.parse(lastLineOf(stdout)))
  } catch {
    return null
  }
}

function probeOf(facts: TrainerFacts | null): Probe {
  if (facts === null)
    return {
      problem: 'the trainer of LIMERICK_PYTHON is of another version, and does not fit this engine',
      state: 'version',
    }
  const { missing, versions } = facts
  if (missing.length === 0) return { facts }
  const problem = `the environment of LIMERICK_PYTHON lacks the Python packages ${missing.join(', ')}`
  return { problem, state: 'incomplete', missing, versions }
}

/** What a failed call has left. */
const Failed = z.object({
  code: z.union([z.string(), z.number()]).nullish(),
  stdout: z.string().catch(''),
  stderr: z.string().catch(''),
})

async function ask(python: string): Promise<Probe> {
  try {
    const { stdout } = await promisify(execFile)(python, [...MODULE, 'probe'], {
      env: childEnv({ ...OFFLINE, PYTHONPATH: PACKAGE }),
      timeout: PROBE,
    })
    return probeOf(factsIn(stdout))
  } catch (thrown) {
    const { code, stdout, stderr } = Failed.parse(thrown)
    const facts = factsIn(stdout)
    if (facts) return probeOf(facts)
    const why = withoutPaths(lastLineOf(stderr)) || `it ends with ${code ?? 'nothing to say'}`
    return {
      problem: `the interpreter of LIMERICK_PYTHON cannot run limerick_trainer: ${why}`,
      state: 'broken',
    }
  }
}

const absent = (python: string | null): Probe | null => {
  if (python === null) return { problem: NO_PYTHON, state: 'unset' }
  return process.platform === 'win32' ? { problem: 'it runs on Linux and macOS only', state: 'system' } : null
}

/** Asks an interpreter what it can do. */
export function trlProbe(python: () => string | null): ReturnType<typeof keepAsking<Probe>> {
  const asking = keepAsking(
    () => ask(python() ?? ''),
    (found) => 'problem' in found,
  )
  return {
    ask: async (refresh) => absent(python()) ?? asking.ask(refresh),
    peek: (refresh) => absent(python()) ?? asking.peek(refresh),
  }
}
export type TrlProbe = ReturnType<typeof trlProbe>
