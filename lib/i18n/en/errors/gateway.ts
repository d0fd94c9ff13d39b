/** Errors of `/v1`; programs read them in English. */
export default {
  background: "Unsupported parameter: ''background''. Responses are answered at once here, and none is kept.",
  bodyBrokeOff: 'The body broke off.',
  bodyCompressed: 'The body is compressed. Send it without content-encoding.',
  bodyTooLarge: 'The body is larger than this server takes.',
  engineGone: 'The engine did not answer. It is being started again; ask once more.',
  isAlias: '{model} is an alias, not a model. Remove it on the Models page.',
  noAnswer: 'The provider answered with something that is not JSON, or with nothing at all.',
  notOfTheEngine:
    '{name} is the model {model} of the provider "{provider}". This address takes models of the built-in engine; GET /v1/models lists them.',
  noProvider:
    "The model ''{provider}/{model}'' does not exist here: no provider \"{provider}\" is configured. The Providers page lists those that are.",
  packed: 'The provider packed its answer ({encoding}), which it was not asked to, so it was not read.',
} as const
