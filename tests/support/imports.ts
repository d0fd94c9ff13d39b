import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** One import statement: its file, and the imported file or package. */
export interface Import {
  from: string
  to: string
  /** Imports only types: nothing is loaded at run time. */
  typeOnly: boolean
}

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g

const resolve = (from: string, specifier: string): string => {
  if (specifier.startsWith('#')) return specifier.slice(1)
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(from), specifier) : specifier
}

/** The imports in a source text. */
export function importsIn(from: string, source: string): Import[] {
  return [...source.matchAll(STATEMENT)].map(([, type, specifier, dynamic]) => ({
    from,
    to: resolve(from, specifier ?? dynamic ?? ''),
    typeOnly: type !== undefined,
  }))
}

/** All imports of the product's source files. */
export function allImports(): Import[] {
  return globSync('{app,components,lib}/**/*.{ts,tsx,js}')
    .map((file) => file.split(path.sep).join('/'))
    .flatMap((file) => importsIn(file, readFileSync(file, 'utf8')))
}
