import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  version?: string
  license?: string
  dev?: boolean
  optional?: boolean
}

const HEAD = `# Third-party packages

What \`npm ci\` installs, from the lockfile. Packages used only for tests and checks are marked. Written by \`npm run third-party\`.

| package | version | licence | |
| --- | --- | --- | --- |
`

const row = ([path, { version = '', license = 'see package', dev, optional }]: [string, Entry]): string => {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const use = dev ? 'tests and checks' : optional ? 'some platforms' : ''
  return `| ${name} | ${version} | ${license} | ${use} |`
}

/** The list of everything the lockfile installs, as Markdown. */
export function thirdParty(): string {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, Entry>
  }
  const rows = Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(row)
  return `${HEAD}${[...new Set(rows)].sort().join('\n')}\n`
}

if (process.argv.includes('--write')) writeFileSync('THIRD-PARTY.md', thirdParty())
