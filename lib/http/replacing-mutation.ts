import { type DataTag, mutationOptions, type QueryKey } from '@tanstack/react-query'

/** A mutation whose answer is from then on the data of a query. */
export const replacingMutation = <Data, Wish = void>(
  { queryKey }: { queryKey: DataTag<QueryKey, Data, Error> },
  mutationFn: (wish: Wish) => Promise<NoInfer<Data>>,
) =>
  mutationOptions({
    mutationFn,
    onSettled: (data, _error, _wish, _result, { client }) => client.setQueryData<Data>(queryKey, data),
  })
