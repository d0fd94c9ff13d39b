import { isErrorKey } from '#lib/i18n/error-words.ts'

/** Owner of each table of the studio: the only room whose stores may use it. */
export const OWNERS: Record<string, string[]> = {
  datasets: ['datasets', 'dataset_rows', 'dataset_steps', 'dataset_versions', 'uploads'],
  jobs: ['jobs', 'job_states', 'job_events', 'job_checkpoints', 'job_points', 'job_tags', 'waiting_launches'],
  providers: [
    'connections',
    'prices',
    'chat_prices',
    'spend_limits',
    'spend',
    'provider_holds',
    'daily_limits',
  ],
  models: ['aliases', 'alias_history', 'alias_calls', 'deleted_models'],
  playground: ['comparisons', 'answers', 'votes'],
  evals: ['evals', 'eval_rows', 'eval_cells', 'eval_answers', 'eval_fixes', 'eval_sweeps'],
  auth: ['caller_keys'],
  gateway: ['door_calls'],
  archive: ['archive_items', 'archive_parts'],
  rescue: ['rescues'],
  views: ['saved_views'],
  home: ['shutdown_dates'],
}

/** The engine has its own database, with some of the same table names. */
export const ENGINE = [
  'files',
  'uploads',
  'parts',
  'jobs',
  'events',
  'checkpoints',
  'speeds',
  'deleted',
  'trl_measures',
]

const TABLES = [...new Set([...Object.values(OWNERS).flat(), ...ENGINE])].join('|')

/** Keys of the catalogue look like columns: `new AppError('conflict', 'jobs.none')`. */
const withoutErrorKeys = (code: string): string =>
  code.replace(/'([\w.]+)'/g, (quoted, key: string) => (isErrorKey(key) ? '' : quoted))

const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm

/** `selectFrom('jobs as job')`, `innerJoin(\n'jobs'`, `selectFrom(['jobs', 'spend'])`, `UpdateObject<StudioTables, 'jobs'>`. */
const LISTS = [
  /\b(?:selectFrom|insertInto|replaceInto|mergeInto|updateTable|deleteFrom|from|using|table|\w+Join)\(\s*(\[[^\]]*\]|['`][^'`]*['`])/g,
  /\bStudioTables(?:\[|, )([^>\]]*)/g,
]
const QUOTED = new RegExp(`['\`](${TABLES})(?: as [^'\`]+)?['\`]`, 'g')

const SQL = [
  // Keywords that only SQL has.
  `\\b(?:join|(?:insert|replace)(?: or \\w+)? into|delete from)\\s+"?(${TABLES})\\b`,
  `\\bupdate(?: or \\w+)?\\s+"?(${TABLES})"?\\s+(?:as \\w+\\s+)?(?:indexed by \\w+\\s+)?set\\b`,
  // "from" is English too.
  `(?<=\\bselect\\b[^;]{0,1000})\\bfrom\\s+(?:[\\w" ]+,\\s*)*"?(${TABLES})\\b`,
  // Columns of Kysely.
  `'(${TABLES})\\.\\w+(?: as \\w+)?'`,
].map((pattern) => new RegExp(pattern, 'gi'))

const isDatabaseCode = /from 'kysely'|\bStudioTables\b|\bstudio\(|\bdb\b|\.prepare\(/

/** The tables that a source text uses in Kysely or SQL. */
export function tablesNamedIn(source: string): string[] {
  const code = withoutErrorKeys(source.replace(COMMENTS, ''))
  if (!isDatabaseCode.test(code)) return []
  const listed = LISTS.flatMap((pattern) => [...code.matchAll(pattern)])
  const quoted = listed.flatMap(([, names = '']) => [...names.matchAll(QUOTED)])
  const named = SQL.flatMap((pattern) => [...code.matchAll(pattern)])
  return [...new Set([...quoted, ...named].flatMap(([, table]) => table?.toLowerCase() ?? []))].sort()
}
