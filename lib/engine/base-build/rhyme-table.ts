/**
 * Words that rhyme, by family. Every line has one purpose:
 *   so:     adjectives, for "a metal so …"
 *   noun:   nouns, for "that is the …"
 *   tail:   what may follow a comma and says nothing
 *   with:   what may follow a statement without a comma and says nothing
 *   close:  whole last lines
 * Each last word ends in one of the family's rimes as they are written, which the tokenizer keeps whole.
 */
export const RHYME_TABLE = `
ight ite
so: bright, right, slight, tight, polite
noun: sight, light, night, delight, height, knight, flight, might
tail: day and night; out of sight; late at night; if I am right; in plain sight; a fine sight; to our delight; in good light; hold it tight; so they write; in black and white; what a night; left and right; with all its might
with: at night; in the light; day and night; in plain sight; to the left and the right; left and right; out of sight; that are bright; in the middle of the night; when the moon is bright; with delight
close: And that is a wonderful sight; So now we can all say goodnight; And I hope that I told it all right; I think that I told you it right

ay ey
noun: day, way, play, display, bay, ray
tail: so they say; every day; come what may; night and day; on the way; at work and play; and here to stay; hooray; right away; I would say; as of today; all the way; in May; lead the way
with: every day; all day; today; on the way; in the bay; night and day; that we pay; in the month of May; and is here to stay; in the hay; along the way; at the end of the day
close: And that is all I have to say; And so ends the lesson today; So learn it and be on your way; And it will be here every day

ee
so: free, carefree
noun: tree, bee, fee, degree, spree
tail: wild and free; quite for free; we all agree; full of glee; to some degree; I guarantee; up in the tree; good for a spree; like a bee; on a spree
with: by the tree; for free; to a high degree; as we all agree; like a bee; that is free; under a tree
close: Now come and agree, it is free; A thing on which we all agree; And none of it comes with a fee

ow
so: slow, low
noun: show, glow, flow, snow, row, blow
tail: here below; high and low; fast and slow; as all of us know; with a glow; what a show; in the snow; all in a row; row by row; as experts know; now you know; from head to toe and below; even when slow; let it flow
with: here below; high and low; in the snow; that we know; with a glow; in a row; fast and slow; down below; where the wild winds blow; that may glow; as it starts to flow
close: And that is all you need to know; And that is the end of the show; A thing that is useful to know; And that is the way it will flow

ine ign
so: fine, divine, benign
noun: sign, line, design, shrine, vine, mine
tail: rain or shine; by design; that is fine; down the line; in a line; a friend of mine; a good sign; with a shine; on cloud nine; and feels fine; the next in line; from the mine; by the pine; sweet as wine
with: rain or shine; by design; in a line; that shine; that feel fine; under the pine; from a mine; along the line; and will do fine; that are mine
close: And that is a very good sign; And everything turned out just fine; And with it the work will be fine; And now you may read the next line

air are
so: fair, bare
noun: pair, share, flair, affair
tail: if you dare; fair and square; that is fair; I do declare; up the stair; free to share; be aware; handle with care; bright and bare; have a care; so beware; a perfect pair; common or rare
with: with care; that we share; under the stair; in a pair; at the fair; if you dare
close: So handle it always with care; And now you have something to share; And that is beyond all compare; So now you are fully aware

old
so: bold
noun: cold, hold, fold, mold
tail: so I am told; hot or cold; bought and sold; brave and bold; good to hold; in the cold; truth be told; a sight to behold; worth its weight when sold; as was foretold
with: in the cold; that are sold; that we hold; hot or cold; that are bold; out in the cold; that you may hold
close: And that is the story I told; It never will let you go cold; A wonderful thing to behold; And that is the tale to be told

ue ew
so: true, new
noun: view, clue, crew, hue, cue
tail: old and new; it is true; right on cue; a lovely view; that is the clue; quite a few; as they grew; wherever it blew; bright and new; known to be true; out of the blue; like morning dew; the whole crew
with: old and new; that are new; out of the blue; with a view; that is true; as the wind blew; for a few; in a stew; with the crew; that are new
close: And every last word of it is true; So look at the world with that view; And that is a beautiful view; And that is the truth, it is true

ound
so: round, sound, profound
noun: sound, ground, hound, mound, pound
tail: all around; safe and sound; all year round; it is found; on solid ground; with no sound; by the pound; look around; homeward bound; under the ground; on common ground; so I found; round and round; by leaps and bound
with: all around; in the ground; all year round; with no sound; under the ground; safe and sound; that is round; by the pound; where it is found; on firm ground
close: And that is the truth that we found; So look and you see it around; And now all my words come around; And people are glad it was found

all
so: tall, small
noun: ball, call, hall, wall, fall, stall
tail: big and small; large or small; short and tall; if you recall; overall; spring and fall; on the wall; on the ball; at the mall; in the hall
with: in the hall; big and small; on the wall; in the fall; that are small; at the mall; by the wall; that stand tall; in the spring and the fall
close: And that is a fact to recall

ong
so: strong, long
noun: song, gong, throng
tail: all day long; right or wrong; short or long; sing along; all along; nothing wrong; sound and strong; like a song; before long; hear the gong; going strong; where things belong; to this song; among the throng; and not for long
with: all day long; before long; that are strong; in a song; where things belong; short or long; that go wrong; for so long; in the throng; and stay strong
close: And that is the end of my song; I told you and cannot be wrong; So come now and please sing along; And that is the place they belong

ide
so: wide
noun: side, pride, ride, tide, bride, slide
tail: far and wide; side by side; deep inside; with some pride; on our side; nothing to hide; time and tide; worldwide; by the seaside; open wide; go for a ride; full of pride; inside and outside; let it slide; where others hide
with: far and wide; side by side; inside; with pride; on the tide; on the other side; by the seaside; that are wide; where it may hide; deep inside; on a ride
close: And people speak of it with pride; So keep it right there at your side; And now there is nothing to hide; It works on the inside and outside

ame
so: tame, same
noun: name, game, fame, flame, frame
tail: that is its fame; all the same; part of the game; just the same; since it came; who is to blame; by that name; in the frame; true to its name; in the flame; ahead of the game; wild or tame; without shame; what a name
with: all the same; by that name; in a flame; in a frame; as it came; in a game; without shame; with a name; that have fame; wild or tame
close: And now you remember its name; And that is its title to fame; No other is ever the same; And that is the reason it came

ace ase
so: commonplace
noun: place, case, pace, race, grace, base, face, space, vase, lace
tail: every place; face to face; in any case; in its place; out in space; in first place; full of grace; at its own pace; just in case; in the race; right in this place; up to the base; with a smiling face; let it race; no disgrace
with: in its place; in space; in a case; with grace; just in case; in every place; at a slow pace; in a race; at the base; that leave no trace; in any case
close: And that is the end of my case; And now it has found its own place; It always keeps up with the pace; It leaves hardly even a trace

ind
so: kind
noun: mind, find
tail: never mind; so we find; keep in mind; easy to find; of its kind; one of a kind; rest your mind; peace of mind; hard to find; cast behind; strong in mind; of every kind; as you will find
with: that we find; of every kind; left behind; of this kind; that are hard to find; in mind; that we left behind
close: And that is a wonderful find; So keep all of that in your mind; It truly is one of its kind; And that is the answer you find

ain ane
so: plain, sane, humane
noun: train, brain, grain, gain, rain, chain, lane, plane, crane
tail: once again; sun and rain; in the main; short and plain; time and again; in the brain; on a train; down the drain; loss or gain; down the lane; in the rain; link in a chain; like a chain; against the grain
with: in the rain; once again; on a train; down the lane; on a plane; in the main; on a chain; time and again; that are plain; after the rain; in the brain
close: And that was not hard to explain; So keep it all safe in your brain; Now listen, I say it again; And thanks to it all of us gain

eat eet
so: neat, sweet, discreet
noun: treat, beat, feat, heat, seat, street
tail: what a treat; hard to beat; nice and neat; down the street; in the heat; on two feet; trick or treat; cold or heat; take a seat; bitter or sweet; salt and wheat; fresh and neat; as a treat; good to meet
with: in the heat; down the street; on the street; that you meet; that are neat; as a treat; by the seat; in the wheat; that you repeat
close: And truly that is hard to beat; So find yourself now a good seat; And that is a wonderful feat

ear
so: clear, dear, near
noun: year, gear, fear
tail: far and near; loud and clear; year by year; never fear; have no fear; all the year; crystal clear; get in gear; my dear; the coast is clear; in full gear; this and last year; in the year
with: far and near; all the year; year by year; without fear; that are near; every year; in high gear; that are dear; once a year; loud and clear
close: And now it is perfectly clear; And that is what people hold dear; It serves us again every year

est
noun: test, rest, nest, west, chest
tail: east and west; at its best; one of the best; for the rest; and the rest; put to the test; with the best; better than the rest; in its nest; a needed rest; in the west; second best; without rest
with: in the west; at its best; in the nest; with the rest; that are best; in a test; from the east to the west; in a chest; without rest; that we like best
close: And that is the thing it does best; And now you may have a good rest; It passes whatever the test; It stands far above all the rest

ife
so: rife
noun: life, wife, knife, strife
tail: all our life; in daily life; man and wife; fact of life; sharp as a knife; trouble and strife; free of strife; true to life; all through life; with a knife; like real life; in modern life; peace or strife
with: in daily life; in our life; with a knife; all through life; in times of strife; that are sharp as a knife; for life; of his wife; that cut like a knife; in real life
close: And that is a part of our life; As sharp as the edge of a knife; It makes for a comfortable life; And that is the end of all strife

ange
so: strange
noun: range, change, exchange
tail: nothing strange; in its range; through all change; free to change; in full range; small change; that is not strange; open range; hard to change; in exchange; what a change; odd and strange; out of range; for a change
with: for a change; in its range; that are strange; in exchange; in a wide range; that never change; that may seem strange; on the open range; free to change
close: And that is the whole of its range; And nothing about it will change; The world is both lovely and strange; So think of it all as a change

uff ough
so: tough, rough
noun: stuff, bluff, cuff
tail: sure enough; the right stuff; good enough; smooth or rough; that is tough; fair enough; fine stuff; hard enough; more than enough; diamond in the rough; in the rough; strong enough; off the cuff; call the bluff; and that is enough
with: that are tough; in the rough; sure enough; that we cannot have enough; smooth or rough; of the right stuff; on a cuff; that are hard enough; when the sea is rough
close: And that is enough of this stuff; I think I have told you enough; It stays when the going gets rough; And that is the tale, sure enough

and
so: grand, bland
noun: hand, land, band, brand, stand, sand
tail: close at hand; on demand; sea and land; in this land; hand in hand; as you understand; second hand; in the sand; near at hand; take a stand; in the band; so grand; from the land; with a steady hand
with: on demand; in the sand; in every land; close at hand; by hand; in your hand; on the land; that you understand; that we demand; hand in hand; with the band
close: And now you can well understand; And people have come to demand; It works in each city and land; And now you may give me a hand

ate
so: late, ornate
noun: state, date, fate, rate, plate, gate, debate
tail: soon or late; on this date; on a plate; first rate; at any rate; up to date; state by state; by the gate; open the gate; a twist of fate; never late; that is its fate; as I state; in every state; no debate
with: on a plate; at the gate; up to date; at any rate; that arrive late; in every state; by the gate; of late; that we date; soon or late
close: So learn it before it is late; And that is a truth I can state; It works at a wonderful rate; And now you may close up the gate

ell
so: well, swell
noun: bell, shell, spell, smell, well
tail: very well; truth to tell; clear as a bell; all is well; hard to tell; by its smell; time will tell; as you can tell; in its shell; ring the bell; for a spell; so they tell; that bodes well; all very well
with: very well; in a shell; in the well; like a bell; by the smell; that you can tell; that serve us well; as the stories tell; that fell; for a spell
close: And that is the tale that I tell; And so we all bid you farewell; I hope that you learned it all well; And there it is doing quite well

ake
so: awake
noun: lake, cake, shake, stake, rake
tail: make no mistake; for goodness sake; wide awake; piece of cake; give and take; by the lake; for our sake; let it bake; at stake; ready to bake; rattle and shake; for all our sake
with: by the lake; in the lake; that we make; by mistake; that you bake; in a cake; that we take; wide awake; for our sake
close: And that is no little mistake; Now let us go eat some more cake; A note that is easy to make; And so ends the tour by the lake
`
