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

  test('THIRD-PARTY.md is what the lockfile says', () => {
    expect(readFileSync('THIRD-PARTY.md', 'utf8')).toBe(thirdParty())
  })
})
