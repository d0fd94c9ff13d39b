'use client'
import { useQueryStates } from 'nuqs'
import { useCallback, useMemo } from 'react'
import { addressOf, type RunView, runAddress, viewOf } from './address.ts'

export function useView(): [RunView, (part: Partial<RunView>) => void] {
  const [address, write] = useQueryStates(runAddress)
  const view = useMemo(() => viewOf(address), [address])
  const change = useCallback((part: Partial<RunView>) => void write(addressOf(part)), [write])
  return [view, change]
}
