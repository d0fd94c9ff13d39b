export default {
  firstKey: 'The first API key cannot be revoked: the snippets and npm run key use it.',
  noKey: 'There is no API key with this id, or it was revoked before.',
  unknownCaller:
    'Limerick does not know who is asking. Open the address that npm start printed; npm run --silent url prints it again.',

  nameMissing: 'Name the program that will use it.',
  nameTooLong: 'At most {maximum} characters.',
} as const
