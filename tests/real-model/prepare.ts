/**
 * Lays out what the tests in this folder need, where it can be had: node tests/real-model/prepare.ts
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Kept between runs; not in the repository. */
const CACHE = path.resolve('node_modules/.cache/real-model')

/** ms. A silent package index must not hold the tests. */
const PATIENCE = 600_000

const PYTHON = path.join(CACHE, 'python', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
const LLAMA = path.join(CACHE, 'llama')

/** Of the same release. Only the plain binary of this platform: with its optional packages it is 600 MB larger. */
const LLAMA_PACKAGES = ['node-llama-cpp@3.22.1', '@node-llama-cpp/linux-x64@3.22.1']

function succeeds(command: string, ...args: string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: PATIENCE })
  return status === 0
}

const pip = (...packages: string[]) => succeeds(PYTHON, '-m', 'pip', 'install', '--quiet', ...packages)

function model(): string | null {
  const folder = path.join(CACHE, 'SmolLM2-135M-Instruct')
  if (existsSync(path.join(folder, 'config.json'))) return folder // written last
  const made =
    succeeds('python3', '-m', 'venv', path.join(CACHE, 'python')) &&
    pip('numpy', 'gguf', 'safetensors') &&
    succeeds(PYTHON, path.join(here, 'make_model.py'), CACHE)
  return made ? folder : null
}

const torch = (): string | null => (pip('torch', 'transformers', 'peft') ? PYTHON : null)

function llama(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const flags = ['--omit=optional', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund']
  return succeeds('npm', 'install', '--prefix', LLAMA, ...flags, ...LLAMA_PACKAGES) ? LLAMA : null
}

/** Environment variables of the tests here; empty for what is left out. */
export interface RealModel {
  /** SmolLM2-135M-Instruct's folder. */
  LIMERICK_REAL_MODEL: string
  /** A Python with PyTorch, transformers and peft. */
  LIMERICK_TORCH: string
  /** A folder with node-llama-cpp. */
  LIMERICK_LLAMA: string
}

/** Takes three minutes the first time. @returns null where Python, pip or its index is not there */
export function prepareRealModel(): RealModel | null {
  const folder = model()
  if (folder === null) return null
  return { LIMERICK_REAL_MODEL: folder, LIMERICK_TORCH: torch() ?? '', LIMERICK_LLAMA: llama() ?? '' }
}

if (import.meta.main) {
  const found = prepareRealModel()
  for (const [name, value] of Object.entries(found ?? {})) console.log(`${name}=${value}`)
  if (!found) console.log('It could not be made: Python 3, pip or its index is missing.')
}
