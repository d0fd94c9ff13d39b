import { SYMBOLS } from './elements.ts'

/**
 * Words that a limerick about an element may use. Common knowledge, compiled by us; far from complete.
 * `name|kinds|uses|facts`: `uses` are so typical of an element that they count as wrong for every element without them;
 * `facts` are allowed in any verse and count only for their own element.
 */
const TABLE = `
Hydrogen|gas non-metal|rockets airships|water acids ammonia fuel stars sun universe lightest flame
Helium|noble gas non-metal|balloons airships lasers magnets|wells voices scanners voice party sun stars lighter air reacts
Lithium|metal|batteries|phones grease ceramics moods salt flats brine power lightest
Beryllium|metal|emeralds telescopes satellites beryl|springs alloys x-ray windows toxic breathe
Boron|metalloid|borax soap heat-proof|glass phones powder lake beds flame ovens
Carbon|non-metal|diamonds pencils coal charcoal|tires trees plastic fuel steel life basis diamond graphite
Nitrogen|gas non-metal|fertilizer proteins airbags chips|crops tires air food room temperature
Oxygen|gas non-metal|welding divers rockets ozone|water lungs breath breathing air fire sun alive
Fluorine|gas halogen non-metal|toothpaste fridges non-stick fluorite|pans medicine teeth tap reactive attacks
Neon|noble gas non-metal|lasers advertising|signs city cities tubes air glows tube reacts
Sodium|metal|soap|salt oceans soda food sea fizzes water
Magnesium|metal|flares fireworks planes chlorophyll|leaves wheels alloys water cars sea sun
Aluminium|metal|cans foil planes bauxite bikes bicycles|windows cars wheels engines wires boats kitchen rust crust
Silicon|metalloid|chips computer quartz beaches rubber|glass solar cells phones sand power electricity
Phosphorus|non-metal|matches fertilizer phosphate|bones cells lighting teeth rock glows cell
Sulfur|non-metal|matches rubber gunpowder volcanoes eggs fertilizer onions|acid bad flame
Chlorine|gas halogen non-metal|pools bleach swimming|plastic salt water pipes oceans sea sharp kills germs
Argon|noble gas non-metal|welding|bulbs windows wine lamps air percent reacts
Potassium|metal|bananas fertilizer soap nerves potatoes|wood ash potash plants salt lilac flame heart
Calcium|metal|milk chalk cement limestone shells cheese plaster|bones teeth orange flame
Scandium|metal|bicycles|stadium bats alloys minerals
Titanium|metal|planes implants bikes rockets bicycles|paint bones beach watches hips sand steel lighter rusts
Vanadium|metal||tools springs engines steel iron salts
Chromium|metal|rubies bumpers cutlery stainless chromite|plating taps cars steel rust emerald green
Manganese|metal|batteries magnets|rails floor tools steel sea brittle
Iron|metal|blood bridges magnets|buildings cars tools rails ships engines nails wheels swords mars rust steel magnetic rusts air
Cobalt|metal|magnets batteries jet|glass engines paint tiles copper nickel magnetic
Nickel|metal|coins batteries stainless meteorites guitars magnets cutlery|guitar strings steel magnetic rust
Copper|metal|coins bronze motors|wires pipes water roofs pans kettles statues electricity cables rain
Zinc|metal|brass batteries sunscreen sphalerite coins|roofs buckets shoes skin paint steel rust heal
Gallium|metal|semiconductors lasers chips leds|phones solar mirrors aluminium melts hand
Germanium|metalloid|transistors infrared|lenses cameras cables optical zinc predicted chips fibers
Arsenic|metalloid|chips|poison paint wood rat copper melting
Selenium|non-metal|shampoo copiers|nuts glass copy solar copper
Bromine|halogen non-metal|furniture|water medicine film fires salt lakes photographs photography oceans sea brown vapor
Krypton|noble gas non-metal|lasers runway|flash windows lights lamps signs bulbs air glows tube
Rubidium|metal|fireworks sensors|atomic clocks purple lithium fire air melts
Strontium|metal|fireworks flares magnets toothpaste celestine|tv screens glass flame scotland
Yttrium|metal|lasers leds radar|screens sweden earths
Zirconium|metal|reactors gems knives nuclear ceramic zircon|ceramics acid gem diamond
Niobium|metal|magnets rockets brazil|scanners steel superconductor sad princess
Molybdenum|metal|slippery|drills engines grease steel black melts
Technetium|metal|reactors|hospitals scans medical stars radioactive
Ruthenium|metal|disks pens|contacts platinum russia
Rhodium|metal|exhausts jewelry|mirrors exhaust plating platinum rose-colored salts
Palladium|metal|exhausts crowns jewelry|watches exhaust gold nickel hydrogen asteroid
Silver|metal|jewelry coins spoons mexico batteries forks crowns|mirrors mines rings photographs photography film electricity black air
Cadmium|metal|batteries|paint solar cells plating zinc toxic
Indium|metal|solder|screens solar cells zinc squeaks indigo
Tin|metal|cans solder bronze|organ pipes river gravel soup roofs plating rust crackles
Antimony|metalloid|batteries matches stibnite|makeup curtains fires bullets lead brittle egypt
Tellurium|metalloid|discs rubber chips|solar panels gold breath garlic
Iodine|halogen non-metal|seaweed|salt medicine wounds glands brine oceans ocean sea violet vapor thyroid
Xenon|noble gas non-metal|headlights cinemas lasers projectors|ion engines flash lamps probes air space glows tube
Caesium|metal|sensors canada|atomic clocks drills explodes water melts
Barium|metal|fireworks x-rays barite|plugs tiles x-ray glass flame minerals spark
Lanthanum|metal lanthanide||lenses hybrid cars film camera tarnishes
Cerium|metal lanthanide|flints|lenses glass sparks scratched lighters ovens
Praseodymium|metal lanthanide|goggles magnets welding|glass salts
Neodymium|metal lanthanide|headphones motors turbines magnets speakers lasers|wind strongest glass purple
Promethium|metal lanthanide|batteries reactors|gauges radioactive glows
Samarium|metal lanthanide|guitars magnets headphones|cancer magnetism mine
Europium|metal lanthanide|banknotes|screens glows europe
Gadolinium|metal lanthanide|reactors discs|scans magnetic neutrons
Terbium|metal lanthanide|sonar|screens glows sweden
Dysprosium|metal lanthanide|motors magnets turbines|wind
Holmium|metal lanthanide|lasers magnets|surgery stockholm magnetic
Erbium|metal lanthanide|lasers|fiber cables pink glass
Thulium|metal lanthanide|lasers x-rays|x-ray stable
Ytterbium|metal lanthanide|lasers|atomic clocks steel sweden
Lutetium|metal lanthanide|refineries|scanners hardest lanthanide paris
Hafnium|metal|reactors chips rockets control rods|zirconium neutrons copenhagen
Tantalum|metal|implants laptops capacitors coltan|phones acid thirsty king
Tungsten|metal|wolframite jewelry|bulbs drills darts armor drill tips wires lamps tools rings melting
Rhenium|metal|jet |engines fuel copper river rhine ovens
Osmium|metal|pens fingerprints pen|needles tips platinum densest sharp oxide
Iridium|metal|pens meteorites|plugs corrodes dinosaurs spark
Platinum|metal|jewelry exhausts crucibles coins|medicine exhaust river rings watches drugs labs sand rust tarnish
Gold|metal|coins chips crowns jewelry rivers|rings contacts treasure watches teeth medals electronics phones mines rocks rusts
Mercury|metal|thermometers batteries switches cinnabar barometers|mirrors lamps toxic
Thallium|metal|detectors infrared|lenses rat poison zinc poisonous
Lead|metal|batteries galena|shields pipes weights x-ray glass paint bullets roofs toxic brain
Bismuth|metal||medicine makeup crystals sprinklers stomach paint fire lead stairs toxic
Polonium|metalloid|satellites|brushes static uranium radioactive poland
Astatine|halogen non-metal||medicine cancer labs research uranium
Radon|noble gas non-metal|granite|cellars springs cancer homes houses rocks ground radioactive
Francium|metal||labs research uranium france
Radium|metal||watches clinics dials paint uranium glows radioactive
Actinium|metal actinide||clinics cancer labs uranium glows
Thorium|metal actinide|reactors nuclear mantles|lenses fuel lamps black sand god thor radioactive
Protactinium|metal actinide||labs research uranium toxic actinium
Uranium|metal actinide|reactors submarines nuclear pitchblende bombs|glass paint power radioactive planet
Neptunium|metal actinide|detectors reactors|neutron uranium planet
Plutonium|metal actinide|bombs reactors nuclear reactor|probes power uranium
Americium|metal actinide|detectors reactors|smoke gauges alarms america
Curium|metal actinide|rovers reactors|mars probes rocks glows purple marie curie
Berkelium|metal actinide|reactors|labs research california radioactive
Californium|metal actinide|detectors reactors|oil wells gold neutrons california
Einsteinium|metal actinide|reactors|labs research albert einstein bomb
Fermium|metal actinide|reactors|labs research enrico fermi bomb
Mendelevium|metal actinide|accelerators|labs research dmitri mendeleev atom
Nobelium|metal actinide|accelerators|labs research alfred nobel
Lawrencium|metal actinide|accelerators|labs research ernest lawrence actinides
Rutherfordium|metal|accelerators|labs research ernest rutherford
Dubnium|metal|accelerators|labs research russia
Seaborgium|metal|accelerators|labs research glenn seaborg
Bohrium|metal|accelerators|labs research niels bohr
Hassium|metal|accelerators|labs research german
Meitnerium|metal|accelerators|labs research lise meitner
Darmstadtium|metal|accelerators|labs research german
Roentgenium|metal|accelerators|labs research wilhelm roentgen
Copernicium|metal|accelerators|labs research nicolaus copernicus
Nihonium|metal|accelerators|labs research japan
Flerovium|metal|accelerators|labs research lab russia
Moscovium|metal|accelerators|labs research moscow
Livermorium|metal|accelerators|labs research lab california
Tennessine|halogen non-metal|accelerators|labs research tennessee
Oganesson|noble gas non-metal|accelerators|labs research yuri oganessian
`

/** Alternative spellings of element names. */
const SPELLINGS: Record<string, string> = { aluminum: 'aluminium', cesium: 'caesium', sulphur: 'sulfur' }

export interface ElementFacts {
  /** Lower case. */
  name: string
  /** As written: "Sr". */
  symbol: string
  kinds: ReadonlySet<string>
  uses: ReadonlySet<string>
  facts: ReadonlySet<string>
}

/** A word without plural, possessive or case: "firework" and "Fireworks" are equal, "can" and "cans" are not. */
export const stem = (word: string): string => {
  const bare = word.toLowerCase().replace(/'s$/, '')
  return bare.length > 4 && /[^s]s$/.test(bare) ? bare.slice(0, -1) : bare
}

const stems = (words: string): Set<string> => new Set(words.split(' ').filter(Boolean).map(stem))

const ELEMENTS: ReadonlyMap<string, ElementFacts> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [title = '', kinds = '', uses = '', facts = ''] = line.split('|')
      const name = title.toLowerCase()
      const symbol = SYMBOLS.get(title) ?? ''
      return [name, { name, symbol, kinds: stems(kinds), uses: stems(uses), facts: stems(facts) }]
    }),
)

/** All uses and kinds of all elements. */
export const USES: ReadonlySet<string> = new Set([...ELEMENTS.values()].flatMap(({ uses }) => [...uses]))
export const KINDS: ReadonlySet<string> = new Set([...ELEMENTS.values()].flatMap(({ kinds }) => [...kinds]))

/**
 * @param word in any case
 * @returns undefined if the word is not an element's name
 */
export function elementNamed(word: string): ElementFacts | undefined {
  const name = word.toLowerCase().replace(/'s$/, '')
  return ELEMENTS.get(SPELLINGS[name] ?? name)
}
