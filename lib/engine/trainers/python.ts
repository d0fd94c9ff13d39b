/** The programs of `limerick_trainer`, which runs Hugging Face's TRL: what they are called with, and what they can do. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { childEnv } from '#lib/core/child-env.ts'
import { withoutPaths } from '../worker-process.ts'
import { type Device, TrainerFacts } from './contract.ts'
import type { Command } from './launcher.ts'
import type { RunFolder } from './run-folder.ts'

/** ms for a probe, which imports the libraries. */
const PROBE = 120_000

/** The package of this repository: an interpreter needs its libraries only. */
const PACKAGE = fileURLToPath(new URL('../../../trainer', import.meta.url))

const MODULE = ['-m', 'limerick_trainer']

/** Nothing is fetched, and nobody is told: models are folders of this computer. */
const OFFLINE = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_DATASETS_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
  WANDB_MODE: 'disabled',
  TOKENIZERS_PARALLELISM: 'false',
  PYTHONUNBUFFERED: '1',
  PYTHONPATH: PACKAGE,
}

/** One process trains on one device; torchrun starts one for each of several. */
const argvOf = (python: string, run: RunFolder, processes: number): string[] => {
  const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', String(processes)]
  return [python, ...(processes > 1 ? torchrun : []), ...MODULE, 'train', run.root]
}

/**
 * @param devices GPUs; none: the processor
 * @param threads of the processor, for each process; fixed, because another number gives other last bits
 */
export const trlCommand = (
  python: string,
  run: RunFolder,
  { devices, threads }: { devices: readonly Device[]; threads: number },
): Command => ({
  argv: argvOf(python, run, devices.length),
  env: {
    PATH: process.env.PATH ?? '',
    HOME: run.root,
    ...OFFLINE,
    OMP_NUM_THREADS: String(threads),
    CUDA_VISIBLE_DEVICES: devices.map(({ uuid, index }) => uuid ?? String(index)).join(','),
  },
  yields: devices.length === 0,
})

/** A trainer that is there, or why it is not, as a clause. */
export type Probe = { facts: TrainerFacts } | { problem: string }

const NO_PYTHON =
  'no Python environment with limerick_trainer is set up: set LIMERICK_PYTHON to the interpreter of one, then start Limerick again'

const lastLineOf = (text: string): string => withoutPaths(text.trim().split('\n').at(-1)?.trim() ?? '')

async function ask(python: string): Promise<Probe> {
  try {
    const { stdout } = await promisify(execFile)(python, [...MODULE, 'probe'], {
      env: childEnv(OFFLINE),
      timeout: PROBE,
    })
    const facts = TrainerFacts.safeParse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
    if (facts.success) return { facts: facts.data }
    return { problem: 'the trainer of LIMERICK_PYTHON is of another version, and does not fit this engine' }
  } catch (thrown) {
    const { code, stderr = '' } = thrown as { code?: string | number; stderr?: string }
    const why = lastLineOf(stderr) || `it ends with ${code ?? 'nothing to say'}`
    return { problem: `the interpreter of LIMERICK_PYTHON cannot run limerick_trainer: ${why}` }
  }
}

/**
 * Asks an interpreter what it can do; a failure is asked again, for it may have been mended.
 * @returns takes `anew` where it matters which devices are free right now
 */
export function trlProbe(python: string | null): (anew?: boolean) => Promise<Probe> {
  let known: Promise<Probe> | null = null
  return async (anew = false) => {
    if (python === null) return { problem: NO_PYTHON }
    if (process.platform === 'win32') return { problem: 'it runs on Linux and macOS only' }
    if (anew || known === null) known = ask(python)
    const found = await known
    if ('problem' in found) known = null
    return found
  }
}
