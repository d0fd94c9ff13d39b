/** A server that behaves as Azure Resource Manager does with the deployments of one resource. */
import { Hono } from 'hono'
import { type ProviderServer, serveProvider } from './provider-server.ts'

export const ARM_TOKEN = `eyJhcm0iOiJjYW5hcnkifQ.${'B'.repeat(900)}.dG9rZW4`
export const RESOURCE =
  '/subscriptions/0a1b2c3d-0000-4000-8000-0123456789ab/resourceGroups/poems/providers/Microsoft.CognitiveServices/accounts/poems-eu'

interface Created {
  properties: object
}

interface ArmServer extends ProviderServer {
  /** Bodies of the deployments that were created, by name. */
  deployments: Map<string, Created>
  /** Finishes what is being created. */
  finish(): void
}

export async function startArm(): Promise<ArmServer> {
  const deployments = new Map<string, Created>()
  let state = 'Creating'
  const app = new Hono()
  const path =
    '/subscriptions/:s/resourceGroups/:g/providers/Microsoft.CognitiveServices/accounts/:a/deployments/:name'
  app.use(path, async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${ARM_TOKEN}`) return next()
    const message = `The access token is invalid: ${c.req.header('authorization')}`
    return c.json({ error: { code: 'InvalidAuthenticationToken', message } }, 401)
  })
  app.put(path, async (c) => {
    const isNew = !deployments.has(c.req.param('name'))
    deployments.set(c.req.param('name'), await c.req.json())
    return c.json({ name: c.req.param('name'), properties: { provisioningState: state } }, isNew ? 201 : 200)
  })
  app.get(path, (c) => {
    const known = deployments.get(c.req.param('name'))
    return known
      ? c.json({ properties: { ...known.properties, provisioningState: state } })
      : c.json({ error: { code: 'ResourceNotFound', message: 'No such deployment.' } }, 404)
  })
  const server = await serveProvider(app)
  return {
    ...server,
    deployments,
    finish() {
      state = 'Succeeded'
    },
  }
}
