'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Panel } from '#components/ui/panel.tsx'
import { Page } from '../page.tsx'
import { PageHeader } from '../page-header.tsx'
import { crumbsOf, type Shape, shapeOf } from './shapes.ts'

const Bar = ({ className }: { className: string }) => (
  <span className={cn('block h-2 rounded-xs bg-base-soft', className)} />
)

const Box = ({ className }: { className: string }) => (
  <span className={cn('block h-8 rounded-md border bg-surface', className)} />
)

const times = (count: number, draw: (index: number) => ReactNode) =>
  Array.from({ length: count }, (_, index) => draw(index))

/** A head and lines under it. */
const Lines = ({ lines, className }: { lines: number; className?: string }) => (
  <Panel className={className}>
    <div className="flex h-11 items-center border-b px-4">
      <Bar className="w-32" />
    </div>
    <div className="grid gap-4 p-4">
      {times(lines, (line) => (
        <Bar key={line} className={line % 2 ? 'w-3/5' : 'w-4/5'} />
      ))}
    </div>
  </Panel>
)

const Rows = ({ rows }: { rows: number }) => (
  <Panel>
    {times(rows, (row) => (
      <div key={row} className="flex h-9 items-center gap-6 border-b px-4 last:border-b-0">
        <Bar className="w-40" />
        <Bar className="w-16" />
        <Bar className="hidden w-24 sm:block" />
        <Bar className="ms-auto hidden w-12 sm:block" />
      </div>
    ))}
  </Panel>
)

const pages: Record<Exclude<Shape, 'editor'>, ReactNode> = {
  home: (
    <>
      <Bar className="my-2.5 w-56" />
      <div className="grid gap-3 sm:gap-4 wide:grid-cols-[minmax(0,2.6fr)_minmax(0,1fr)]">
        <Lines lines={4} />
        <Lines lines={4} />
      </div>
      <Rows rows={6} />
    </>
  ),
  list: (
    <>
      <div className="flex gap-2">
        <Box className="w-full sm:w-72" />
        <Box className="hidden w-20 sm:block" />
        <Box className="hidden w-20 sm:block" />
      </div>
      <Rows rows={8} />
    </>
  ),
  form: (
    <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_25rem]">
      <div className="grid gap-3 sm:gap-4">
        <Box className="w-44" />
        <Lines lines={5} />
        <Lines lines={4} />
      </div>
      <Lines lines={6} />
    </div>
  ),
  board: (
    <>
      <Lines lines={3} />
      <div className="grid gap-3 sm:grid-cols-2 sm:gap-4">
        <Lines lines={7} />
        <Lines lines={7} />
      </div>
    </>
  ),
  panels: (
    <>
      <Lines lines={6} />
      <Lines lines={4} />
      <Lines lines={3} />
    </>
  ),
}

/** The list of rows beside the open one. */
const Split = () => (
  <>
    <div className="w-full shrink-0 border-e sm:w-80">
      {times(9, (row) => (
        <div key={row} className="grid h-14 content-center gap-2.5 border-b px-4">
          <Bar className="w-3/5" />
          <Bar className="w-4/5" />
        </div>
      ))}
    </div>
    <div className="hidden min-w-0 flex-1 content-start gap-4 p-(--gutter) sm:grid">
      <Lines lines={2} />
      <Lines lines={6} />
    </div>
  </>
)

/** What stands in place of a page until it arrives: its header, and its outline without words. */
export function RouteSkeleton({ path }: { path: string }) {
  const t = useTranslations('shell')
  const shape = shapeOf(path)
  return (
    <div
      data-opening={path}
      aria-busy="true"
      className="absolute inset-0 z-30 flex flex-col overflow-clip bg-canvas"
    >
      <span role="status" className="sr-only">
        {t('opening')}
      </span>
      <PageHeader crumbs={crumbsOf(path, t)} />
      <Page flush={shape === 'editor'} className="overflow-hidden!">
        <div aria-hidden="true" className={shape === 'editor' ? 'contents' : 'grid gap-3 sm:gap-4'}>
          {shape === 'editor' ? <Split /> : pages[shape]}
        </div>
      </Page>
    </div>
  )
}
