import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ModelList } from '#lib/models/schema.ts'
import { GET } from '../../app/api/models/route.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngineHere } from '../support/set-up-engine-here.ts'

const folder = await setUpStudio()
const models = path.join(folder, 'models')
mkdirSync(path.join(models, 'Phi-3.5'), { recursive: true })
mkdirSync(path.join(models, 'empty'))
for (const name of ['tokenizer.json', 'tokenizer_config.json', 'model.safetensors'])
  writeFileSync(path.join(models, 'Phi-3.5', name), '{}')
writeFileSync(path.join(models, 'Phi-3.5', 'config.json'), '{"model_type":"phi3"}')
await setUpEngineHere(folder, models)

test('a folder that cannot be used is in the list of models, with its reason', async () => {
  const response = await GET(new Request('http://localhost/api/models'), {})
  const { models, unusable } = ModelList.parse(await response.json())
  expect(models.map(({ id }) => id)).toEqual(['limerick-base'])
  expect(unusable).toEqual([
    {
      name: 'Phi-3.5',
      reason: 'model_type: phi3 is not known, only llama, mistral, qwen2, qwen3, granite, gemma3_text',
    },
    { name: 'empty', reason: 'it lacks config.json' },
  ])
})
