'use client'
import { useTranslations } from 'use-intl'
import { WordDiff } from '#components/ui/word-diff.tsx'
import type { ChangePreview } from '#lib/datasets/schema.ts'
import { Role } from '#lib/training-data/schema.ts'
import { type ChangedTurn, changedTurns } from './changed-turns.ts'

type Sample = ChangePreview['samples'][number]

/** Characters of a line shown around a change. */
const CONTEXT = 160
/** Characters shown of rows that are removed or added as a whole. */
const WHOLE = 600

const rowsIn = ({ before, after }: Sample): number => Math.max(before.length, after.length)

/** Line ends and byte order marks: the visible text is unchanged. */
const isUnseen = ({ before, after }: Sample): boolean =>
  after.length > 0 && before.join('\n') === after.join('\n')

const cut = (text: string) => (text.length > WHOLE ? `${text.slice(0, WHOLE)}…` : text)

/** Rows that are joined, split or deleted: shown as wholly removed and wholly added. */
function Whole({ before, after }: Pick<Sample, 'before' | 'after'>) {
  const t = useTranslations('ui.diff')
  return (
    <>
      <p dir="auto" className="people-text">
        <del className="rounded-xs bg-bad-soft text-bad line-through">
          <span className="sr-only">{t('removed')} </span>
          {cut(before.join('\n'))}
        </del>
      </p>
      {after.length > 0 && (
        <p dir="auto" className="people-text">
          <ins className="rounded-xs bg-ok-soft text-ok underline">
            <span className="sr-only">{t('added')} </span>
            {cut(after.join('\n'))}
          </ins>
        </p>
      )}
    </>
  )
}

/** The messages that a change of texts rewrites, in the words of the conversation. */
function Turns({ turns }: { turns: readonly ChangedTurn[] }) {
  const roles = useTranslations('datasets.turn.roles')
  return turns.map(({ role, before, after, index }) => (
    <div key={index} className="grid gap-x-3 font-sans text-body sm:grid-cols-[6rem_minmax(0,1fr)]">
      <span className="text-3 text-meta">{Role.safeParse(role).success ? roles(role as Role) : role}</span>
      <WordDiff before={before} after={after} context={CONTEXT} />
    </div>
  ))
}

function Change({ sample: { before, after, rules } }: { sample: Sample }) {
  const t = useTranslations('issues.change')
  const [from, to] = [before.join('\n'), after.join('\n')]
  if (after.length === 0 && from.trim() === '') return <p className="font-sans text-3">{t('blank')}</p>
  if (before.length !== after.length) return <Whole before={before} after={after} />
  const turns = rules.length === 0 ? changedTurns(from, to) : null
  if (turns) return <Turns turns={turns} />
  return <WordDiff before={from} after={to} context={CONTEXT} />
}

function Head({ sample: { number, before, after, rules } }: { sample: Sample }) {
  const t = useTranslations('issues.change')
  const titles = useTranslations('ruleTitles')
  const last = number + before.length - 1
  return (
    <h3 className="flex flex-wrap items-baseline gap-x-2 text-3 text-meta tabular-nums">
      <span>{last > number ? t('rows', { from: number, to: last }) : t('row', { number })}</span>
      {after.length === 0 && <span>{t('gone')}</span>}
      {rules.map((rule) => (
        <span key={rule}>{titles(rule)}</span>
      ))}
    </h3>
  )
}

/** The first changed rows, as one diff of before and after. */
export function ChangeSamples({ preview: { samples, changed, removed, added } }: { preview: ChangePreview }) {
  const t = useTranslations('issues.change')
  const more = changed + removed + added - samples.reduce((sum, sample) => sum + rowsIn(sample), 0)
  const seen = samples.filter((sample) => !isUnseen(sample))
  const unseen = samples.length - seen.length
  if (samples.length === 0) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section aria-label={t('samples')} tabIndex={0} className="rounded-md border">
      {seen.length > 0 && (
        <ol>
          {seen.map((sample) => (
            <li key={sample.number} className="grid gap-1 border-t px-3 py-2.5 first:border-t-0">
              <Head sample={sample} />
              <div className="font-mono text-meta leading-5">
                <Change sample={sample} />
              </div>
            </li>
          ))}
        </ol>
      )}
      {unseen > 0 && (
        <p className="border-t px-3 py-2.5 text-3 first:border-t-0">{t('bytesOnly', { count: unseen })}</p>
      )}
      {more > 0 && <p className="border-t px-3 py-2.5 text-3">{t('moreLike', { count: more })}</p>}
    </section>
  )
}
