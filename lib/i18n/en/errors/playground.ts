export default {
  answerTooLong: 'The answer was stopped: it is longer than {most} characters.',
  askedBefore: 'This comparison has run before. Run it as a new one.',
  blind: 'No answer. The reason is shown after the vote.',
  brokeOff: 'The answer was cut off: the connection was lost, or sent no answer.',
  connectionLost: 'The connection to Limerick was lost. Is it still running?',
  gone: 'There is no comparison with this id.',
  noPreference: 'No vote prefers one answer yet. Vote on a comparison first.',
  noStream:
    'The provider sent no answer: its reply was empty or not a stream (a web page, perhaps). Check its address.',
  noVote: 'There is no vote to take back.',
  notAModel: '"{text}" is not PROVIDER/MODEL with the name of a provider here.',
  voted: 'You have voted on these answers. Run again for new ones.',
  votedBefore: 'You have voted on this already. Run again to vote again.',
  voteNeedsTwo: 'A vote needs two complete answers.',
  winnerUnfinished: 'The chosen answer is not complete.',

  blindNeedsTwo: 'A blind comparison needs two panes.',
  chooseExamples: 'Choose the dataset for the few-shot examples.',
  promptMissing: 'Write a prompt first.',
  tooManyAnswers: 'That is more than {maximum} answers at once. Take fewer samples or panes.',
} as const
