'use client'
import { useTranslations } from 'use-intl'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Note } from '#components/ui/note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { ModelSource } from '#lib/models/library-schema.ts'
import { roughly } from './roughly.ts'

interface SourceProps {
  source: ModelSource
  /** Bytes of memory of this computer. */
  memory: number | undefined
}

function Needs({ source: { facts }, memory }: SourceProps) {
  const format = useFormat()
  const { bytes, compact, count } = format
  const t = useTranslations('library.source')
  if (!facts) return null
  const needed = bytes(facts.memory)
  return (
    <>
      <Fact label={t('family')}>{facts.family}</Fact>
      <Fact label={t('parameters')}>{compact(facts.parameters)}</Fact>
      <Fact label={t('context')}>{t('tokens', { count: count(facts.context) })}</Fact>
      <Fact label={t('memory')}>
        {memory ? t('memoryOf', { memory: needed, total: bytes(memory) }) : t('about', { time: needed })}
      </Fact>
      <Fact label={t('time')}>{t('about', { time: roughly(facts.seconds, format) })}</Fact>
    </>
  )
}

/** Whether the disk has room for what a hub's model needs. */
export const hasRoom = ({ kind, bytes, free }: ModelSource): boolean =>
  kind === 'folder' || free === null || free > bytes

function Warnings({ source, memory }: SourceProps) {
  const t = useTranslations('library.source')
  const { problem, gated, facts } = source
  if (problem !== null)
    return (
      <Note tone="warn" live>
        <span className="wrap-anywhere">{t('problem', { problem })}</span>
      </Note>
    )
  if (!hasRoom(source)) return <Note tone="warn">{t('noRoom')}</Note>
  if (facts && memory && facts.memory > memory) return <Note tone="warn">{t('tight')}</Note>
  return gated ? <Note>{t('gated')}</Note> : null
}

/** Opens a model's page on the hub beside the studio. */
export function PageLink({ page }: { page: string }) {
  const t = useTranslations('library.source')
  return (
    <a
      href={page}
      target="_blank"
      rel="noreferrer"
      className="rounded-xs text-accent underline-offset-2 hover:underline"
    >
      {t('page')}
    </a>
  )
}

/** What is known of a model before it is added. */
export function SourceFacts({ source, memory }: SourceProps) {
  const { bytes } = useFormat()
  const t = useTranslations('library.source')
  const { kind, licence, files, free } = source
  const size = t('files', { bytes: bytes(source.bytes), count: files.length })
  return (
    <div className="grid gap-3">
      <Warnings source={source} memory={memory} />
      <div className="rounded-md border">
        <Facts>
          <Fact label={t(kind === 'hub' ? 'model' : 'folder')}>
            <bdi dir="ltr" className="wrap-anywhere whitespace-normal">
              {source.source}
            </bdi>
          </Fact>
          {kind === 'hub' && <Fact label={t('licence')}>{licence ?? t('unknownLicence')}</Fact>}
          <Fact label={t(kind === 'hub' ? 'size' : 'folderSize')}>{size}</Fact>
          {kind === 'hub' && free !== null && <Fact label={t('disk')}>{bytes(free)}</Fact>}
          <Needs source={source} memory={memory} />
        </Facts>
      </div>
    </div>
  )
}
