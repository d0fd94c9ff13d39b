import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { asking } from '#lib/http/fetch.ts'
import type { Alias, AliasDraft, ExportOffer, ModelRef } from './schema.ts'

const ask = asking(() => import('./schema.ts'))

export const modelsQuery = () =>
  queryOptions({
    queryKey: ['models'],
    queryFn: ({ signal }) => ask(({ ModelList }) => ModelList, '/api/models', { signal }),
    staleTime: 10_000,
  })

/** The table of models, with lineage and aliases. */
export const studioModelsQuery = () =>
  queryOptions({
    queryKey: ['models', 'table'],
    queryFn: ({ signal }) => ask(({ StudioModels }) => StudioModels, '/api/models/table', { signal }),
    staleTime: 5_000,
  })

/** Deletes several models; the answer names those that stay, and why. */
export const deleteModelsMutation = () =>
  mutationOptions({
    mutationFn: (models: readonly ModelRef[]) =>
      ask(({ ModelsDeleted }) => ModelsDeleted, '/api/models/deletion', { method: 'POST', body: { models } }),
    onSettled: (left, _error, _refs, _result, { client }) => {
      if (left) {
        const { refused: _, ...models } = left
        client.setQueryData(studioModelsQuery().queryKey, models)
      }
      void client.invalidateQueries({ queryKey: modelsQuery().queryKey, exact: true })
    },
  })

export const aliasesQuery = () =>
  queryOptions({
    queryKey: ['aliases'],
    queryFn: ({ signal }) => ask(({ Alias }) => Alias.array(), '/api/models/aliases', { signal }),
    staleTime: 5_000,
  })

/** The table of models shows the aliases too. */
const aliasMutation = <Wish>(mutationFn: (wish: Wish) => Promise<Alias[]>) =>
  mutationOptions({
    mutationFn,
    onSettled: (aliases, _error, _wish, _result, { client }) => {
      client.setQueryData(aliasesQuery().queryKey, aliases)
      void client.invalidateQueries({ queryKey: studioModelsQuery().queryKey })
    },
  })

const aliasAddress = (name: string) => `/api/models/aliases/${encodeURIComponent(name)}`

export const pointAliasMutation = () =>
  aliasMutation((body: AliasDraft) =>
    ask(({ Alias }) => Alias.array(), '/api/models/aliases', { method: 'POST', body }),
  )

export const rollBackMutation = () =>
  aliasMutation((name: string) =>
    ask(({ Alias }) => Alias.array(), `${aliasAddress(name)}/back`, { method: 'POST' }),
  )

export const removeAliasMutation = () =>
  aliasMutation((name: string) => ask(({ Alias }) => Alias.array(), aliasAddress(name), { method: 'DELETE' }))

/** One training step of a model of the built-in engine, once per page. */
export const measurementQuery = (body: ModelRef) =>
  queryOptions({
    queryKey: ['models', 'measurement', body],
    queryFn: ({ signal }) =>
      ask(({ Measurement }) => Measurement, '/api/models/measure', { method: 'POST', body, signal }),
    staleTime: Infinity,
    retry: false,
  })

/** The formats that a model can be taken away in. */
export const exportsQuery = ({ providerId, model }: ModelRef) =>
  queryOptions({
    queryKey: ['models', 'exports', providerId, model],
    queryFn: ({ signal }) =>
      ask(
        ({ ExportOffers }) => ExportOffers,
        `/api/models/exports?${new URLSearchParams({ providerId, model })}`,
        { signal },
      ),
    staleTime: 60_000,
  })

export const exportAddress = (
  { providerId, model }: ModelRef,
  { format, type }: Pick<ExportOffer, 'format' | 'type'>,
): string =>
  `/api/models/exports/file?${new URLSearchParams({ providerId, model, format, ...(type ? { type } : {}) })}`
