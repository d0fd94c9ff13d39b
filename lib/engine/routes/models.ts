import type { ModelStore } from '../models.ts'
import type { Route } from '../router.ts'

export const modelRoutes = (models: ModelStore): Route[] => [
  { method: 'GET', path: '/v1/models', answer: async () => Response.json(await models.list()) },
  {
    method: 'GET',
    path: '/v1/models/:name',
    answer: async ({ params }) => Response.json(await models.retrieve(params.name ?? '')),
  },
  {
    method: 'DELETE',
    path: '/v1/models/:name',
    answer: async ({ params }) => Response.json(await models.delete(params.name ?? '')),
  },
]
