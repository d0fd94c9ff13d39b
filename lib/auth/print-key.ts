import { hasKey, readKey } from './key.ts'

if (hasKey()) console.log(readKey())
else {
  console.error('There is no key yet: it is made on the first start. Run npm start once.')
  process.exitCode = 1
}
