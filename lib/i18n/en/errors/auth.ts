export default {
  firstKey: 'The first API key cannot be revoked: the snippets and npm run key use it.',
  noKey: 'There is no API key with this id, or it is revoked already.',
  unknownCaller:
    'This browser is not signed in. Open the address that npm start printed; npm run --silent url prints it again.',

  nameMissing: 'Name the app that will use it.',
  nameTooLong: 'At most {maximum} characters.',
} as const
