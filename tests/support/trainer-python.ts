/** The Python that the package in `trainer/` is tested with: its pinned requirements, installed once outside the checkout. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

const REQUIREMENTS = path.resolve('trainer/requirements-ray.txt')

/** ms. Five gigabytes are unpacked; a silent package index must not hold the tests. */
const PATIENCE = 900_000

const succeeds = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: PATIENCE }).status === 0

/** @returns null where Python 3.11 or newer, pip or its index is not there */
export function prepareTrainerPython(): string | null {
  const version = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16)
  const folder = path.join(homedir(), '.cache', 'limerick', `trainer-${version}`)
  const python = path.join(folder, 'bin', 'python')
  const complete = path.join(folder, 'complete')
  if (existsSync(complete)) return python
  rmSync(folder, { recursive: true, force: true })
  const pip = (...args: string[]) => succeeds(python, '-m', 'pip', 'install', '--quiet', ...args)
  const isMade =
    succeeds('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 11))') &&
    succeeds('python3', '-m', 'venv', folder) &&
    pip('--require-hashes', '-r', REQUIREMENTS) &&
    pip('pytest')
  if (!isMade) return null
  writeFileSync(complete, '')
  return python
}

if (import.meta.main)
  console.log(prepareTrainerPython() ?? 'It could not be made: Python 3.11, pip or its index is missing.')
