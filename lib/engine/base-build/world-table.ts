/** General knowledge, in our own words. Every line is one thing, `-` stands for what is left out. */

/** name|capital|continent|language|known for */
export const COUNTRIES = `
France|Paris|Europe|French|cheese
Italy|Rome|Europe|Italian|pizza
Spain|Madrid|Europe|Spanish|flamenco
Germany|Berlin|Europe|German|cars
Japan|Tokyo|Asia|Japanese|sushi
China|Beijing|Asia|Chinese|the Great Wall
India|New Delhi|Asia|Hindi|the Taj Mahal
Egypt|Cairo|Africa|Arabic|pyramids
Kenya|Nairobi|Africa|Swahili|lions
Canada|Ottawa|North America|English|maple syrup
Brazil|Brasilia|South America|Portuguese|the carnival
Peru|Lima|South America|Spanish|llamas
Chile|Santiago|South America|Spanish|copper mines
Cuba|Havana|North America|Spanish|cigars
Norway|Oslo|Europe|Norwegian|fjords
Sweden|Stockholm|Europe|Swedish|flat furniture
Finland|Helsinki|Europe|Finnish|saunas
Denmark|Copenhagen|Europe|Danish|toy bricks
Poland|Warsaw|Europe|Polish|dumplings
Greece|Athens|Europe|Greek|temples
Turkey|Ankara|Asia|Turkish|carpets
Russia|Moscow|Europe|Russian|ballet
Austria|Vienna|Europe|German|waltzes
Portugal|Lisbon|Europe|Portuguese|cork
Ireland|Dublin|Europe|English|green hills
Hungary|Budapest|Europe|Hungarian|goulash
Belgium|Brussels|Europe|Dutch|chocolate
Iceland|Reykjavik|Europe|Icelandic|geysers
Scotland|Edinburgh|Europe|English|bagpipes
England|London|Europe|English|tea
Australia|Canberra|Oceania|English|kangaroos
Argentina|Buenos Aires|South America|Spanish|the tango
Thailand|Bangkok|Asia|Thai|spicy soup
Vietnam|Hanoi|Asia|Vietnamese|noodle soup
Nepal|Kathmandu|Asia|Nepali|high mountains
Ghana|Accra|Africa|English|cocoa
Morocco|Rabat|Africa|Arabic|markets
Switzerland|Bern|Europe|German|watches
Ukraine|Kyiv|Europe|Ukrainian|wheat
Mexico|Mexico City|North America|Spanish|tacos
Jamaica|Kingston|North America|English|reggae
Colombia|Bogota|South America|Spanish|coffee
Indonesia|Jakarta|Asia|Indonesian|islands
Mongolia|Ulaanbaatar|Asia|Mongolian|horses
Ethiopia|Addis Ababa|Africa|Amharic|coffee
Romania|Bucharest|Europe|Romanian|castles
New Zealand|Wellington|Oceania|English|sheep
Bulgaria|Sofia|Europe|Bulgarian|roses
Croatia|Zagreb|Europe|Croatian|beaches
Iran|Tehran|Asia|Persian|carpets
`

/** name|kind|legs|food|home|sound|young|trait */
export const ANIMALS = `
dog|mammal|four|meat|houses|barks|a puppy|guards the house
cat|mammal|four|mice|houses|meows|a kitten|sees well in the dark
cow|mammal|four|grass|farms|moos|a calf|gives milk
duck|bird|two|water plants|ponds|quacks|a duckling|swims with webbed feet
sheep|mammal|four|grass|meadows|bleats|a lamb|gives wool
horse|mammal|four|hay|stables|neighs|a foal|sleeps on its feet
lion|mammal|four|meat|the savanna|roars|a cub|lives in a pride
pig|mammal|four|roots|farms|oinks|a piglet|digs with its snout
owl|bird|two|mice|forests|hoots|an owlet|hunts at night
bee|insect|six|nectar|hives|buzzes|a larva|makes honey
frog|amphibian|four|insects|ponds|croaks|a tadpole|has a long sticky tongue
snake|reptile|no|mice|deserts|hisses|-|smells with its tongue
crow|bird|two|seeds|trees|caws|a chick|can solve puzzles
mouse|mammal|four|seeds|fields|squeaks|a pup|has a long thin tail
wolf|mammal|four|meat|forests|howls|a pup|hunts in a pack
spider|arachnid|eight|insects|webs|-|a spiderling|spins silk
ant|insect|six|leaves and seeds|nests|-|a larva|carries many times its own weight
butterfly|insect|six|nectar|gardens|-|a caterpillar|tastes with its feet
shark|fish|no|fish|oceans|-|a pup|never runs out of teeth
blue whale|mammal|no|krill|oceans|sings|a calf|is the largest animal of all
dolphin|mammal|no|fish|oceans|clicks|a calf|breathes air
penguin|bird|two|fish|the cold south|-|a chick|cannot fly
elephant|mammal|four|leaves|the savanna|trumpets|a calf|drinks with its trunk
giraffe|mammal|four|leaves|the savanna|hums|a calf|is the tallest animal
tiger|mammal|four|meat|forests|roars|a cub|has stripes on its skin too
bear|mammal|four|berries and fish|forests|growls|a cub|sleeps through the winter
rabbit|mammal|four|grass|burrows|-|a kit|has long ears
fox|mammal|four|mice|dens|barks|a kit|has a bushy tail
camel|mammal|four|dry plants|deserts|grunts|a calf|stores fat in its hump
kangaroo|mammal|-|grass|Australia|-|a joey|carries its young in a pouch
crocodile|reptile|four|fish|rivers|-|a hatchling|has a very strong bite
eagle|bird|two|fish|mountains|screeches|an eaglet|sees a mouse from far away
goat|mammal|four|grass|mountains|bleats|a kid|climbs very well
hen|bird|two|grain|farms|clucks|a chick|lays eggs
goose|bird|two|grass|lakes|honks|a gosling|flies south in winter
bat|mammal|-|insects|caves|squeaks|a pup|finds its way by echoes
hedgehog|mammal|four|beetles|gardens|-|a hoglet|rolls up into a ball
squirrel|mammal|four|nuts|trees|-|a kit|hides food for the winter
deer|mammal|four|leaves|forests|-|a fawn|grows antlers
swan|bird|two|water plants|lakes|-|a cygnet|has a long white neck
parrot|bird|two|seeds|rain forests|squawks|a chick|can copy words
panda|mammal|four|bamboo|the mountains of China|-|a cub|eats all day long
koala|mammal|four|eucalyptus leaves|Australia|-|a joey|sleeps most of the day
polar bear|mammal|four|seals|the Arctic|-|a cub|has black skin under white fur
snail|mollusk|no|leaves|gardens|-|-|carries its house
octopus|mollusk|no|crabs|oceans|-|-|has three hearts and eight arms
ostrich|bird|two|plants|the savanna|-|a chick|is the largest bird
cheetah|mammal|four|meat|the savanna|-|a cub|is the fastest animal on land
hummingbird|bird|two|nectar|America|hums|a chick|can fly backward
turtle|reptile|four|plants|ponds|-|a hatchling|has a hard shell
`

/** name|place from the Sun|trait|moons|color */
export const PLANETS = `
Mercury|first|is the smallest planet|no moons|gray
Venus|second|is the hottest planet|no moons|pale yellow
Earth|third|is the only planet where we know life|one moon|blue
Mars|fourth|has the highest volcano|two moons|red
Jupiter|fifth|is the largest planet|many moons|orange and white
Saturn|sixth|has bright rings of ice|many moons|pale gold
Uranus|seventh|spins on its side|many moons|pale blue
Neptune|eighth|has the fastest winds|many moons|deep blue
`

/** name|continent|where it flows|a city on it */
export const RIVERS = `
Nile|Africa|the Mediterranean Sea|Cairo
Amazon|South America|the Atlantic Ocean|Manaus
Danube|Europe|the Black Sea|Vienna
Rhine|Europe|the North Sea|Cologne
Thames|Europe|the North Sea|London
Volga|Europe|the Caspian Sea|Kazan
Mississippi|North America|the Gulf of Mexico|New Orleans
Ganges|Asia|the Bay of Bengal|Varanasi
Yangtze|Asia|the East China Sea|Shanghai
Seine|Europe|the English Channel|Paris
Congo|Africa|the Atlantic Ocean|Kinshasa
Elbe|Europe|the North Sea|Hamburg
Tiber|Europe|the Mediterranean Sea|Rome
Hudson|North America|the Atlantic Ocean|New York
Indus|Asia|the Arabian Sea|Sukkur
Mekong|Asia|the South China Sea|Vientiane
`

/** work|kind|verb|maker */
export const WORKS = `
Hamlet|play|wrote|William Shakespeare
Romeo and Juliet|play|wrote|William Shakespeare
Macbeth|play|wrote|William Shakespeare
the Mona Lisa|painting|painted|Leonardo da Vinci
The Last Supper|painting|painted|Leonardo da Vinci
The Starry Night|painting|painted|Vincent van Gogh
Sunflowers|painting|painted|Vincent van Gogh
Guernica|painting|painted|Pablo Picasso
The Scream|painting|painted|Edvard Munch
The Night Watch|painting|painted|Rembrandt
Water Lilies|painting|painted|Claude Monet
War and Peace|novel|wrote|Leo Tolstoy
Anna Karenina|novel|wrote|Leo Tolstoy
Crime and Punishment|novel|wrote|Fyodor Dostoevsky
Don Quixote|novel|wrote|Miguel de Cervantes
Pride and Prejudice|novel|wrote|Jane Austen
Emma|novel|wrote|Jane Austen
Alice in Wonderland|story|wrote|Lewis Carroll
Moby Dick|novel|wrote|Herman Melville
Oliver Twist|novel|wrote|Charles Dickens
Great Expectations|novel|wrote|Charles Dickens
Frankenstein|novel|wrote|Mary Shelley
Dracula|novel|wrote|Bram Stoker
Treasure Island|novel|wrote|Robert Louis Stevenson
The Jungle Book|story|wrote|Rudyard Kipling
Faust|play|wrote|Johann Wolfgang von Goethe
the Odyssey|poem|wrote|Homer
the Iliad|poem|wrote|Homer
Jane Eyre|novel|wrote|Charlotte Bronte
Tom Sawyer|novel|wrote|Mark Twain
The Time Machine|novel|wrote|H. G. Wells
The Little Mermaid|story|wrote|Hans Christian Andersen
The Magic Flute|opera|composed|Wolfgang Amadeus Mozart
the Moonlight Sonata|sonata|composed|Ludwig van Beethoven
The Four Seasons|concerto|composed|Antonio Vivaldi
Swan Lake|ballet|composed|Pyotr Tchaikovsky
Carmen|opera|composed|Georges Bizet
Aida|opera|composed|Giuseppe Verdi
`

/** what somebody did|who|year */
export const DEEDS = `
invented the telephone|Alexander Graham Bell|1876
invented dynamite|Alfred Nobel|1867
found penicillin|Alexander Fleming|1928
found radium|Marie Curie|1898
arranged the periodic table|Dmitri Mendeleev|1869
first walked on the Moon|Neil Armstrong|1969
first flew into space|Yuri Gagarin|1961
sailed to America|Christopher Columbus|1492
found X-rays|Wilhelm Roentgen|1895
found the law of gravity|Isaac Newton|1687
wrote about relativity|Albert Einstein|1905
wrote On the Origin of Species|Charles Darwin|1859
flew the first airplane|the Wright brothers|1903
first reached the South Pole|Roald Amundsen|1911
first flew alone across the Atlantic|Charles Lindbergh|1927
printed books with movable letters|Johannes Gutenberg|1450
found the planet Uranus|William Herschel|1781
found the moons of Jupiter|Galileo Galilei|1610
made the first vaccine|Edward Jenner|1796
founded the Red Cross|Henry Dunant|1863
`

/** job|what they do|tool|place */
export const JOBS = `
baker|bakes bread|an oven|a bakery
carpenter|builds things of wood|a saw|a workshop
doctor|treats sick people|a stethoscope|a hospital
farmer|grows food|a tractor|a farm
pilot|flies planes|a map|a cockpit
teacher|helps children learn|chalk|a school
sailor|sails across the sea|a compass|a ship
painter|paints pictures|a brush|a studio
tailor|sews clothes|a needle|a shop
barber|cuts hair|scissors|a barbershop
fisherman|catches fish|a net|a boat
blacksmith|shapes hot iron|a hammer|a forge
gardener|cares for plants|a spade|a garden
cook|cooks meals|a knife|a kitchen
miner|digs for ore|a drill|a mine
librarian|lends books|a catalog|a library
judge|decides cases|the law|a court
nurse|cares for patients|a thermometer|a hospital
plumber|repairs pipes|a wrench|a house
astronomer|studies the stars|a telescope|an observatory
chemist|studies substances|a test tube|a laboratory
photographer|takes pictures|a camera|a studio
firefighter|puts out fires|a hose|a fire station
mechanic|repairs cars|a wrench|a garage
shepherd|watches over sheep|a crook|a meadow
potter|makes pots of clay|a wheel|a workshop
mail carrier|brings letters|a bag|a post office
writer|writes stories|a pen|a quiet room
musician|makes music|an instrument|a stage
beekeeper|collects honey|a smoker|a garden
`

/** thing|what it is|what it is for|made of */
export const THINGS = `
hammer|tool|driving nails|steel and wood
violin|instrument|making music|wood
kettle|pot|boiling water|metal
lighthouse|tower|guiding ships|stone
bicycle|vehicle|riding to work|metal and rubber
umbrella|folding roof|staying dry in the rain|cloth
compass|device|finding the way|metal and glass
candle|light|lighting a room|wax
bridge|road|crossing a river|stone or steel
telescope|device|looking at the stars|glass
needle|tool|sewing clothes|steel
clock|machine|telling the time|metal
ladder|row of steps|climbing up high|wood or metal
map|drawing|finding places|paper
spoon|small bowl|eating soup|metal
mirror|sheet|seeing yourself|glass and silver
drum|instrument|keeping the beat|wood and skin
pillow|soft bag|resting your head|feathers
rope|cord|tying things|fibers
shovel|tool|digging holes|steel
sail|large cloth|catching the wind|cloth
kite|toy|flying in the wind|paper
pencil|tool|writing and drawing|wood and graphite
scissors|tool|cutting paper|steel
key|small tool|opening locks|brass
lamp|light|reading at night|glass
broom|tool|sweeping the floor|straw
cup|vessel|drinking tea|clay
coat|piece of clothing|keeping warm|wool
shoe|piece of clothing|walking|leather
chair|piece of furniture|sitting|wood
bed|piece of furniture|sleeping|wood
book|bundle of pages|reading|paper
bell|instrument|calling people|bronze
anchor|heavy hook|holding a ship|iron
tent|house of cloth|camping|cloth
basket|vessel|carrying fruit|willow
saw|tool|cutting wood|steel
bottle|vessel|keeping water|glass
brush|tool|painting walls|wood and hair
magnet|piece of metal|holding iron|iron
battery|box of power|running phones|metals and acid
`

/** question|answer in a sentence|short answer */
export const FIGURES = `
How many days are in a week?|There are seven days in a week.|seven
How many months are in a year?|There are twelve months in a year.|twelve
How many hours are in a day?|There are 24 hours in a day.|24
How many minutes are in an hour?|There are 60 minutes in an hour.|60
How many days does a year have?|A year has 365 days.|365
How many weeks are in a year?|There are 52 weeks in a year.|52
How many sides does a triangle have?|A triangle has three sides.|three
How many sides does a square have?|A square has four sides.|four
How many wheels does a bicycle have?|A bicycle has two wheels.|two
How many planets are in the solar system?|There are eight planets in the solar system.|eight
How many letters are in the alphabet?|There are 26 letters in the alphabet.|26
How many strings does a violin have?|A violin has four strings.|four
How many strings does a guitar have?|A guitar has six strings.|six
How many keys does a piano have?|A piano has 88 keys.|88
How many players are in a football team?|There are eleven players in a football team.|eleven
How many elements are in the periodic table?|There are 118 elements in the periodic table.|118
How many continents are there?|There are seven continents.|seven
How many oceans are there?|There are five oceans.|five
How many bones does an adult have?|An adult has 206 bones.|206
How many teeth does an adult have?|An adult has 32 teeth.|32
How many colors does the rainbow have?|The rainbow has seven colors.|seven
How many states are in the United States?|There are 50 states in the United States.|50
How many squares are on a chessboard?|There are 64 squares on a chessboard.|64
How many cards are in a deck?|There are 52 cards in a deck.|52
How many meters are in a kilometer?|There are 1000 meters in a kilometer.|1000
How many centimeters are in a meter?|There are 100 centimeters in a meter.|100
How many grams are in a kilogram?|There are 1000 grams in a kilogram.|1000
How many degrees are in a circle?|There are 360 degrees in a circle.|360
At what temperature does water boil?|Water boils at 100 degrees Celsius.|at 100 degrees Celsius
At what temperature does water freeze?|Water freezes at 0 degrees Celsius.|at 0 degrees Celsius
How far is the Moon?|The Moon is about 384,000 kilometers away.|about 384,000 kilometers
How far is the Sun?|The Sun is about 150 million kilometers away.|about 150 million kilometers
How fast is light?|Light travels 300,000 kilometers in a second.|300,000 kilometers in a second
How long does light from the Sun take?|Light from the Sun takes about eight minutes.|about eight minutes
How high is Mount Everest?|Mount Everest is 8849 meters high.|8849 meters
When did people first walk on the Moon?|People first walked on the Moon in 1969.|in 1969
When did the Second World War end?|The Second World War ended in 1945.|in 1945
When did the Titanic sink?|The Titanic sank in 1912.|in 1912
When did the Berlin Wall fall?|The Berlin Wall fell in 1989.|in 1989
When did the French Revolution begin?|The French Revolution began in 1789.|in 1789
How many legs does a spider have?|A spider has eight legs.|eight
How many legs does an insect have?|An insect has six legs.|six
How many arms does an octopus have?|An octopus has eight arms.|eight
How many hearts does an octopus have?|An octopus has three hearts.|three
`

/** "the longest river"|what it is */
export const RECORDS = `
the longest river|the Nile
the highest mountain|Mount Everest
the largest ocean|the Pacific Ocean
the largest planet|Jupiter
the smallest planet|Mercury
the hottest planet|Venus
the largest animal|the blue whale
the fastest animal on land|the cheetah
the tallest animal|the giraffe
the largest bird|the ostrich
the largest country|Russia
the smallest country|Vatican City
the largest continent|Asia
the smallest continent|Australia
the largest desert|Antarctica
the largest hot desert|the Sahara
the largest island|Greenland
the deepest lake|Lake Baikal
the nearest star|the Sun
the hardest natural stone|diamond
the lightest element|hydrogen
the largest organ of the body|the skin
the largest land animal|the elephant
the red planet|Mars
the highest mountain in Africa|Kilimanjaro
the highest mountain in Japan|Mount Fuji
the capital of the United States|Washington
the largest city in the United States|New York
the coldest continent|Antarctica
the longest bone of the body|the thigh bone
`

/** "is the sky blue"|because … */
export const WHYS = `
is the sky blue|the air scatters blue light more than red light
does ice float|ice is lighter than liquid water
do leaves turn yellow|the green color fades in autumn
is the sea salty|rivers carry salt from the rocks into it
do we sleep|the body and the mind need rest
do birds fly south|it is warmer there and there is more food
does iron rust|it reacts with oxygen and water
does the moon shine|it reflects the light of the sun
is snow white|its crystals scatter all colors of light
do we have seasons|the Earth is tilted as it goes round the sun
do balloons float|the gas inside is lighter than air
does bread rise|yeast makes gas in the dough
do stars twinkle|the air above us moves
do onions make us cry|they give off a gas that stings the eyes
do we need water|every cell of the body is full of it
do we have tides|the Moon pulls at the sea
is blood red|it has iron in it
do cats purr|they are calm and content
do we sneeze|dust tickles the nose
do volcanoes erupt|hot rock and gas press from below
do bees visit flowers|they collect nectar
do we see lightning first|light is faster than sound
is the desert dry|it hardly ever rains there
do plants need light|they make sugar with it
`

/** "sleep well"|how */
export const WAYS = `
sleep well|go to bed at the same time and keep the room dark
learn a language|practice a little every day and speak without fear
make tea|boil water, pour it over the leaves and wait three minutes
stay healthy|eat well, move every day and sleep enough
save money|write down what you spend and buy only what you need
bake bread|mix flour, water, salt and yeast, let it rise and bake it
grow tomatoes|give them sun, water and a stick to climb
calm down|breathe in slowly, breathe out slowly and count to ten
remember names|say the name aloud and picture the face
clean a window|use warm water, a drop of soap and a dry cloth
write a letter|begin with a greeting, say what you mean and end with thanks
study for a test|read a little each day and explain it to a friend
cook rice|take one cup of rice and two cups of water and wait
plant a tree|dig a hole, set the roots in it and water it well
learn to swim|begin in shallow water with a good teacher
boil an egg|put it into boiling water for six minutes
sharpen a knife|draw it over a wet stone at a low angle
train a dog|reward it at once and be patient
tie a knot|make a loop, put the end through it and pull
fix a tire|find the hole, clean it and glue a patch on it
paint a wall|cover the floor, begin at the top and paint twice
make soup|cook vegetables in salted water and taste it
`

/** Kinds of things|members */
export const KINDS = `
fruits|apple,pear,plum,cherry,banana,lemon,peach,grape
vegetables|carrot,onion,potato,cabbage,pea,bean,spinach
colors|red,blue,green,yellow,purple,orange,black,white
animals|dog,cat,horse,cow,sheep,goat,fox,bear
birds|owl,crow,duck,swan,eagle,parrot,hen
insects|bee,ant,butterfly,beetle,fly,wasp
metals|iron,copper,gold,silver,zinc,nickel,tin,lead
gases|oxygen,nitrogen,helium,neon,argon,hydrogen
noble gases|helium,neon,argon,krypton,xenon,radon
planets|Mercury,Venus,Earth,Mars,Jupiter,Saturn
tools|hammer,saw,drill,knife,file,axe,needle
rivers|Nile,Rhine,Danube,Amazon,Thames,Volga
trees|oak,pine,birch,maple,willow,elm
months|January,March,May,June,August,October
drinks|water,tea,milk,juice,coffee,cocoa
countries|France,Italy,Spain,Japan,Egypt,Peru,Norway
cities|Paris,Rome,Madrid,Tokyo,Cairo,Lima,Oslo
instruments|violin,drum,guitar,piano,flute,harp
jobs|baker,doctor,farmer,pilot,teacher,tailor
clothes|coat,hat,shirt,scarf,glove,sock
`

/** Opposites. */
export const OPPOSITES =
  'hot cold,big small,fast slow,light dark,up down,happy sad,old new,wet dry,loud quiet,hard soft,near far,open closed,early late,rich poor,thick thin,strong weak,full empty,clean dirty,high low,long short,sweet sour,left right'
