import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { deployAtAzure, lookAtAzure } from '#lib/providers/azure-deploy.ts'
import { AzureDeploymentDraft } from '#lib/providers/azure-deploy-schema.ts'
import { removeConnection } from '#lib/providers/connections.ts'
import { endpoint, servedAs } from '#lib/providers/registry.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { ARM_TOKEN, RESOURCE, startArm } from '../support/arm-server.ts'
import { AZURE_KEY } from '../support/azure-server.ts'
import { connect, filesWith } from '../support/connected.ts'
import { setUpStudio } from '../support/set-up.ts'

const arm = await startArm()
vi.stubEnv('AZURE_ARM_ENDPOINT', arm.origin)
const folder = await setUpStudio()
afterAll(() => arm.close())

const MODEL = 'gpt-4.1-mini-2025-04-14.ft-0e208cf33a6a466994aff31a08aba678'
const draft = (more: object = {}): AzureDeploymentDraft =>
  AzureDeploymentDraft.parse({ resource: RESOURCE, name: 'poems', token: ARM_TOKEN, model: MODEL, ...more })

let azure: ProviderId

beforeEach(async () => {
  arm.seen.length = 0
  arm.deployments.clear()
  arm.lost.clear()
  await studio().deleteFrom('connections').execute()
  azure = await connect('azure', 'http://127.0.0.1:9/openai/v1', AZURE_KEY)
})

const nameOf = () => servedAs(endpoint(azure), MODEL)

test('a model is deployed by one request, and asked under the name of its deployment', async () => {
  expect(await deployAtAzure(azure, draft({ sku: 'developertier', capacity: 10 }))).toEqual({
    state: 'Creating',
  })
  const path = `${RESOURCE}/deployments/poems?api-version=2024-10-21`
  expect(arm.seen.map(({ line }) => line)).toEqual([`GET ${path}`, `PUT ${path}`])
  expect(arm.deployments.get('poems')).toEqual({
    sku: { name: 'developertier', capacity: 10 },
    properties: { model: { format: 'OpenAI', name: MODEL, version: '1' } },
  })
  expect(nameOf()).toBe('poems')
  arm.finish()
  expect(await lookAtAzure(azure, draft())).toEqual({ state: 'Succeeded' })
})

test('the token is kept nowhere, and stands in no error', async () => {
  await deployAtAzure(azure, draft())
  expect(await filesWith(folder, ARM_TOKEN)).toEqual([])
  const other = `${ARM_TOKEN}x`
  const refused = await deployAtAzure(azure, draft({ token: other })).catch((thrown) => thrown)
  expect(refused).toMatchObject({ code: 'provider_refused', facts: { status: 401 } })
  expect(refused.message).toContain('The access token is invalid')
  expect(refused.message).not.toContain('B'.repeat(20))
})

test('a refused or lost request names no deployment, and the same one once more is one deployment', async () => {
  await expect(deployAtAzure(azure, draft({ token: 'expired-token' }))).rejects.toMatchObject({
    code: 'provider_refused',
  })
  expect(nameOf()).toBe(MODEL)
  arm.lost.add(`PUT ${RESOURCE}/deployments/poems`)
  await expect(deployAtAzure(azure, draft())).rejects.toMatchObject({ code: 'provider_unreachable' })
  expect([arm.deployments.size, nameOf()]).toEqual([1, MODEL])
  arm.lost.clear()
  await deployAtAzure(azure, draft())
  expect([arm.deployments.size, nameOf()]).toEqual([1, 'poems'])
})

test('a deployment of another model is not replaced, and for a provider that is gone nothing is sent', async () => {
  await deployAtAzure(azure, draft({ model: 'gpt-4.1-mini-2025-04-14.ft-another' }))
  const sent = arm.seen.length
  await expect(deployAtAzure(azure, draft())).rejects.toMatchObject({ code: 'conflict', param: 'name' })
  expect(arm.seen.slice(sent).map(({ line }) => line.slice(0, 3))).toEqual(['GET'])
  await removeConnection(azure)
  await expect(deployAtAzure(azure, draft({ name: 'others' }))).rejects.toMatchObject({ code: 'not_found' })
  expect(arm.deployments.size).toBe(1)
})

test('a token goes to no other address: a redirect is not followed', async () => {
  arm.instead.set(
    `PUT ${RESOURCE}/deployments/poems`,
    () => new Response(null, { status: 307, headers: { location: `${arm.origin}/elsewhere` } }),
  )
  await expect(deployAtAzure(azure, draft())).rejects.toMatchObject({ code: 'provider_unreachable' })
  expect(arm.seen).toHaveLength(2)
  arm.instead.clear()
})

test('what is no resource, name or token is refused before anything is sent', async () => {
  const wrong = (more: object) =>
    AzureDeploymentDraft.safeParse({ ...draft(), ...more }).error?.issues[0]?.path
  expect(wrong({ resource: '/subscriptions/x' })).toEqual(['resource'])
  expect(wrong({ resource: `${RESOURCE}/../../other` })).toEqual(['resource'])
  expect(wrong({ resource: `@evil.example${RESOURCE}` })).toEqual(['resource'])
  expect(wrong({ resource: RESOURCE.replace('Groups/poems', 'Groups/..') })).toEqual(['resource'])
  expect(wrong({ name: 'a/../b' })).toEqual(['name'])
  expect(wrong({ name: '..' })).toEqual(['name'])
  expect(wrong({ token: 'two words here' })).toEqual(['token'])
  const compatible = await connect('compatible', 'http://127.0.0.1:9/v1', 'sk-of-another-server')
  await expect(deployAtAzure(compatible, draft())).rejects.toMatchObject({ code: 'invalid' })
  expect(arm.seen).toEqual([])
})
