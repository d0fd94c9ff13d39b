import { readAddress } from './token.ts'

const address = readAddress()
if (address) console.log(address)
else {
  console.error('There is no address yet: each start makes a new one. Run npm start first.')
  process.exitCode = 1
}
