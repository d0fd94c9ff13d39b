/**
 * The 118 elements in the order of their numbers: name|symbol|category|state|colour|places|purposes|traits|source|finder,
 * year. Common knowledge, in our own words. A verse says "it is in" a place, "it is used for" a purpose; a trait follows
 * "it". `unknown` is what nobody has seen; `-` stands for the finder of what has always been known.
 */
export const ELEMENT_TABLE = `
Hydrogen|H|non-metal|gas|colorless|water,stars,rockets,acids|powering rockets,making ammonia|is the lightest element of all,burns with a pale flame|water and the sun|Henry Cavendish,1766
Helium|He|noble gas|gas|colorless|balloons,space,airships,lasers|lifting balloons,cooling magnets|is lighter than air,reacts with nothing at all|natural gas wells|Pierre Janssen,1868
Lithium|Li|alkali metal|solid|silvery|batteries,phones,grease,ceramics|storing power,calming moods|is the lightest metal,is soft enough to cut with a knife|salt flats and brine|Johan Arfwedson,1817
Beryllium|Be|alkaline earth metal|solid|gray|emeralds,telescopes,springs,satellites|stiff alloys,X-ray windows|is light and very stiff,is toxic to breathe|a mineral called beryl|Louis Vauquelin,1798
Boron|B|metalloid|solid|brown|borax,glass,soap,phones|heat-proof glass,washing powder|is very hard,gives a green flame|dry lake beds|Humphry Davy,1808
Carbon|C|non-metal|solid|black|diamonds,pencils,coal,steel|writing and drawing,making steel|is the basis of life,forms diamond and graphite|all living things|-
Nitrogen|N|non-metal|gas|colorless|air,fertilizer,proteins,airbags|feeding plants,freezing food|makes up most of the air,hardly reacts at room temperature|the air|Daniel Rutherford,1772
Oxygen|O|non-metal|gas|colorless|air,water,lungs,fire|breathing,welding|keeps us alive,makes every fire burn|the air and green plants|Joseph Priestley,1774
Fluorine|F|halogen|gas|pale yellow|toothpaste,pans,fridges,medicine|strong teeth,non-stick pans|is the most reactive element,attacks almost everything|a mineral called fluorite|Henri Moissan,1886
Neon|Ne|noble gas|gas|colorless|signs,lasers,lamps,advertising|glowing signs,lasers|glows red in a tube,reacts with nothing at all|the air|William Ramsay,1898
Sodium|Na|alkali metal|solid|silvery|salt,soap,oceans,street lamps|salting food,yellow street lamps|fizzes in water,is soft enough to cut with a knife|sea salt|Humphry Davy,1807
Magnesium|Mg|alkaline earth metal|solid|silvery|flares,leaves,fireworks,wheels|light alloys,bright flares|burns with a bright white light,helps leaves catch the sun|sea water|Joseph Black,1755
Aluminium|Al|metal|solid|silvery|cans,foil,planes,windows|cans and foil,building planes|is light and does not rust,is the most common metal in the crust|an ore called bauxite|Hans Oersted,1825
Silicon|Si|metalloid|solid|gray|chips,sand,glass,solar cells|computer chips,solar power|conducts electricity a little,makes up almost half of all sand|sand and quartz|Jacob Berzelius,1824
Phosphorus|P|non-metal|solid|white or red|matches,bones,fertilizer,cells|feeding plants,lighting matches|glows in the dark,is part of every living cell|phosphate rock|Hennig Brand,1669
Sulfur|S|non-metal|solid|yellow|matches,rubber,gunpowder,volcanoes|making acid,hardening rubber|smells bad when it burns,burns with a blue flame|volcanoes|-
Chlorine|Cl|halogen|gas|green|pools,bleach,plastic,salt|cleaning water,making plastic|has a sharp smell,kills germs in water|sea salt|Carl Scheele,1774
Argon|Ar|noble gas|gas|colorless|air,light bulbs,welding,windows|welding,filling light bulbs|is one percent of the air,reacts with nothing at all|the air|Lord Rayleigh,1894
Potassium|K|alkali metal|solid|silvery|bananas,fertilizer,soap,nerves|feeding plants,making soap|burns with a lilac flame,helps our nerves and our heart|wood ash and potash|Humphry Davy,1807
Calcium|Ca|alkaline earth metal|solid|silvery|bones,milk,chalk,cement|strong bones,making cement|makes bones and teeth hard,burns with an orange flame|limestone and chalk|Humphry Davy,1808
Scandium|Sc|transition metal|solid|silvery|bicycles,stadium lamps,bats,alloys|light alloys,bright lamps|is light and rare,makes alloys strong|rare minerals of the north|Lars Nilson,1879
Titanium|Ti|transition metal|solid|silvery|planes,paint,implants,bones|building planes,white paint|is as strong as steel but lighter,never rusts|beach sand|William Gregor,1791
Vanadium|V|transition metal|solid|silvery|tools,springs,engines,steel|hard steel,strong springs|makes steel tough,forms salts of many colors|iron ores|Andres del Rio,1801
Chromium|Cr|transition metal|solid|silvery|rubies,bumpers,cutlery,steel|shiny plating,stainless steel|resists rust,gives rubies their red color|an ore called chromite|Louis Vauquelin,1797
Manganese|Mn|transition metal|solid|gray|steel,batteries,rails,magnets|tough steel,batteries|is hard and brittle,lies in lumps on the sea floor|the sea floor|Johan Gahn,1774
Iron|Fe|transition metal|solid|gray|blood,buildings,cars,bridges|making steel,building bridges|is strong and magnetic,rusts in wet air|red ores|-
Cobalt|Co|transition metal|solid|gray|magnets,batteries,glass,jet engines|blue glass,strong magnets|gives glass a deep blue color,is magnetic|copper and nickel ores|Georg Brandt,1735
Nickel|Ni|transition metal|solid|silvery|coins,batteries,guitar strings,steel|making coins,stainless steel|is magnetic,does not rust easily|meteorites and ores|Axel Cronstedt,1751
Copper|Cu|transition metal|solid|red-brown|wires,pipes,coins,bronze|electric wires,water pipes|conducts electricity very well,turns green in the rain|green and blue ores|-
Zinc|Zn|transition metal|solid|bluish gray|brass,batteries,sunscreen,roofs|coating steel,making brass|protects steel from rust,helps our body heal|an ore called sphalerite|Andreas Marggraf,1746
Gallium|Ga|metal|solid|silvery|semiconductors,lasers,chips,LEDs|LEDs,fast chips|melts in a warm hand,is liquid on a hot day|aluminium ores|Paul Lecoq,1875
Germanium|Ge|metalloid|solid|gray|lenses,transistors,cameras,cables|infrared lenses,optical cables|lets infrared light pass,was predicted before it was found|zinc ores|Clemens Winkler,1886
Arsenic|As|metalloid|solid|gray|poison,chips,old paint,wood|fast chips,protecting wood|is a famous poison,turns to vapor without melting|copper ores|Albertus Magnus,1250
Selenium|Se|non-metal|solid|gray or red|nuts,shampoo,glass,copiers|red glass,copy machines|conducts better in the light,is needed in tiny amounts|copper ores|Jacob Berzelius,1817
Bromine|Br|halogen|liquid|red-brown|sea water,medicine,furniture,film|slowing fires,making medicine|is a liquid with a strong smell,gives off a brown vapor|salt lakes|Antoine Balard,1826
Krypton|Kr|noble gas|gas|colorless|flash lamps,windows,lasers,runway lights|flash lamps,runway lights|glows white in a tube,hides in the air|the air|William Ramsay,1898
Rubidium|Rb|alkali metal|solid|silvery|atomic clocks,fireworks,sensors|keeping time,purple fireworks|catches fire in air,melts on a hot day|lithium ores|Robert Bunsen,1861
Strontium|Sr|alkaline earth metal|solid|silvery|fireworks,flares,magnets,toothpaste|red fireworks,signal flares|burns with a red flame,is named after a village in Scotland|a mineral called celestine|Adair Crawford,1790
Yttrium|Y|transition metal|solid|silvery|screens,lasers,LEDs,radar|red screens,lasers|is named after a village in Sweden,is found with the rare earths|rare earth ores|Johan Gadolin,1794
Zirconium|Zr|transition metal|solid|gray|reactors,gems,knives,ceramics|nuclear reactors,ceramic knives|resists heat and acid,makes a gem like diamond|a mineral called zircon|Martin Klaproth,1789
Niobium|Nb|transition metal|solid|gray|magnets,scanners,rockets,steel|strong magnets,strong steel|becomes a superconductor in the cold,is named after a sad princess|ores from Brazil|Charles Hatchett,1801
Molybdenum|Mo|transition metal|solid|gray|drills,engines,grease,steel|hard steel,slippery grease|melts only in extreme heat,makes steel hard|a soft black ore|Peter Hjelm,1781
Technetium|Tc|transition metal|solid|silvery|hospitals,scans,stars|medical scans|was the first element made by people,is radioactive|reactors|Emilio Segre,1937
Ruthenium|Ru|transition metal|solid|silvery|contacts,hard disks,pens|electric contacts,hard disks|is rare and hard,is named after Russia|platinum ores|Karl Klaus,1844
Rhodium|Rh|transition metal|solid|silvery|car exhausts,mirrors,jewelry|cleaning exhaust,shiny plating|is one of the rarest metals,forms rose-colored salts|platinum ores|William Wollaston,1804
Palladium|Pd|transition metal|solid|silvery|car exhausts,watches,crowns,jewelry|cleaning exhaust,white gold|soaks up a lot of hydrogen,is named after an asteroid|nickel ores|William Wollaston,1802
Silver|Ag|transition metal|solid|silvery|jewelry,coins,mirrors,spoons|making jewelry,shiny mirrors|conducts electricity best of all,turns black in old air|mines in Mexico|-
Cadmium|Cd|transition metal|solid|bluish white|batteries,yellow paint,solar cells|batteries,yellow paint|is soft and toxic,gives paint a warm yellow|zinc ores|Friedrich Stromeyer,1817
Indium|In|metal|solid|silvery|touch screens,solder,solar cells|touch screens,soft solder|squeaks when it is bent,is named after an indigo line|zinc ores|Ferdinand Reich,1863
Tin|Sn|metal|solid|silvery|cans,solder,bronze,organ pipes|coating cans,soft solder|is soft and does not rust,crackles when it is bent|river gravel|-
Antimony|Sb|metalloid|solid|gray|batteries,matches,makeup,curtains|slowing fires,hard lead|is shiny and brittle,was makeup in old Egypt|an ore called stibnite|-
Tellurium|Te|metalloid|solid|silvery|solar panels,discs,rubber|solar panels,cooling chips|is rarer than gold,makes your breath smell of garlic|gold ores|Franz Muller,1782
Iodine|I|halogen|solid|violet|seaweed,salt,medicine,wounds|cleaning wounds,healthy glands|forms a violet vapor,is needed by the thyroid|seaweed and brine|Bernard Courtois,1811
Xenon|Xe|noble gas|gas|colorless|headlights,ion engines,cinemas,flash lamps|bright headlights,ion engines|is a heavy gas,glows blue in a tube|the air|William Ramsay,1898
Caesium|Cs|alkali metal|solid|pale gold|atomic clocks,drills,sensors|keeping exact time,deep drilling|explodes in water,melts on a warm day|a mineral from Canada|Robert Bunsen,1860
Barium|Ba|alkaline earth metal|solid|silvery|fireworks,X-rays,spark plugs,tiles|green fireworks,X-ray pictures|burns with a green flame,makes heavy minerals|a heavy mineral called barite|Humphry Davy,1808
Lanthanum|La|lanthanide|solid|silvery|lenses,hybrid cars,film lamps|camera lenses,hybrid cars|is soft and tarnishes fast,gives its name to a whole row|rare earth ores|Carl Mosander,1839
Cerium|Ce|lanthanide|solid|gray|lighters,ovens,lenses,flints|lighter flints,polishing glass|makes sparks when it is scratched,is the most common rare earth|rare earth ores|Jacob Berzelius,1803
Praseodymium|Pr|lanthanide|solid|silvery|goggles,magnets,yellow glass|welding goggles,yellow glass|forms green salts,is soft and silvery|rare earth ores|Carl Auer,1885
Neodymium|Nd|lanthanide|solid|silvery|headphones,motors,wind turbines,magnets|strong magnets,small motors|makes the strongest magnets,gives glass a purple color|rare earth ores|Carl Auer,1885
Promethium|Pm|lanthanide|solid|silvery|space batteries,gauges|space batteries|is radioactive,glows in the dark|reactors|Jacob Marinsky,1945
Samarium|Sm|lanthanide|solid|silvery|guitars,magnets,headphones|magnets,treating cancer|keeps its magnetism in the heat,is named after a mine officer|rare earth ores|Paul Lecoq,1879
Europium|Eu|lanthanide|solid|silvery|banknotes,screens,lamps|safe banknotes,red screens|glows red under light,is named after Europe|rare earth ores|Eugene Demarcay,1901
Gadolinium|Gd|lanthanide|solid|silvery|scans,reactors,discs|clear scans,reactors|is magnetic when it is cool,catches neutrons|rare earth ores|Jean Marignac,1880
Terbium|Tb|lanthanide|solid|silvery|green lamps,sonar,screens|green lamps,sonar|glows green under light,is named after a village in Sweden|rare earth ores|Carl Mosander,1843
Dysprosium|Dy|lanthanide|solid|silvery|motors,magnets,wind turbines|hot magnets,motors|is hard to get,keeps magnets strong in the heat|rare earth ores|Paul Lecoq,1886
Holmium|Ho|lanthanide|solid|silvery|lasers,magnets,surgery|surgery lasers|is named after Stockholm,is very magnetic|rare earth ores|Per Cleve,1878
Erbium|Er|lanthanide|solid|silvery|fiber cables,lasers,pink glass|fiber cables,pink glass|gives glass a pink color,boosts light in cables|rare earth ores|Carl Mosander,1843
Thulium|Tm|lanthanide|solid|silvery|lasers,small X-rays|small X-ray machines|is named after the far north,is the rarest of the stable rare earths|rare earth ores|Per Cleve,1879
Ytterbium|Yb|lanthanide|solid|silvery|atomic clocks,lasers,steel|exact clocks,lasers|is soft and silvery,is named after a village in Sweden|rare earth ores|Jean Marignac,1878
Lutetium|Lu|lanthanide|solid|silvery|scanners,refineries|body scanners|is the hardest lanthanide,is named after Paris|rare earth ores|Georges Urbain,1907
Hafnium|Hf|transition metal|solid|gray|reactors,chips,rockets|control rods,tiny chips|catches neutrons,is named after Copenhagen|zirconium ores|Dirk Coster,1923
Tantalum|Ta|transition metal|solid|bluish gray|phones,implants,laptops|small capacitors,implants|resists almost every acid,is named after a thirsty king|an ore called coltan|Anders Ekeberg,1802
Tungsten|W|transition metal|solid|gray|light bulbs,drills,darts,armor|drill tips,lamp wires|has the highest melting point of all metals,is very hard and heavy|an ore called wolframite|the Elhuyar brothers,1783
Rhenium|Re|transition metal|solid|silvery|jet engines,ovens,fuel plants|jet engines|stands extreme heat,is named after the river Rhine|copper ores|Walter Noddack,1925
Osmium|Os|transition metal|solid|bluish|pens,needles,fingerprints|hard pen tips|is the densest element of all,smells sharp as an oxide|platinum ores|Smithson Tennant,1803
Iridium|Ir|transition metal|solid|silvery|spark plugs,pens,meteorites|spark plugs|hardly ever corrodes,marks the end of the dinosaurs|meteorites|Smithson Tennant,1803
Platinum|Pt|transition metal|solid|silvery|jewelry,car exhausts,labs,medicine|fine jewelry,cleaning exhaust|is heavy and very rare,does not rust or tarnish|river sand and ores|Antonio de Ulloa,1748
Gold|Au|transition metal|solid|yellow|rings,coins,chips,crowns|making jewelry,electric contacts|never rusts,can be beaten very thin|rivers and rocks|-
Mercury|Hg|transition metal|liquid|silvery|thermometers,lamps,batteries,switches|old thermometers,lamps|is the only metal that is liquid in a cool room,is heavy and toxic|a red ore called cinnabar|-
Thallium|Tl|metal|solid|gray|lenses,detectors,old rat poison|infrared lenses|is soft and very poisonous,gives a bright green line|zinc ores|William Crookes,1861
Lead|Pb|metal|solid|gray|batteries,shields,old pipes,weights|car batteries,X-ray shields|is heavy and soft,is toxic to the brain|an ore called galena|-
Bismuth|Bi|metal|solid|pinkish|medicine,makeup,crystals,sprinklers|stomach medicine,fire sprinklers|grows crystals like little stairs,is the least toxic of the heavy metals|lead ores|Claude Geoffroy,1753
Polonium|Po|metalloid|solid|silvery|brushes,satellites|removing static|is very radioactive,is named after Poland|uranium ores|Marie Curie,1898
Astatine|At|halogen|solid|unknown|labs,medicine|cancer research|is the rarest natural element,vanishes within hours|uranium ores|Dale Corson,1940
Radon|Rn|noble gas|gas|colorless|cellars,rocks,hot springs|treating cancer|seeps out of the ground,is a radioactive gas|granite rocks|Friedrich Dorn,1900
Francium|Fr|alkali metal|solid|unknown|labs,research|research|vanishes within minutes,is named after France|uranium ores|Marguerite Perey,1939
Radium|Ra|alkaline earth metal|solid|white|old watches,clinics,dials|glowing dials|glows in the dark,is very radioactive|uranium ores|Marie Curie,1898
Actinium|Ac|actinide|solid|silvery|labs,clinics|treating cancer|glows blue in the dark,gives its name to a whole row|uranium ores|Andre Debierne,1899
Thorium|Th|actinide|solid|silvery|lamp mantles,reactors,lenses|nuclear fuel,lamp mantles|is named after the god Thor,is slightly radioactive|black sand|Jacob Berzelius,1829
Protactinium|Pa|actinide|solid|silvery|labs,research|research|is rare and toxic,turns into actinium|uranium ores|Lise Meitner,1917
Uranium|U|actinide|solid|silvery|reactors,submarines,power plants,old glass|nuclear power,submarines|is heavy and radioactive,is named after a planet|an ore called pitchblende|Martin Klaproth,1789
Neptunium|Np|actinide|solid|silvery|detectors,reactors|neutron detectors|comes after uranium,is named after a planet|reactors|Edwin McMillan,1940
Plutonium|Pu|actinide|solid|silvery|space probes,bombs,reactors|space probes,nuclear power|is made from uranium,keeps itself warm|reactors|Glenn Seaborg,1940
Americium|Am|actinide|solid|silvery|smoke detectors,gauges|smoke detectors|is made in reactors,is named after America|reactors|Glenn Seaborg,1944
Curium|Cm|actinide|solid|silvery|Mars rovers,space probes|testing rocks on Mars|glows purple in the dark,is named after Marie Curie|reactors|Glenn Seaborg,1944
Berkelium|Bk|actinide|solid|silvery|labs,research|making new elements|is named after a town in California,is radioactive|reactors|Stanley Thompson,1949
Californium|Cf|actinide|solid|silvery|oil wells,gold detectors|starting reactors|sends out many neutrons,is named after California|reactors|Stanley Thompson,1950
Einsteinium|Es|actinide|solid|silvery|labs,research|research|is named after Albert Einstein,was found after a bomb test|reactors|Albert Ghiorso,1952
Fermium|Fm|actinide|solid|unknown|labs,research|research|is named after Enrico Fermi,was found after a bomb test|reactors|Albert Ghiorso,1952
Mendelevium|Md|actinide|solid|unknown|labs,research|research|is named after Dmitri Mendeleev,was made one atom at a time|accelerators|Albert Ghiorso,1955
Nobelium|No|actinide|solid|unknown|labs,research|research|is named after Alfred Nobel,lives for an hour at most|accelerators|Georgy Flerov,1966
Lawrencium|Lr|actinide|solid|unknown|labs,research|research|is named after Ernest Lawrence,ends the row of actinides|accelerators|Albert Ghiorso,1961
Rutherfordium|Rf|transition metal|unknown|unknown|labs,research|research|is named after Ernest Rutherford,vanishes within hours|accelerators|Albert Ghiorso,1969
Dubnium|Db|transition metal|unknown|unknown|labs,research|research|is named after a town in Russia,vanishes within days|accelerators|Albert Ghiorso,1970
Seaborgium|Sg|transition metal|unknown|unknown|labs,research|research|is named after Glenn Seaborg,vanishes within minutes|accelerators|Albert Ghiorso,1974
Bohrium|Bh|transition metal|unknown|unknown|labs,research|research|is named after Niels Bohr,vanishes within minutes|accelerators|Peter Armbruster,1981
Hassium|Hs|transition metal|unknown|unknown|labs,research|research|is named after a German state,vanishes within seconds|accelerators|Peter Armbruster,1984
Meitnerium|Mt|transition metal|unknown|unknown|labs,research|research|is named after Lise Meitner,vanishes within seconds|accelerators|Peter Armbruster,1982
Darmstadtium|Ds|transition metal|unknown|unknown|labs,research|research|is named after a German town,vanishes within seconds|accelerators|Sigurd Hofmann,1994
Roentgenium|Rg|transition metal|unknown|unknown|labs,research|research|is named after Wilhelm Roentgen,vanishes within minutes|accelerators|Sigurd Hofmann,1994
Copernicium|Cn|transition metal|unknown|unknown|labs,research|research|is named after Nicolaus Copernicus,vanishes within seconds|accelerators|Sigurd Hofmann,1996
Nihonium|Nh|metal|unknown|unknown|labs,research|research|is named after Japan,vanishes within seconds|accelerators|Kosuke Morita,2004
Flerovium|Fl|metal|unknown|unknown|labs,research|research|is named after a lab in Russia,vanishes within seconds|accelerators|Yuri Oganessian,1999
Moscovium|Mc|metal|unknown|unknown|labs,research|research|is named after Moscow,vanishes within a second|accelerators|Yuri Oganessian,2003
Livermorium|Lv|metal|unknown|unknown|labs,research|research|is named after a lab in California,vanishes within a second|accelerators|Yuri Oganessian,2000
Tennessine|Ts|halogen|unknown|unknown|labs,research|research|is named after Tennessee,vanishes within a second|accelerators|Yuri Oganessian,2010
Oganesson|Og|noble gas|unknown|unknown|labs,research|research|is named after Yuri Oganessian,is the last element of all|accelerators|Yuri Oganessian,2002
`

/**
 * Elements by their share of the Earth's crust, the most common first; those in one group have the same share.
 * Source of the shares: CRC Handbook of Chemistry and Physics, section 14, "Abundance of Elements in the Earth's Crust".
 */
export const CRUST =
  'O Si Al Fe Ca Na Mg K Ti H P Mn F Ba Sr S C Zr Cl V Cr Rb Ni Zn Ce Cu Nd La Y Co Sc Li=Nb N=Ga Pb B Th Pr Sm Gd Dy Ar=Er Yb Hf=Cs Be U Br Sn Ta=Eu As Ge Ho W Mo=Tb Tl Lu Tm I In Sb Cd Hg Ag Se Pd Bi He Ne=Pt Au Os Ir=Rh=Ru=Te Re Kr Xe Pa Ra Ac Po Rn'
