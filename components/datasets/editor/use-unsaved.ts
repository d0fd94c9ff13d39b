'use client'
import { useMemo } from 'react'
import type { Drafts } from './use-drafts.ts'

/** The rows that have a draft: the same set until another row is typed in or saved. */
export function useUnsaved(drafts: Drafts['drafts']): ReadonlySet<string> {
  const ids = Object.keys(drafts).join(' ')
  return useMemo(() => new Set(ids.split(' ').filter(Boolean)), [ids])
}
