import { existsSync } from 'node:fs'
import { env } from '#lib/env.ts'
import { readKey } from './key.ts'

if (existsSync(env().dataFolder)) console.log(readKey())
else {
  console.error('There is no key yet: it is made on the first start. Run npm start once.')
  process.exitCode = 1
}
