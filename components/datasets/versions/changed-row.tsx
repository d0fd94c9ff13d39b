'use client'
import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import { WordDiff } from '#components/ui/word-diff.tsx'
import type { DiffRow } from '#lib/datasets/schema.ts'
import { readTurns, type Turn, turnListsOf } from '#lib/training-data/edit.ts'

/** A turn as text: its role, and its content or tool calls. */
interface Said {
  role: string
  words: string
}

const wordsOf = ({ value, raw }: Turn): string => (typeof value.content === 'string' ? value.content : raw)

function saidIn(line: string): Said[] | null {
  const turns = turnListsOf(line).flatMap((list) => readTurns(line, list) ?? [])
  if (turns.length === 0) return null
  return turns.map((turn) => ({ role: String(turn.value.role ?? ''), words: wordsOf(turn) }))
}

const pairs = (before: readonly Said[], after: readonly Said[]): [Said | undefined, Said | undefined][] =>
  Array.from({ length: Math.max(before.length, after.length) }, (_, index) => [before[index], after[index]])

const same = (a: Said | undefined, b: Said | undefined): boolean =>
  a?.role === b?.role && a?.words === b?.words

/** Word diffs of the turns that differ; unchanged turns are omitted. */
function Turns({ before, after }: { before: readonly Said[]; after: readonly Said[] }) {
  const differing = pairs(before, after).filter(([a, b]) => !same(a, b))
  return (
    <dl className="grid gap-x-3 gap-y-1.5 sm:grid-cols-[6rem_minmax(0,1fr)]">
      {differing.map(([a, b], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a turn is identified by its position
        <div key={index} className="contents">
          <dt className="text-3 text-meta sm:pt-0.5">
            <bdi>{b?.role ?? a?.role}</bdi>
          </dt>
          <dd className="min-w-0">
            <WordDiff before={a?.words ?? ''} after={b?.words ?? ''} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Difference({ row: { before, after } }: { row: DiffRow }) {
  const [was, is] = [saidIn(before ?? ''), saidIn(after ?? '')]
  const readable = (before === null || was) && (after === null || is)
  const turns = readable && !pairs(was ?? [], is ?? []).every(([a, b]) => same(a, b))
  if (turns) return <Turns before={was ?? []} after={is ?? []} />
  // The difference is not in the text: a weight, a tool, the JSON formatting.
  return (
    <div className="font-mono text-meta wrap-anywhere">
      <WordDiff before={before ?? ''} after={after ?? ''} />
    </div>
  )
}

/** A row that differs: the kind of change, and a word diff. */
export function ChangedRow({ row }: { row: DiffRow }) {
  const t = useTranslations('versions.diff')
  const [was, is] = row.splits
  return (
    <li className="grid gap-2 border-b px-4 py-3 last:border-b-0">
      <p className="flex flex-wrap items-center gap-2 text-meta">
        <Chip>{t(`kind.${row.change}`)}</Chip>
        {row.number !== null && (
          <span className="text-3 tabular-nums">{t('row', { number: row.number })}</span>
        )}
        {was && is && was !== is && <span className="text-3">{t('splits', { was: t(was), is: t(is) })}</span>}
      </p>
      {row.change !== 'moved' && <Difference row={row} />}
    </li>
  )
}
