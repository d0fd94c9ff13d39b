'use client'
import { useMemo } from 'react'
import type { Drafts } from './use-drafts.ts'

/** Ids of rows with a draft; the same Set object until a row gains or loses its draft. */
export function useUnsaved(drafts: Drafts['drafts']): ReadonlySet<string> {
  const ids = Object.keys(drafts).join(' ')
  return useMemo(() => new Set(ids.split(' ').filter(Boolean)), [ids])
}
