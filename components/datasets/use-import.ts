'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { importFile } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

/** How far an import is. `share` 1 means that the bytes are there and the lines are being checked. */
export interface ImportState {
  name: string
  share: number
  error: unknown
}

/** Imports one file at a time, as a new dataset or into one. */
export function useImport(onDone: (dataset: DatasetSummary, file: File) => void, into?: string) {
  const queries = useQueryClient()
  const [state, setState] = useState<ImportState | null>(null)
  const start = async (file: File) => {
    const { name } = file
    setState({ name, share: 0, error: null })
    try {
      const dataset = await importFile(file, {
        into,
        onProgress: (share) => setState({ name, share, error: null }),
      })
      await queries.invalidateQueries({ queryKey: ['datasets'] })
      setState(null)
      onDone(dataset, file)
    } catch (error) {
      setState({ name, share: 0, error })
    }
  }
  return { state, start, clear: () => setState(null) }
}
