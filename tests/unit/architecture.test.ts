import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allImports, type Import, importsIn } from '../support/imports.ts'

/**
 * Who may import whom. A room may always import itself; what a row does not name, it may not.
 * This table is also the map of the house for whoever is new in it.
 */
const EACH = ['core', 'i18n', 'db', 'http', 'env', 'disk']
const ROOMS: Record<string, string[]> = {
  // An error is made from the catalogue: its English goes to programs and to the log.
  core: ['i18n'],
  demo: [],
  domain: ['demo'],
  tokens: [],
  i18n: [],
  db: ['core', 'disk'],
  env: [],
  disk: ['core'],
  http: ['core', 'i18n', 'disk'],
  'training-data': ['core', 'tokens'],
  auth: EACH,
  providers: ['domain', 'core', 'i18n', 'env', 'db', 'http'],
  datasets: ['domain', 'training-data', 'tokens', 'providers', ...EACH],
  archive: ['datasets', ...EACH],
  views: EACH,
  help: EACH,
  jobs: ['archive', 'datasets', 'providers', 'training-data', ...EACH],
  models: ['jobs', 'datasets', 'providers', ...EACH],
  playground: ['models', 'jobs', 'datasets', 'providers', 'training-data', ...EACH],
  evals: ['domain', 'playground', 'models', 'jobs', 'datasets', 'providers', 'training-data', ...EACH],
  home: ['evals', 'playground', 'models', 'jobs', ...EACH],
  storage: ['evals', 'playground', 'models', 'jobs', 'datasets', 'providers', ...EACH],
  rescue: ['evals', 'jobs', 'archive', 'providers', ...EACH],
  gateway: ['auth', 'models', 'providers', ...EACH],
  engine: ['core', 'training-data', 'tokens', 'db', 'disk'],
}
/** The processes' beginnings reach everything of the studio; the engine only as a child process. */
const BEGINNINGS = new Set(['launch', 'start'])

/** Addresses that keep the name that their room had: people call them. */
const OLDER_ADDRESSES: Record<string, string> = { access: 'auth' }

/** What is seen, from the plainest to the whole: arrows go leftwards only. */
const SHELVES = ['ui', 'charts', 'rooms']

/** Files of lib that everything seen may use: pure, and about no room. */
const PLAIN = new Set(['lib/core/errors.ts', 'lib/core/lower-bound.ts'])

/** Files of a room that reach the disk, the database or the network: not for components. */
const GUARDED = new Set(
  globSync('lib/**/*.ts')
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /import 'server-only'/.test(readFileSync(file, 'utf8'))),
)

/** Where the demo's subject may be named: its own rooms, their plug, texts, and what a base model or a table is made of. */
const KNOWS_THE_DEMO =
  /^(lib|components)\/(demo|domain)\/|^lib\/(i18n|engine\/base(-build)?|db\/migrations|training-data\/rules\/docs)\//

/**
 * Words of the demo. The product's own name is none of them: "Limerick" alone, `LIMERICK_…`, `limerick-…`, and
 * `limerick` as a field of an answer, an owner or a key.
 */
const DEMO_WORDS = [
  /\belle\b/i,
  /[a-z]Elle(?![a-z])/,
  /\blimericks\b/i,
  /\b(?:an?|the|no|one|every|each|as|of|is) limerick\b/,
  /[a-z]Limerick|Limerick[A-Z]|\blimerick[A-Z]|\bLIMERICK\b|\bkind: 'limerick'|\bcase 'limerick'/,
  /\b(?:chemical|unseen) elements?\b|\bperiodic table\b|elementFact|element-fact|elementSymbol|ELEMENT_/i,
  /\bverses?\b|\brhym|\bAABBA\b/i,
]

/** Lines of a file that name the demo's subject. */
const demoWordsIn = (file: string, source: string): string[] =>
  KNOWS_THE_DEMO.test(file)
    ? []
    : source
        .split('\n')
        .filter((line) => DEMO_WORDS.some((word) => word.test(line)))
        .map((line) => `${file}: ${line.trim()}`)

const roomOf = (file: string): string => {
  const [, first = ''] = file.split('/')
  return first.replace(/\.(ts|js)$/, '')
}

const shelfOf = (file: string): string => {
  const room = roomOf(file)
  return room === 'ui' || room === 'charts' ? room : 'rooms'
}

const isOurs = (file: string): boolean => /^(app|components|lib)\//.test(file)

function strangerInLib({ from, to }: Import): string | null {
  const [room, guest] = [roomOf(from), roomOf(to)]
  if (!to.startsWith('lib/')) return `${from} must not reach up to ${to}`
  if (room === guest) return null
  if (BEGINNINGS.has(room)) return guest === 'engine' ? `${from} must not load the engine (${to})` : null
  return ROOMS[room]?.includes(guest) ? null : `${room} may not import ${guest}: ${from} → ${to}`
}

function strangerInComponents({ from, to, typeOnly }: Import): string | null {
  if (to.startsWith('app/')) return `${from} must not reach up to ${to}`
  if (to.startsWith('components/')) {
    if (roomOf(to) === 'demo' && !['demo', 'domain'].includes(roomOf(from)))
      return `${from} knows the demo (${to})`
    return SHELVES.indexOf(shelfOf(to)) <= SHELVES.indexOf(shelfOf(from))
      ? null
      : `${from} → ${to} goes rightwards`
  }
  const plain = PLAIN.has(to) || roomOf(to) === 'i18n'
  if (shelfOf(from) !== 'rooms' && !plain) return `${from} knows a room of lib (${to})`
  if (roomOf(to) === 'engine') return `${from} knows the engine (${to})`
  if (roomOf(to) === 'demo' && roomOf(from) !== 'demo') return `${from} knows the demo (${to})`
  return !typeOnly && GUARDED.has(to) ? `${from} imports server code (${to})` : null
}

function strangerInApp({ from, to }: Import): string | null {
  if (roomOf(to) === 'demo') return `${from} knows the demo`
  if (!from.startsWith('app/api/'))
    return roomOf(to) === 'engine' && to.startsWith('lib/') ? `${from} knows the engine` : null
  if (to.startsWith('components/')) return `${from} is a route and must not import ${to}`
  const segment = from.split('/')[2] ?? ''
  const room = OLDER_ADDRESSES[segment] ?? segment
  const allowed = [
    'http',
    'core',
    room,
    ...(ROOMS[room] ? [] : Object.keys(ROOMS).filter((name) => name !== 'engine')),
    // What its room answers may have the shape of a room below.
    ...(to.endsWith('schema.ts') ? (ROOMS[room] ?? []) : []),
  ]
  return to.startsWith('app/') || allowed.includes(roomOf(to))
    ? null
    : `${from} may import lib/http and lib/${room}, not ${to}`
}

const stranger = (line: Import): string | null => {
  if (!isOurs(line.to)) return null
  if (line.from.startsWith('lib/')) return strangerInLib(line)
  return line.from.startsWith('components/') ? strangerInComponents(line) : strangerInApp(line)
}

const strangers = (lines: Import[]): string[] => lines.map(stranger).filter((found) => found !== null)

describe('who may import whom', () => {
  test('every import of the house is in the table', () => {
    const lines = allImports()
    expect(lines.length).toBeGreaterThan(100)
    expect(strangers(lines)).toEqual([])
  })

  test.each([
    ['lib/training-data/rules.ts', "import { studio } from '#lib/db/studio.ts'"],
    ['lib/datasets/save.ts', "import { launchJob } from '#lib/jobs/launch.ts'"],
    ['lib/engine/app.ts', "import { env } from '#lib/env.ts'"],
    ['lib/jobs/sync-loop.ts', "import { runner } from '../engine/runner.ts'"],
    ['lib/http/fetch.ts', "import { toast } from '#components/ui/toast.tsx'"],
    ['lib/launch.ts', "const app = await import('./engine/app.ts')"],
    ['components/ui/button.tsx', "import type { Job } from '#lib/jobs/schema.ts'"],
    ['components/charts/loss-chart.tsx', "import { JobTile } from '#components/jobs/job-tile.tsx'"],
    ['components/datasets/editor.tsx', "import { studio } from '#lib/db/studio.ts'"],
    ['components/jobs/job-tile.tsx', "import { elementSymbol } from '#lib/demo/elements.ts'"],
    ['components/playground/pane.tsx', "import { VerseLines } from '#components/demo/limerick-lines.tsx'"],
    ['app/page.tsx', "import { SAMPLES } from '#lib/demo/samples.ts'"],
    ['app/api/datasets/route.ts', "import { listJobs } from '#lib/jobs/list.ts'"],
  ])('a planted stranger is found: %s', (file, source) => {
    expect(strangers(importsIn(file, source))).toHaveLength(1)
  })

  test('only the demo knows its subject', () => {
    const files = globSync('{lib,components}/**/*.{ts,tsx,js}').map((file) => file.replaceAll('\\', '/'))
    expect(files.flatMap((file) => demoWordsIn(file, readFileSync(file, 'utf8')))).toEqual([])
  })

  test.each([
    "const isElle = sample === 'elle'",
    "const grader = { kind: 'limerick' }",
    'export const limerickQuery = (answer: string) => ({})',
    '/** Whether a text is a limerick. */',
    '/** Symbol of the chemical element that a question names. */',
    'const symbol = elementSymbol(number)',
  ])('a word of the demo is found: %s', (line) => {
    expect(demoWordsIn('lib/evals/queries.ts', line)).toHaveLength(1)
  })

  test.each([
    'Limerick is starting.',
    'const seconds = data.limerick?.seconds',
    "export const SHIPPED = 'limerick-base'",
    "type Told = z.infer<typeof Told>['limerick']",
    'LIMERICK_DATA: z.string()',
    'const box = useRef<HTMLElement>(null)',
  ])("the product's name and other elements are no words of the demo: %s", (line) => {
    expect(demoWordsIn('lib/evals/queries.ts', line)).toEqual([])
  })

  test('no import names a file that is not there', () => {
    const missing = allImports().filter(({ to }) => isOurs(to) && !existsSync(to))
    expect(missing).toEqual([])
  })

  test('no page or layout is a client component', () => {
    const pages = globSync('app/**/{page,layout}.tsx')
    expect(pages.length).toBeGreaterThan(3)
    expect(pages.filter((file) => /^['"]use client/.test(readFileSync(file, 'utf8')))).toEqual([])
  })

  test('what a change does to the query cache is said in lib: no page can replace it', () => {
    const saying = (files: string, words: RegExp) =>
      globSync(files).filter((file) => words.test(readFileSync(file, 'utf8')))
    expect(saying('components/**/*.{ts,tsx}', /\bonSettled\b/)).toEqual([])
    expect(saying('lib/**/*{queries,mutation,mutations}.ts', /\bon(Success|Error|Mutate)\b/)).toEqual([])
    expect(saying('lib/**/*{queries,mutation,mutations}.ts', /\bonSettled\b/).length).toBeGreaterThan(3)
  })

  test('pages write no text of their own direction: only logical utilities', () => {
    const physical =
      /(?<![\w-])-?(?:m[lr]|p[lr]|left|right|border-[lr]|rounded-(?:[lr]|tl|tr|bl|br))-|text-(?:left|right)\b/
    const lines = globSync('{app,components}/**/*.tsx').flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /className|cn\(/.test(line) && physical.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(lines).toEqual([])
  })
})
