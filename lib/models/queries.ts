import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import {
  Alias,
  type AliasDraft,
  type ExportOffer,
  ExportOffers,
  Measurement,
  ModelList,
  type ModelRef,
  StudioModels,
} from './schema.ts'

export const modelsQuery = () =>
  queryOptions({
    queryKey: ['models'],
    queryFn: ({ signal }) => ask(ModelList, '/api/models', { signal }),
    staleTime: 10_000,
  })

/** The table of models, with lineage and aliases. */
export const studioModelsQuery = () =>
  queryOptions({
    queryKey: ['models', 'table'],
    queryFn: ({ signal }) => ask(StudioModels, '/api/models/table', { signal }),
    staleTime: 5_000,
  })

export const aliasesQuery = () =>
  queryOptions({
    queryKey: ['aliases'],
    queryFn: ({ signal }) => ask(z.array(Alias), '/api/models/aliases', { signal }),
    staleTime: 5_000,
  })

const aliasAddress = (name: string) => `/api/models/aliases/${encodeURIComponent(name)}`

export const pointAlias = (body: AliasDraft) =>
  ask(z.array(Alias), '/api/models/aliases', { method: 'POST', body })

export const rollBack = (name: string) =>
  ask(z.array(Alias), `${aliasAddress(name)}/back`, { method: 'POST' })

export const removeAlias = (name: string) => ask(z.array(Alias), aliasAddress(name), { method: 'DELETE' })

export const deleteModel = ({ providerId, model }: ModelRef) =>
  ask(StudioModels, `/api/models?${new URLSearchParams({ providerId, model })}`, { method: 'DELETE' })

/** One training step of a model of the built-in engine, once per page. */
export const measurementQuery = (body: ModelRef) =>
  queryOptions({
    queryKey: ['models', 'measurement', body],
    queryFn: ({ signal }) => ask(Measurement, '/api/models/measure', { method: 'POST', body, signal }),
    staleTime: Infinity,
    retry: false,
  })

/** The formats that a model can be taken away in. */
export const exportsQuery = ({ providerId, model }: ModelRef) =>
  queryOptions({
    queryKey: ['models', 'exports', providerId, model],
    queryFn: ({ signal }) =>
      ask(ExportOffers, `/api/models/exports?${new URLSearchParams({ providerId, model })}`, { signal }),
    staleTime: 60_000,
  })

export const exportAddress = (
  { providerId, model }: ModelRef,
  { format, type }: Pick<ExportOffer, 'format' | 'type'>,
): string =>
  `/api/models/exports/file?${new URLSearchParams({ providerId, model, format, ...(type ? { type } : {}) })}`
