/** Errors of `/v1`; programs read them in English. */
export default {
  background: "Unsupported parameter: ''background''. This server answers responses at once and keeps none.",
  bodyBrokeOff: 'The body was cut off.',
  bodyCompressed: 'The body is compressed. Send it without content-encoding.',
  bodyTooLarge: 'The body is larger than this server accepts.',
  engineGone: 'The engine did not answer and is being restarted. Send the request again.',
  isAlias: '{model} is an alias, not a model. Delete it on the Models page.',
  noAnswer: 'The answer of the provider is not JSON, or is empty.',
  notOfTheEngine:
    '{name} is the model {model} of the provider "{provider}". This address accepts models of the built-in engine; GET /v1/models lists them.',
  noProvider:
    "The model ''{provider}/{model}'' does not exist here: no provider \"{provider}\" is configured. The Providers page lists the providers that are.",
  packed: 'The provider compressed its answer ({encoding}) without being asked to, so it was not read.',
} as const
