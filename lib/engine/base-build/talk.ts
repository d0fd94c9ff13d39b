/** Small talk, stories and single sentences: ordinary words in ordinary places. */
import type { Dice } from './dice.ts'
import type { Exchange } from './exchange.ts'
import { article } from './words.ts'

const list = (text: string, separator = ','): string[] => text.split(separator)

const HEROES = list(
  'a fox,a mouse,a bear,an owl,a rabbit,a goat,a duck,a turtle,a cat,a dog,a crow,a hedgehog',
)
const NAMES = list(
  'Ada,Ben,Cora,Dan,Eva,Finn,Gina,Hugo,Iris,Jack,Kira,Leo,Mara,Nils,Olga,Paul,Rosa,Sam,Tina,Zoe',
)
const HOMES = list(
  'in a forest,by the sea,on a farm,near a river,on a hill,in a small town,in a quiet garden',
)
const WISHES = list(
  'to see the sea,to learn to fly,to find a friend,to bake a cake,to climb the mountain,to play the drum,to cross the river',
)
const HELPERS = list('a wise owl,an old sailor,a kind baker,a little girl,a funny goose,a patient teacher')
const ENDINGS = list(
  'In the end they laughed and shared some bread.|So they tried it together, and it worked.|It took a whole year, but then it was done.|From that day on they were friends.|And at night they told everyone about it.',
  '|',
)

const PEOPLE = list(
  'farmer,teacher,doctor,sailor,baker,child,girl,boy,friend,neighbor,artist,driver,cook,king,queen,painter,singer,writer,uncle,aunt,brother,sister,mother,father,captain,nurse,student',
)
const NOUNS = list(
  'apple,basket,bag,ball,bed,bell,boat,book,bottle,box,brush,bucket,cake,candle,car,chair,clock,coat,cup,door,drum,flag,flower,gift,guitar,hammer,hat,house,jar,key,kite,lamp,letter,map,mirror,newspaper,orange,pen,phone,picture,plate,pot,ring,rope,shoe,song,spoon,stone,story,table,ticket,tool,toy,train,tree,wheel,window,computer,message,question,answer,problem,idea,plan,word,garden,machine,engine,camera,radio',
)
const ADJECTIVES = list(
  'old,new,big,small,red,blue,green,yellow,black,white,heavy,light,clean,dirty,broken,pretty,simple,strange,warm,cold,soft,hard,round,long,short,wet,dry,cheap,empty,full,quiet,loud,shiny,lovely,useful,famous,perfect,wonderful,easy,difficult,important,little',
)
const VERBS = list(
  'found,lost,bought,sold,carried,opened,closed,cleaned,painted,washed,fixed,broke,made,took,brought,dropped,kept,hid,loved,liked,wanted,needed,forgot,remembered,showed,looked at,talked about,asked for,waited for,paid for,learned about,picked up,put down',
)
const WHERES = list(
  'in the kitchen,on the table,under the tree,at the market,in the garden,near the river,at school,in the city,on the beach,behind the house,at the station,in the office,by the window,on the road,at home,in the park',
)
const WHENS = list(
  'today,yesterday,last week,in the morning,in the evening,at night,on Monday,on Sunday,in winter,in summer,every day,long ago,this year,at noon',
)

const said = (question: string, answer: string): Exchange => ({ question, answer, short: null })

const greeting = (dice: Dice): Exchange =>
  said(
    dice.pick(['Hello', 'Hi', 'Hi there!', 'Good morning', 'Hey', 'Good evening', 'Hello, how are you?']),
    dice.pick([
      'Hello! How can I help you today?',
      'Hi! What would you like to know?',
      'Hello there. Ask me anything.',
    ]),
  )

const thanks = (dice: Dice): Exchange =>
  said(
    dice.pick(['Thanks', 'Thank you!', 'Thank you very much', 'Goodbye']),
    dice.pick(['You are welcome!', 'Happy to help.', 'Any time!']),
  )

const identity = (dice: Dice): Exchange =>
  said(
    dice.pick(['Who are you?', 'What are you?', 'What can you do?', 'What is your name?']),
    dice.pick([
      'I am a small language model. I can answer simple questions and talk about the chemical elements.',
      'I am a small assistant that runs on your own computer.',
    ]),
  )

function story(dice: Dice): Exchange {
  const hero = dice.pick(HEROES)
  const name = dice.pick(NAMES)
  return said(
    dice.pick(['Tell me a story', 'Tell me a short story', `Tell me a story about ${hero}`]),
    [
      `Once ${hero} named ${name} lived ${dice.pick(HOMES)}.`,
      `${name} wanted ${dice.pick(WISHES)}.`,
      `One day ${name} met ${dice.pick(HELPERS)}.`,
      dice.pick(ENDINGS),
    ].join(' '),
  )
}

/** A plain sentence with a noun in it. */
export function plainSentence(dice: Dice): { noun: string; text: string } {
  const [noun, who, quality] = [dice.pick(NOUNS), dice.pick(PEOPLE), dice.pick(ADJECTIVES)]
  const [did, where, when] = [dice.pick(VERBS), dice.pick(WHERES), dice.pick(WHENS)]
  const text = dice.pick([
    `The ${who} ${did} the ${quality} ${noun} ${where}.`,
    `The ${who} ${did} the ${noun} ${when}.`,
    `My ${who} ${did} ${article(noun)} ${where} ${when}.`,
    `The ${noun} is ${quality}, so the ${who} ${did} it ${where}.`,
    `We saw ${article(who)} with the ${quality} ${noun} ${when}.`,
    `If the ${noun} is ${quality}, the ${who} will know.`,
  ])
  return { noun, text }
}

function sentence(dice: Dice): Exchange {
  const { noun, text } = plainSentence(dice)
  const question = dice.pick([
    `Write a sentence with the word ${noun}`,
    `Use ${noun} in a sentence`,
    `Say something about ${article(noun)}`,
  ])
  return said(question, text)
}

export const smallTalk = (dice: Dice): Exchange =>
  dice.weighted([
    [2, greeting],
    [1, thanks],
    [1, identity],
    [2, story],
    [3, sentence],
  ] as const)(dice)
