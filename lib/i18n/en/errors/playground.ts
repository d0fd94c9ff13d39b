export default {
  answerTooLong: 'The answer passed {most} characters.',
  askedBefore: 'This comparison was asked before. Run it as a new one.',
  blind: 'No answer. The reason is shown after the vote.',
  brokeOff: 'The answer broke off: the connection was lost, or sent no answer.',
  connectionLost: 'The connection to Limerick was lost. Is it still running?',
  gone: 'There is no comparison with this id.',
  noPreference: 'No vote has preferred one answer to another yet.',
  noStream:
    'The provider sent no answer: what came was empty, or no stream (a web page, perhaps). Check its address.',
  notAModel: '"{text}" is not PROVIDER/MODEL, with the name of a provider here.',
  voted: 'You have voted on these answers. Run again to ask once more.',
  votedBefore: 'This has your vote already. Run again to vote again.',
  voteNeedsTwo: 'A vote needs two finished answers.',
  winnerUnfinished: 'The chosen answer is not finished.',

  blindNeedsTwo: 'A blind comparison needs two panes.',
  chooseExamples: 'Choose the dataset that few-shot examples come from.',
  promptMissing: 'Write a prompt first.',
  tooManyAnswers: 'That is more than {maximum} answers at once. Take fewer samples or panes.',
} as const
