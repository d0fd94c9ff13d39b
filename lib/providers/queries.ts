import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { asking } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import type { AzureDeployment, AzureDeploymentDraft } from './azure-deploy-schema.ts'
import type {
  ChatPriceDraft,
  Connection,
  DeploymentDraft,
  Price,
  PriceDraft,
  PriceKey,
  ProviderWithHealth,
  SpendLimits,
} from './schema.ts'

const ask = asking(async () => ({
  ...(await import('./azure-deploy-schema.ts')),
  ...(await import('./schema.ts')),
  ...(await import('./trainers-schema.ts')),
}))

/** The providers and whether each answers. */
export const providersQuery = () =>
  queryOptions({
    queryKey: ['providers'],
    queryFn: ({ signal }) =>
      ask(({ ProviderWithHealth }) => ProviderWithHealth.array(), '/api/providers', { signal }),
  })

/** Like `providersQuery`, without the server's cache. */
export const checkProvidersMutation = () =>
  replacingMutation(providersQuery(), () =>
    ask(({ ProviderWithHealth }) => ProviderWithHealth.array(), '/api/providers?fresh=true'),
  )

/** Ends a provider's backoff and asks it again. */
export const releaseHoldMutation = () =>
  replacingMutation(providersQuery(), (providerId: string) =>
    ask(
      ({ ProviderWithHealth }) => ProviderWithHealth.array(),
      `/api/providers/hold?${new URLSearchParams({ providerId })}`,
      {
        method: 'DELETE',
      },
    ),
  )

/** Ends an engine that does not answer, and starts another one. */
export const restartEngineMutation = () =>
  replacingMutation(providersQuery(), () =>
    ask(({ ProviderWithHealth }) => ProviderWithHealth.array(), '/api/providers/engine/restart', {
      method: 'POST',
    }),
  )

const connectionMutation = <Wish>(mutationFn: (wish: Wish) => Promise<ProviderWithHealth[]>) =>
  replacingMutation(providersQuery(), mutationFn)

export const addConnectionMutation = () =>
  connectionMutation((body: Connection) =>
    ask(({ ProviderWithHealth }) => ProviderWithHealth.array(), '/api/providers/connections', {
      method: 'POST',
      body,
    }),
  )

/** Asks a provider that is not added yet. */
export const testConnectionMutation = () =>
  mutationOptions({
    mutationFn: (body: Connection) =>
      ask(({ ConnectionTest }) => ConnectionTest, '/api/providers/connections/test', {
        method: 'POST',
        body,
      }),
  })

export const renameConnectionMutation = () =>
  connectionMutation(({ id, name }: { id: string; name: string }) =>
    ask(({ ProviderWithHealth }) => ProviderWithHealth.array(), `/api/providers/connections/${id}`, {
      method: 'PATCH',
      body: { name },
    }),
  )

const azureAddressOf = (id: string): string =>
  `/api/providers/connections/${encodeURIComponent(id)}/deployments/azure`

/** Deploys a model at Azure. */
export const deployAtAzureMutation = (id: string) =>
  mutationOptions({
    mutationFn: (body: AzureDeploymentDraft) =>
      ask(({ AzureDeploymentState }) => AzureDeploymentState, azureAddressOf(id), { method: 'POST', body }),
    onSettled: (_state, _error, _body, _result, { client }) =>
      client.invalidateQueries({ queryKey: providersQuery().queryKey }),
  })

/** How far Azure is with a deployment. */
export const lookAtAzureMutation = (id: string) =>
  mutationOptions({
    mutationFn: (body: AzureDeployment) =>
      ask(({ AzureDeploymentState }) => AzureDeploymentState, `${azureAddressOf(id)}/state`, {
        method: 'POST',
        body,
      }),
  })

/** Says which deployment answers with a model. */
export const nameDeploymentMutation = () =>
  connectionMutation(({ id, ...body }: DeploymentDraft & { id: string }) =>
    ask(
      ({ ProviderWithHealth }) => ProviderWithHealth.array(),
      `/api/providers/connections/${id}/deployments`,
      { method: 'PUT', body },
    ),
  )

export const removeConnectionMutation = () =>
  connectionMutation((id: string) =>
    ask(({ ProviderWithHealth }) => ProviderWithHealth.array(), `/api/providers/connections/${id}`, {
      method: 'DELETE',
    }),
  )

/** ms between two looks at an environment that is being asked. */
const WATCH = 1_000

/** What the built-in engine can train with. */
export const trainersQuery = () =>
  queryOptions({
    queryKey: ['trainers'],
    queryFn: ({ signal }) =>
      ask(({ EngineTrainers }) => EngineTrainers, '/api/providers/trainers', { signal }),
    staleTime: 5_000,
    refetchInterval: ({ state: { data } }) =>
      [...(data?.data ?? []), data?.cluster, data?.vllm, data?.environment].some(
        (one) => one?.state === 'asking' || one?.state === 'making',
      ) && WATCH,
  })

/** Like `trainersQuery`; environments are asked again. */
export const checkTrainersMutation = () =>
  replacingMutation(trainersQuery(), () =>
    ask(({ EngineTrainers }) => EngineTrainers, '/api/providers/trainers?fresh=true'),
  )

/** Makes a Python environment for trl, or ends that. */
export const environmentMutation = () =>
  replacingMutation(trainersQuery(), (method: 'POST' | 'DELETE') =>
    ask(({ EngineTrainers }) => EngineTrainers, '/api/providers/trainers/environment', { method }),
  )

/** Known prices of training. */
export const pricesQuery = () =>
  queryOptions({
    queryKey: ['prices'],
    queryFn: ({ signal }) => ask(({ Price }) => Price.array(), '/api/providers/prices', { signal }),
    staleTime: 60_000,
  })

/** Every estimate was computed from the prices before. */
const priceMutation = <Wish>(mutationFn: (wish: Wish) => Promise<Price[]>) =>
  mutationOptions({
    mutationFn,
    onSettled: (prices, _error, _wish, _result, { client }) => {
      client.setQueryData(pricesQuery().queryKey, prices)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('estimate') })
    },
  })

export const setPriceMutation = () =>
  priceMutation((body: PriceDraft) =>
    ask(({ Price }) => Price.array(), '/api/providers/prices', { method: 'PUT', body }),
  )

export const clearPriceMutation = () =>
  priceMutation(({ providerId, model }: PriceKey) =>
    ask(({ Price }) => Price.array(), `/api/providers/prices?${new URLSearchParams({ providerId, model })}`, {
      method: 'DELETE',
    }),
  )

/** Known prices of answers. */
export const chatPricesQuery = () =>
  queryOptions({
    queryKey: ['chat-prices'],
    queryFn: ({ signal }) =>
      ask(({ ChatPrice }) => ChatPrice.array(), '/api/providers/chat-prices', { signal }),
    staleTime: 60_000,
  })

export const setChatPriceMutation = () =>
  replacingMutation(chatPricesQuery(), (body: ChatPriceDraft) =>
    ask(({ ChatPrice }) => ChatPrice.array(), '/api/providers/chat-prices', { method: 'PUT', body }),
  )

export const clearChatPriceMutation = () =>
  replacingMutation(chatPricesQuery(), ({ providerId, model }: PriceKey) =>
    ask(
      ({ ChatPrice }) => ChatPrice.array(),
      `/api/providers/chat-prices?${new URLSearchParams({ providerId, model })}`,
      {
        method: 'DELETE',
      },
    ),
  )

/** Limits and this month's sums of every provider that bills. */
export const spendingQuery = () =>
  queryOptions({
    queryKey: ['spending'],
    queryFn: ({ signal }) => ask(({ Spending }) => Spending.array(), '/api/providers/spending', { signal }),
  })

export const setLimitsMutation = () =>
  replacingMutation(spendingQuery(), (body: SpendLimits) =>
    ask(({ Spending }) => Spending.array(), '/api/providers/spending', { method: 'PUT', body }),
  )
